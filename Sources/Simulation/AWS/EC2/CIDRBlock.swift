import Foundation

/// A block of addresses, its host bits cleared as AWS stores it.
struct CIDRBlock: Hashable {
    /// `10.0.0.0/8`, `2001:db8::/32`
    let text: String

    /// - Returns: `nil` when the text is no block of that family.
    init?(_ text: String, family: Int32) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        var bytes = [UInt8](repeating: 0, count: family == AF_INET ? 4 : 16)
        guard parts.count == 2, let length = Int(parts[1]), (0...bytes.count * 8).contains(length),
            inet_pton(family, String(parts[0]), &bytes) == 1
        else { return nil }
        for index in bytes.indices {
            let kept = min(8, max(0, length - index * 8))
            bytes[index] &= UInt8(truncatingIfNeeded: 0xFF00 >> kept)
        }
        var written = [CChar](repeating: 0, count: Int(INET6_ADDRSTRLEN))
        guard inet_ntop(family, bytes, &written, socklen_t(written.count)) != nil else {
            return nil
        }
        let address = written.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
        self.text = String(decoding: address, as: UTF8.self) + "/\(length)"
    }
}
