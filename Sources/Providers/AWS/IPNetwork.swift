/// A block of IPv4 or IPv6 addresses in the one form that AWS shows: host bits cleared, IPv6
/// compressed as in RFC 5952.
struct IPNetwork: CustomStringConvertible {
    private let bytes: [UInt8]
    private let prefixLength: Int

    /// Reads `10.1.2.3/8`, `2001:db8::/32`; an address alone is a block of one.
    init?(_ text: String) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count <= 2, let first = parts.first else { return nil }
        let address = String(first)
        guard let bytes = address.contains(":") ? Self.ipv6(address) : Self.ipv4(address),
            let length = parts.count == 2 ? Int(parts[1]) : bytes.count * 8,
            (0...bytes.count * 8).contains(length)
        else { return nil }
        prefixLength = length
        self.bytes = bytes.enumerated().map { index, byte in
            let kept = min(max(length - index * 8, 0), 8)
            return byte & UInt8(truncatingIfNeeded: 0xFF00 >> kept)
        }
    }

    var isIPv6: Bool { bytes.count == 16 }

    var description: String {
        let address =
            isIPv6 ? compressed : bytes.map { String($0) }.joined(separator: ".")
        return "\(address)/\(prefixLength)"
    }

    private static func ipv4(_ text: String) -> [UInt8]? {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        let bytes = parts.compactMap { UInt8($0) }
        return parts.count == 4 && bytes.count == 4 ? bytes : nil
    }

    private static func ipv6(_ text: String) -> [UInt8]? {
        guard let gap = text.firstRange(of: "::") else {
            let bytes = groups(text)
            return bytes?.count == 16 ? bytes : nil
        }
        guard let head = groups(String(text[..<gap.lowerBound])),
            let tail = groups(String(text[gap.upperBound...])), head.count + tail.count <= 14
        else { return nil }
        return head + Array(repeating: 0, count: 16 - head.count - tail.count) + tail
    }

    /// The bytes of `2001:db8`, also of one that ends in an IPv4 address.
    private static func groups(_ text: String) -> [UInt8]? {
        if text.isEmpty { return [] }
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        var bytes: [UInt8] = []
        for (index, part) in parts.enumerated() {
            if part.contains(".") {
                guard index == parts.count - 1, let last = ipv4(String(part)) else { return nil }
                bytes += last
            } else {
                guard part.count <= 4, let group = UInt16(part, radix: 16) else { return nil }
                bytes += [UInt8(group >> 8), UInt8(group & 0xFF)]
            }
        }
        return bytes
    }

    private var compressed: String {
        let groups = stride(from: 0, to: 16, by: 2).map {
            UInt16(bytes[$0]) << 8 | UInt16(bytes[$0 + 1])
        }
        var longest = 0..<0
        var start = 0
        while start < groups.count {
            let end = groups[start...].firstIndex { $0 != 0 } ?? groups.count
            if end - start > longest.count { longest = start..<end }
            start = end + 1
        }
        let written = groups.map { String($0, radix: 16) }
        guard longest.count > 1 else { return written.joined(separator: ":") }
        return written[..<longest.lowerBound].joined(separator: ":") + "::"
            + written[longest.upperBound...].joined(separator: ":")
    }
}
