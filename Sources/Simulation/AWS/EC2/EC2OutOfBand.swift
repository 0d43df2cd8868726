import OrderedCollections

/// What people and AWS itself do behind Launch's back.
extension SimulatedEC2 {
    /// The live instance with that tag.
    package func instance(tagged key: String, _ value: String) -> EC2Instance? {
        instances.values.first { $0.state != .terminated && tags[$0.id]?[key] == value }
    }

    /// The ids of all that bears that tag, whatever it is.
    package func objects(tagged key: String, _ value: String) -> [String] {
        tags.filter { $0.value[key] == value }.keys.sorted()
    }

    package func group(tagged key: String, _ value: String) -> SecurityGroup? {
        groups.values.first { tags[$0.id]?[key] == value }
    }

    package func terminate(_ instance: String) {
        end(instance)
        trail.note("TerminateInstances", [instance], by: SimulatedCloudTrail.somebody)
    }

    /// AWS takes a spot machine back.
    package func interrupt(_ instance: String) {
        end(instance)
        instances[instance]?.stateReason = (
            "Server.SpotInstanceTermination",
            "Server.SpotInstanceTermination: Instance terminated due to no capacity"
        )
    }

    /// Somebody gives the default subnets IPv6; machines get an address as they are made.
    package func giveIPv6() { network.hasIPv6 = true }

    /// Somebody takes a machine's IPv6 address away.
    package func takeIPv6(from instance: String) { instances[instance]?.ipv6Address = nil }

    package func stop(_ instance: String) {
        shutDown(instance)
        trail.note("StopInstances", [instance], by: SimulatedCloudTrail.somebody)
    }

    /// Opens a port to a block of IPv4 addresses.
    package func openPort(_ port: Int, from block: String, in group: String) {
        groups[group]?.rules.append(
            SecurityGroupRule(
                id: newID("sgr"), isEgress: false,
                transport: .init(name: "tcp", from: port, to: port), peer: .ipv4(block)))
        trail.note("AuthorizeSecurityGroupIngress", [group], by: SimulatedCloudTrail.somebody)
    }

    /// Takes away every ingress rule.
    package func closePorts(in group: String) {
        groups[group]?.rules.removeAll { !$0.isEgress }
        trail.note("RevokeSecurityGroupIngress", [group], by: SimulatedCloudTrail.somebody)
    }

    package func setTag(_ key: String, to value: String?, on id: String) {
        tags[id, default: [:]][key] = value
        trail.note(
            value == nil ? "DeleteTags" : "CreateTags", [id], by: SimulatedCloudTrail.somebody)
    }
}
