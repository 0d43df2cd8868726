import Resources

extension Firewalls {
    /// A rule as its attribute, with the members of its IP set in place of the set.
    func attribute(of rule: FirewallRule, of guest: Guest) async throws -> Value {
        guard let name = AddressSet.name(in: rule.options["source"]) else { return rule.attribute }
        var options = rule.attribute.object ?? [:]
        options["source"] = nil
        do {
            let members = try await members(of: name, of: guest).networks
            options["sources"] = AddressSet.canonical(members.map { .string($0) })
        } catch let failure as ProxmoxFailure where failure.reason == .notFound {
            options["sources"] = []
        }
        return .object(options)
    }

    /// Rules as Proxmox takes them, with the IP sets that they refer to.
    func settled(_ attributes: [Value], of service: String) -> (
        rules: [FirewallRule], sets: [AddressSet]
    ) {
        var sets: [AddressSet] = []
        let rules = attributes.enumerated().map { index, attribute in
            var options = ResourceKind.canonicalRule(attribute).object ?? [:]
            if let networks = options.removeValue(forKey: "sources")?.list {
                let set = AddressSet(networks.compactMap(\.string), guests.digests)
                if !sets.contains(set) { sets.append(set) }
                options["source"] = .string(set.source)
            }
            return FirewallRule(.object(options), number: index + 1, of: service)
        }
        return (rules, sets)
    }

    /// Has the set there, with exactly its networks.
    func raise(_ set: AddressSet, of guest: Guest, for service: String) async throws {
        try await persist {
            let rows = try await sets(of: guest)
            if rows.contains(where: { $0["name"]?.string == set.name }) { return true }
            var parameters = ["name": set.name, "comment": AddressSet.comment(service)]
            parameters["digest"] = rows.first?["digest"]?.string
            try await api.post("\(guest.path)/firewall/ipset", parameters)
            return true
        }
        let path: Path = "\(guest.path)/firewall/ipset/\(set.name)"
        try await persist {
            let (present, digest) = try await members(of: set.name, of: guest)
            for network in set.networks where !present.contains(network) {
                try await api.post(path, ["cidr": network])
            }
            guard let stranger = present.first(where: { !set.networks.contains($0) }) else {
                return true
            }
            // Adding has changed the digest: what is too much goes on a fresh reading.
            guard present.isSuperset(of: set.networks) else { return false }
            try await api.delete("\(path)/\(stranger)", ["digest": digest])
            return false
        }
    }

    /// Removes the sets of the service that no rule of it needs.
    func dropSets(
        except wished: [AddressSet], of guest: Guest, for service: String
    ) async throws {
        let names = Set(wished.map(\.name))
        try await persist {
            let idle = try await sets(of: guest).filter {
                AddressSet.isOwn($0, of: service) && !names.contains($0["name"]?.string ?? "")
            }.compactMap { $0["name"]?.string }
            for name in idle {
                try await api.delete("\(guest.path)/firewall/ipset/\(name)", ["force": "1"])
            }
            return true
        }
    }

    func sets(of guest: Guest) async throws -> [Value] {
        try await api.get("\(guest.path)/firewall/ipset").list ?? []
    }

    /// - Returns: the networks, and the digest of the guest's firewall.
    private func members(
        of name: String, of guest: Guest
    ) async throws -> (networks: Set<String>, digest: String) {
        let rows = try await api.get("\(guest.path)/firewall/ipset/\(name)").list ?? []
        return (
            Set(rows.compactMap { $0["cidr"]?.string }), rows.first?["digest"]?.string ?? ""
        )
    }
}
