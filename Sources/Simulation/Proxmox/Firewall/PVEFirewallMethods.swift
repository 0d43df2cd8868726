import Resources

/// `…/{vmid}/firewall` and `/cluster/firewall/options`
/// (`pve-firewall: src/PVE/API2/Firewall/*.pm`). Every call ends when it is done.
extension SimulatedProxmox {
    func showClusterFirewall(_ call: PVECall) -> Value {
        options(of: clusterFirewall, as: .clusterFirewallOptions)
    }

    func changeClusterFirewall(_ call: PVECall) throws -> Value {
        try changeOptions(of: &clusterFirewall, call)
        return .null
    }

    func showFirewallOptions(_ call: PVECall) throws -> Value {
        options(of: try guest(call).firewall, as: .firewallOptions)
    }

    func changeFirewallOptions(_ call: PVECall) throws -> Value {
        try changeOptions(of: &guest(call).firewall, call)
        return .null
    }

    private func options(of firewall: PVEFirewall, as schema: PVESchema) -> Value {
        var shown: [String: Value] = ["digest": .string(firewall.digest(core.digests))]
        for (name, value) in firewall.options {
            let kind = schema.parameters[name]?.kind
            let number = kind == .boolean || kind == .integer ? Int(value) : nil
            shown[name] = number.map(Value.integer) ?? .string(value)
        }
        return .object(shown)
    }

    private func changeOptions(of firewall: inout PVEFirewall, _ call: PVECall) throws {
        try check(call, firewall)
        for name in call.arguments.list("delete") { firewall.options[name] = nil }
        for (name, value) in fields(of: call) { firewall.options[name] = value }
    }

    func listRules(_ call: PVECall) throws -> Value {
        let firewall = try guest(call).firewall
        return .list(firewall.rules.indices.map { rule($0, of: firewall) })
    }

    func showRule(_ call: PVECall) throws -> Value {
        let firewall = try guest(call).firewall
        return rule(try position(call, in: firewall), of: firewall)
    }

    private func rule(_ position: Int, of firewall: PVEFirewall) -> Value {
        var shown = firewall.rules[position].mapValues(Value.string)
        shown["enable"] = .integer(Int(firewall.rules[position]["enable"] ?? "") ?? 0)
        shown["pos"] = .integer(position)
        shown["digest"] = .string(firewall.digest(core.digests))
        return .object(shown)
    }

    /// A new rule comes first, wherever the caller wants it, and is off unless `enable` is sent.
    func addRule(_ call: PVECall) throws -> Value {
        let guest = try guest(call)
        try check(call, guest.firewall)
        var rule = fields(of: call)
        rule["enable"] = rule["enable"] ?? "0"
        try verify(rule, in: guest.firewall)
        guest.firewall.rules.insert(rule, at: 0)
        return .null
    }

    /// `moveto` moves and does nothing else.
    func changeRule(_ call: PVECall) throws -> Value {
        let guest = try guest(call)
        let position = try position(call, in: guest.firewall)
        try check(call, guest.firewall)
        if let target = call.integer("moveto") {
            if target != position { guest.firewall.moveRule(position, to: target) }
            return .null
        }
        var rule = guest.firewall.rules[position].merging(fields(of: call)) { $1 }
        for name in call.arguments.list("delete") { rule[name] = nil }
        try verify(rule, in: guest.firewall)
        guest.firewall.rules[position] = rule
        return .null
    }

    func deleteRule(_ call: PVECall) throws -> Value {
        let guest = try guest(call)
        let position = try position(call, in: guest.firewall)
        try check(call, guest.firewall)
        guest.firewall.rules.remove(at: position)
        return .null
    }

    private func verify(_ rule: [String: String], in firewall: PVEFirewall) throws {
        var errors: [String: String] = [:]
        for port in ["dport", "sport"] where rule[port] != nil && rule["proto"] == nil {
            errors["proto"] = "missing property - required by '\(port)'"
        }
        for (key, value) in rule where ["source", "dest"].contains(key) && value.hasPrefix("+") {
            let name = value.dropFirst().split(separator: "/").last.map(String.init) ?? ""
            if firewall.sets[name] == nil { errors[key] = "no such ipset '\(name)'" }
        }
        if let action = rule["action"], rule["type"] == "group" {
            errors["action"] = "security group '\(action)' does not exist"
        } else if let action = rule["action"], !["ACCEPT", "DROP", "REJECT"].contains(action) {
            errors["action"] = "unknown action '\(action)'"
        }
        if let interface = rule["iface"], !interface.matchesWhole("net\\d+") {
            errors["iface"] = "value does not match the regex pattern 'net\\d+'"
        }
        if !errors.isEmpty { throw PVEFailure.parameters(errors) }
    }

    private func position(_ call: PVECall, in firewall: PVEFirewall) throws -> Int {
        let position = call.integer("pos") ?? 0
        guard firewall.rules.indices.contains(position) else {
            throw PVEFailure("no rule at position \(position)")
        }
        return position
    }

    func check(_ call: PVECall, _ firewall: PVEFirewall) throws {
        guard let digest = call["digest"], digest != firewall.digest(core.digests) else { return }
        throw PVEFailure("detected modified configuration - file changed by other user? Try again.")
    }

    private func fields(of call: PVECall) -> [String: String] {
        let control: Set = ["node", "vmid", "pos", "digest", "delete", "moveto"]
        return call.arguments.names.reduce(into: [:]) { fields, name in
            if !control.contains(name) { fields[name] = call[name] }
        }
    }
}
