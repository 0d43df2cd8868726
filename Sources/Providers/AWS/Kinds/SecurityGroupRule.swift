import Resources

/// One rule of a security group. Its identity is all of it: AWS refuses a second one that
/// differs only in the description.
///
/// <https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_IpPermission.html>
struct SecurityGroupRule: Hashable {
    /// `tcp`, `udp`, `icmp`, `icmpv6`, a protocol number, or `-1` for all.
    let transport: String
    /// `nil` where the protocol has no ports.
    let ports: ClosedRange<Int>?
    /// A CIDR block, `sg-…` or `pl-…`.
    let peer: String

    init(_ transport: String, ports: ClosedRange<Int>?, peer: String) {
        let name = transport.lowercased()
        self.transport = Self.names[name] ?? name
        self.ports = Self.portProtocols.contains(self.transport) ? ports : nil
        self.peer = IPNetwork(peer)?.description ?? peer
    }

    /// `nil` when the value is no rule.
    init?(_ value: Value) {
        guard let transport = value["protocol"]?.string, let peer = value["peer"]?.string else {
            return nil
        }
        let ports = value["from_port"]?.integer.flatMap { from in
            value["to_port"]?.integer.flatMap { from <= $0 ? from...$0 : nil }
        }
        self.init(transport, ports: ports, peer: peer)
    }

    /// How the rule stands in a resource.
    var value: Value {
        var members: [String: Value] = ["protocol": .string(transport), "peer": .string(peer)]
        if let ports {
            members["from_port"] = .integer(ports.lowerBound)
            members["to_port"] = .integer(ports.upperBound)
        }
        return .object(members)
    }

    /// How the rule stands in a request.
    var permission: Value {
        var members: [String: Value] = ["IpProtocol": .string(transport)]
        if let ports {
            members["FromPort"] = .integer(ports.lowerBound)
            members["ToPort"] = .integer(ports.upperBound)
        }
        let peer = Value.string(peer)
        if self.peer.hasPrefix("sg-") {
            members["Groups"] = [["GroupId": peer]]
        } else if self.peer.hasPrefix("pl-") {
            members["PrefixListIds"] = [["PrefixListId": peer]]
        } else if self.peer.contains(":") {
            members["Ipv6Ranges"] = [["CidrIpv6": peer]]
        } else {
            members["IpRanges"] = [["CidrIp": peer]]
        }
        return .object(members)
    }

    private static let names = [
        "all": "-1", "6": "tcp", "17": "udp", "1": "icmp", "58": "icmpv6",
    ]

    /// ICMP has its type and code in their place.
    private static let portProtocols: Set = ["tcp", "udp", "icmp", "icmpv6"]
}

extension SecurityGroupRule {
    /// The one form of a list of rules: canonical, each once, in order.
    static func canonical(_ value: Value) -> Value {
        guard let list = value.list else { return value }
        return self.value(of: Set(list.compactMap { SecurityGroupRule($0) }))
    }

    static func value(of rules: Set<SecurityGroupRule>) -> Value {
        .list(rules.map(\.value).sortedByText)
    }

    static func rules(_ value: Value?) -> Set<SecurityGroupRule> {
        Set((value?.list ?? []).compactMap { SecurityGroupRule($0) })
    }

    /// EC2 groups the peers of one protocol and port range; a rule has one.
    static func rules(
        _ permissions: ItemSet<SecurityGroupDocument.Permission>?
    ) -> Set<SecurityGroupRule> {
        Set(
            (permissions?.items ?? []).flatMap { permission in
                permission.peers.map {
                    SecurityGroupRule(
                        permission.ipProtocol, ports: permission.ports, peer: $0)
                }
            })
    }
}

extension SecurityGroupDocument.Permission {
    fileprivate var peers: [String] {
        let kinds: [[String]?] = [
            ipRanges?.items.map(\.cidrIp), ipv6Ranges?.items.map(\.cidrIpv6),
            groups?.items.map(\.groupId), prefixListIds?.items.map(\.prefixListId),
        ]
        return kinds.flatMap { $0 ?? [] }
    }

    fileprivate var ports: ClosedRange<Int>? {
        guard let fromPort, let toPort, fromPort <= toPort else { return nil }
        return fromPort...toPort
    }
}
