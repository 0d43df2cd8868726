import OrderedCollections
import Resources

/// What people and AWS itself do behind Launch's back.
extension SimulatedEC2 {
    /// The live instance with that tag.
    package func instance(tagged key: String, _ value: String) -> EC2Instance? {
        instances.values.first { $0.state != .terminated && tags[$0.id]?[key] == value }
    }

    package func group(tagged key: String, _ value: String) -> SecurityGroup? {
        groups.values.first { tags[$0.id]?[key] == value }
    }

    package func terminate(_ instance: String) { end(instance) }

    package func stop(_ instance: String) { shutDown(instance) }

    /// Opens a port to a block of IPv4 addresses.
    package func openPort(_ port: Int, from block: String, in group: String) {
        groups[group]?.rules.append(
            SecurityGroupRule(
                id: newID("sgr"), isEgress: false,
                transport: .init(name: "tcp", from: port, to: port), peer: .ipv4(block)))
    }

    /// Takes away every ingress rule.
    package func closePorts(in group: String) {
        groups[group]?.rules.removeAll { !$0.isEgress }
    }

    package func setTag(_ key: String, to value: String?, on id: String) {
        tags[id, default: [:]][key] = value
    }
}

extension SimulatedAWS {
    /// `stop_instance`, `terminate_instance`, `open_port` (with `port`) and `close_ports`, each
    /// on what bears the tag `launch:service` with the value of `service`.
    func perform(_ action: String, _ arguments: [String: Value]) -> Bool {
        guard let service = arguments["service"]?.string else { return false }
        let instance = ec2.instance(tagged: "launch:service", service)
        let group = ec2.group(tagged: "launch:service", service)
        switch (action, instance, group) {
        case ("stop_instance", let instance?, _): ec2.stop(instance.id)
        case ("terminate_instance", let instance?, _): ec2.terminate(instance.id)
        case ("open_port", _, let group?):
            guard let port = arguments["port"]?.integer else { return false }
            ec2.openPort(port, from: arguments["from"]?.string ?? "0.0.0.0/0", in: group.id)
        case ("close_ports", _, let group?): ec2.closePorts(in: group.id)
        default: return false
        }
        return true
    }
}
