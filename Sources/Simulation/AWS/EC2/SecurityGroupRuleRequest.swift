import Foundation

/// The rules that an Authorize or Revoke request lists.
struct SecurityGroupRuleRequest {
    struct Entry: Hashable {
        let transport: SecurityGroupRule.Transport
        let peer: SecurityGroupRule.Peer
        let description: String?
    }

    let entries: [Entry]

    /// Reads `IpPermissions.N`, or a single rule given by `IpProtocol`, `FromPort`, `ToPort`
    /// and `CidrIp`.
    /// - Throws: `AWSError`
    init(_ parameters: QueryParameters) throws {
        var entries: [Entry] = []
        for permission in parameters.structures("IpPermissions") {
            let transport = try Self.transport(permission)
            let peers = try Self.peers(permission)
            guard !peers.isEmpty else { throw AWSError.missing("IpPermissions.N.IpRanges") }
            entries += peers.map {
                Entry(transport: transport, peer: $0.peer, description: $0.description)
            }
        }
        if let cidr = parameters.string("CidrIp") {
            let peer = SecurityGroupRule.Peer.ipv4(try Self.block(cidr, AF_INET))
            entries.append(
                Entry(transport: try Self.transport(parameters), peer: peer, description: nil))
        }
        self.entries = entries
    }

    private static func transport(
        _ parameters: QueryParameters
    ) throws -> SecurityGroupRule.Transport {
        let given = try parameters.required("IpProtocol")
        let names = ["6": "tcp", "17": "udp", "1": "icmp", "58": "icmpv6"]
        let name = names[given] ?? given.lowercased()
        let bounds = name.hasPrefix("icmp") ? -1...255 : -1...65_535
        let from = try parameters.integer("FromPort", in: bounds)
        let to = try parameters.integer("ToPort", in: bounds)
        switch name {
        case "-1": return .all
        case "tcp", "udp":
            guard let from, let to, from >= 0, from <= to else {
                throw AWSError.invalid(
                    "\(from ?? -1)-\(to ?? -1)", for: "port range", "From must not exceed to.")
            }
            return SecurityGroupRule.Transport(name: name, from: from, to: to)
        case "icmp", "icmpv6":
            return SecurityGroupRule.Transport(name: name, from: from ?? -1, to: to ?? -1)
        default:
            guard let number = Int(name), (0...255).contains(number) else {
                throw AWSError.invalid(given, for: "IpProtocol", "Unknown protocol.")
            }
            return SecurityGroupRule.Transport(name: name, from: nil, to: nil)
        }
    }

    private static func peers(
        _ permission: QueryParameters
    ) throws -> [(peer: SecurityGroupRule.Peer, description: String?)] {
        var peers: [(peer: SecurityGroupRule.Peer, description: String?)] = []
        for range in permission.structures("IpRanges") {
            let cidr = try block(try range.required("CidrIp"), AF_INET)
            peers.append((.ipv4(cidr), try description(range)))
        }
        for range in permission.structures("Ipv6Ranges") {
            let cidr = try block(try range.required("CidrIpv6"), AF_INET6)
            peers.append((.ipv6(cidr), try description(range)))
        }
        for group in permission.structures("Groups") {
            _ = group.string("UserId")
            peers.append((.group(try group.required("GroupId")), try description(group)))
        }
        for list in permission.structures("PrefixListIds") {
            peers.append((.prefixList(try list.required("PrefixListId")), try description(list)))
        }
        return peers
    }

    private static func block(_ text: String, _ family: Int32) throws -> String {
        guard let block = CIDRBlock(text, family: family) else {
            throw AWSError(
                "InvalidParameterValue", "CIDR block \(text) is malformed")
        }
        return block.text
    }

    private static func description(_ parameters: QueryParameters) throws -> String? {
        guard let text = parameters.string("Description") else { return nil }
        guard text.count <= 255, text.unicodeScalars.allSatisfy({ allowed.contains($0) }) else {
            throw AWSError(
                "InvalidParameterValue",
                "Invalid rule description. Valid descriptions are strings less than 256 "
                    + "characters from the following set: a-zA-Z0-9. _-:/()#,@[]+=&;{}!$*")
        }
        return text
    }

    private static let allowed = CharacterSet(
        charactersIn: "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
            + ". _-:/()#,@[]+=&;{}!$*")
}
