import Resources

/// `…/{vmid}/firewall/ipset`.
extension SimulatedProxmox {
    func listSets(_ call: PVECall) throws -> Value {
        let firewall = try guest(call).firewall
        return .list(
            firewall.sets.sorted { $0.key < $1.key }.map { name, set in
                var shown: [String: Value] = [
                    "name": .string(name), "digest": .string(firewall.digest(core.digests)),
                ]
                if let comment = set.comment { shown["comment"] = .string(comment) }
                return .object(shown)
            })
    }

    func createSet(_ call: PVECall) throws -> Value {
        let (guest, name) = (try guest(call), call["name"] ?? "")
        try check(call, guest.firewall)
        if let old = call["rename"] {
            guard let set = guest.firewall.sets.removeValue(forKey: old) else {
                throw PVEFailure("IPSet '\(old)' does not exist")
            }
            guest.firewall.sets[name] = set
            if let comment = call["comment"] { guest.firewall.sets[name]?.comment = comment }
            return .null
        }
        guard guest.firewall.sets[name] == nil else {
            throw PVEFailure.parameters(["name": "IPSet '\(name)' already exists"])
        }
        guest.firewall.sets[name] = PVEFirewall.AddressSet(comment: call["comment"])
        return .null
    }

    func deleteSet(_ call: PVECall) throws -> Value {
        let guest = try guest(call)
        let (name, set) = try set(call, of: guest)
        guard set.entries.isEmpty || call.flag("force") else {
            throw PVEFailure("IPSet '\(name)' is not empty")
        }
        guest.firewall.sets[name] = nil
        return .null
    }

    func listEntries(_ call: PVECall) throws -> Value {
        let guest = try guest(call)
        return .list(
            try set(call, of: guest).set.entries.sorted { $0.key < $1.key }.map { address, fields in
                var shown = fields.mapValues(Value.string)
                shown["cidr"] = .string(address)
                shown["digest"] = .string(guest.firewall.digest(core.digests))
                return .object(shown)
            })
    }

    func addEntry(_ call: PVECall) throws -> Value {
        let guest = try guest(call)
        let (name, set) = try set(call, of: guest)
        // A single address is kept without its prefix length.
        let address = (call["cidr"] ?? "").replacing(/\/(32|128)$/) { match in
            (match.1 == "32") == (call["cidr"] ?? "").contains(":") ? match.0 : ""
        }
        guard set.entries[address] == nil else {
            throw PVEFailure.parameters(["cidr": "address '\(address)' already exists"])
        }
        var fields: [String: String] = [:]
        for key in ["comment", "nomatch"] { fields[key] = call[key] }
        guest.firewall.sets[name]?.entries[address] = fields
        return .null
    }

    func deleteEntry(_ call: PVECall) throws -> Value {
        let (guest, address) = (try guest(call), call["cidr"] ?? "")
        let (name, set) = try set(call, of: guest)
        try check(call, guest.firewall)
        guard set.entries[address] != nil else { throw PVEFailure("no such entry '\(address)'") }
        guest.firewall.sets[name]?.entries[address] = nil
        return .null
    }

    private func set(
        _ call: PVECall, of guest: PVEGuest
    ) throws -> (name: String, set: PVEFirewall.AddressSet) {
        let name = call["name"] ?? ""
        guard let set = guest.firewall.sets[name] else {
            throw PVEFailure("no such IPSet '\(name)'")
        }
        return (name, set)
    }
}
