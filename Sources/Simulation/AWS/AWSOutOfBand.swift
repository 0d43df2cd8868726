import Resources

/// What people do behind Launch's back, and what the world is made with.
extension SimulatedAWS {
    /// - `stop_instance`, `terminate_instance`, `interrupt_instance`, `open_port` (with `port`) and `close_ports`, each
    ///   on what bears the tag `launch:service` with the value of `service`.
    /// - `create_bucket`, `create_table` and `create_key` (an alias), each with `name`.
    /// - `deny` with `name`, a bucket, and `actions` such as `s3:PutObject`, which from then on
    ///   are the only ones that it denies.
    /// - `disable_key` and `enable_key` with `name`.
    /// - `publish_image` with `name`, an image's name as in launch.yaml: a newer one of it.
    /// - `give_ipv6` with `name`, the VPC: `default`; `take_ipv6` on the `service`.
    func perform(_ action: String, _ arguments: [String: Value]) -> Bool {
        if let service = arguments["service"]?.string {
            return perform(action, onService: service, arguments)
        }
        guard let name = arguments["name"]?.string else { return false }
        switch action {
        case "create_bucket": return s3.give(name)
        case "create_table": return dynamoDB.give(name)
        case "create_key": return kms.give(name)
        case "deny":
            return s3.deny(Set(arguments["actions"]?.list?.compactMap(\.string) ?? []), in: name)
        case "disable_key": return kms.setEnabled(false, name)
        case "enable_key": return kms.setEnabled(true, name)
        case "publish_image": return publishImage(name)
        case "give_ipv6" where name == "default":
            ec2.giveIPv6()
            return true
        default: return false
        }
    }

    private func perform(
        _ action: String, onService service: String, _ arguments: [String: Value]
    ) -> Bool {
        let instance = ec2.instance(tagged: "launch:service", service)
        let group = ec2.group(tagged: "launch:service", service)
        switch (action, instance, group) {
        case ("stop_instance", let instance?, _): ec2.stop(instance.id)
        case ("terminate_instance", let instance?, _): ec2.terminate(instance.id)
        case ("take_ipv6", let instance?, _): ec2.takeIPv6(from: instance.id)
        case ("interrupt_instance", let instance?, _): ec2.interrupt(instance.id)
        case ("open_port", _, let group?):
            guard let port = arguments["port"]?.integer else { return false }
            ec2.openPort(port, from: arguments["from"]?.string ?? "0.0.0.0/0", in: group.id)
        case ("close_ports", _, let group?): ec2.closePorts(in: group.id)
        default: return false
        }
        return true
    }
}
