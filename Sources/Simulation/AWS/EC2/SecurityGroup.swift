/// A VPC's security group with its rules.
package struct SecurityGroup {
    package let id: String
    package let name: String
    package let description: String
    let vpc: String
    package var rules: [SecurityGroupRule] = []

    static func `default`(id: String, vpc: String) -> SecurityGroup {
        SecurityGroup(
            id: id, name: "default", description: "default VPC security group", vpc: vpc)
    }
}

/// One rule: a direction, a protocol with ports, and one peer. The description is not part of
/// what makes two rules the same.
package struct SecurityGroupRule {
    enum Peer: Hashable {
        case ipv4(String)
        case ipv6(String)
        case group(String)
        case prefixList(String)
    }

    /// A protocol with its ports; for ICMP, type and code.
    struct Transport: Hashable {
        /// `-1` is every protocol, with no ports.
        let name: String
        let from: Int?
        let to: Int?

        static let all = Transport(name: "-1", from: nil, to: nil)
    }

    struct Identity: Hashable {
        let isEgress: Bool
        let transport: Transport
        let peer: Peer
    }

    let id: String
    let isEgress: Bool
    let transport: Transport
    let peer: Peer
    var description: String?

    var identity: Identity {
        Identity(isEgress: isEgress, transport: transport, peer: peer)
    }

    static func allowAllEgress(id: String) -> SecurityGroupRule {
        SecurityGroupRule(id: id, isEgress: true, transport: .all, peer: .ipv4("0.0.0.0/0"))
    }
}
