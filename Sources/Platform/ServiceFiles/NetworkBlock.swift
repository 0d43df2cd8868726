#if canImport(Glibc)
    import Glibc
#endif

/// An IPv4 or IPv6 network in CIDR notation.
struct NetworkBlock: Hashable {
    /// The one way to write it: no host bits, IPv6 as RFC 5952 has it.
    let canonical: String

    /// - Returns: `nil` when the text is not `address/prefix`.
    init?(_ text: String) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 2, (1...3).contains(parts[1].count),
            parts[1].allSatisfy(\.isASCIIDigit), let prefix = Int(parts[1])
        else { return nil }
        let family = parts[0].contains(":") ? AF_INET6 : AF_INET
        guard var bytes = Self.bytes(of: String(parts[0]), family),
            prefix <= bytes.count * 8
        else { return nil }
        for index in bytes.indices {
            let kept = min(8, max(0, prefix - index * 8))
            bytes[index] &= ~(UInt8(truncatingIfNeeded: 0xFF >> kept))
        }
        canonical = "\(Self.text(of: bytes, family))/\(prefix)"
    }

    /// What was probably meant by an address without a prefix.
    static func suggestion(for text: String) -> String? {
        NetworkBlock("\(text)/\(text.contains(":") ? 128 : 32)")?.canonical
    }

    private static func bytes(of address: String, _ family: Int32) -> [UInt8]? {
        var bytes = [UInt8](repeating: 0, count: family == AF_INET ? 4 : 16)
        return inet_pton(family, address, &bytes) == 1 ? bytes : nil
    }

    private static func text(of bytes: [UInt8], _ family: Int32) -> String {
        var text = [CChar](repeating: 0, count: Int(INET6_ADDRSTRLEN))
        inet_ntop(family, bytes, &text, socklen_t(text.count))
        return String(decoding: text.prefix { $0 != 0 }.map(UInt8.init), as: UTF8.self)
    }
}
