import Foundation

/// Addresses and ports, as configurations and firewall rules name them.
extension PVEFormat {
    static func isIPv4(_ text: String) -> Bool {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        return parts.count == 4
            && parts.allSatisfy { $0.allSatisfy(\.isNumber) && UInt8($0) != nil && $0.count <= 3 }
    }

    static func isIPv6(_ text: String) -> Bool {
        let halves = text.components(separatedBy: "::")
        guard text.contains(":"), halves.count <= 2 else { return false }
        let groups = halves.flatMap { $0.isEmpty ? [] : $0.components(separatedBy: ":") }
        return groups.allSatisfy { $0.matchesWhole("[0-9a-fA-F]{1,4}") }
            && (halves.count == 2 ? groups.count < 8 : groups.count == 8)
    }

    static func isAddress(_ text: String) -> Bool { isIPv4(text) || isIPv6(text) }

    /// `10.0.0.5/24`: the prefix length has to be there.
    static func isNetwork(_ text: String, bits: Int) -> Bool {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 2, let length = Int(parts[1]), (1...bits).contains(length) else {
            return false
        }
        return bits == 32 ? isIPv4(parts[0]) : isIPv6(parts[0])
    }

    static func isNetworkOrAddress(_ text: String) -> Bool {
        isAddress(text) || isNetwork(text, bits: 32) || isNetwork(text, bits: 128)
    }

    /// The whole of a family, which a rule may name and a configuration may not.
    private static func isEverywhere(_ text: some StringProtocol) -> Bool {
        text.hasSuffix("/0") && isAddress(String(text.dropLast(2)))
    }

    /// `80`, `80,443`, `8000:8100` or names of services.
    static func portError(_ value: String) -> String? {
        for range in value.split(separator: ",") {
            let ends = range.split(separator: ":", omittingEmptySubsequences: false)
            guard ends.count <= 2 else { return "invalid port range '\(range)'" }
            for end in ends {
                let isPort = Int(end).map { (0...65535).contains($0) }
                let isName = String(end).matchesWhole("[a-zA-Z][\\w-]*")
                guard isPort ?? isName else { return "invalid port '\(end)'" }
            }
        }
        return nil
    }

    /// Addresses of one family, ranges, sets (`+lan`, `+dc/lan`) and aliases.
    static func addressError(_ value: String) -> String? {
        if value.matchesWhole("\\+?(?:dc/|guest/)?[A-Za-z][A-Za-z0-9\\-_]+") { return nil }
        var families: Set<Bool> = []
        for element in value.split(separator: ",") {
            for end in element.split(separator: "-") {
                guard isNetworkOrAddress(String(end)) || isEverywhere(end) else {
                    return "invalid IP address: \(element)"
                }
                families.insert(end.contains(":"))
            }
        }
        return families.count > 1
            ? "detected mixed ipv4/ipv6 addresses in address list '\(value)'" : nil
    }
}
