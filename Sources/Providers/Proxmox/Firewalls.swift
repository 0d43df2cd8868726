import Resources

/// The firewalls of guests: their options, and the rules that Launch put there.
struct Firewalls: Sendable {
    let api: ProxmoxAPI
    let guests: Guests

    private static let options: [(field: String, option: String)] = [
        ("enabled", "enable"), ("policy_in", "policy_in"), ("policy_out", "policy_out"),
        ("dhcp", "dhcp"),
    ]

    /// `nil` when neither options nor rules of Launch's are there.
    ///
    /// - Parameter unmarked: rules that count as Launch's also without a comment.
    func observe(
        _ guest: Guest, at address: Address, counting unmarked: [FirewallRule] = []
    ) async throws -> ObservedResource? {
        async let options = api.get("\(guest.path)/firewall/options")
        async let rules = rules(of: guest)
        let own = try await rules.rules.filter { rule in
            rule.isOwn || rule.comment.isEmpty && unmarked.contains { $0.options == rule.options }
        }
        let shown = try await options
        var attributes: [Value] = []
        for rule in own { attributes.append(try await attribute(of: rule, of: guest)) }
        guard !own.isEmpty || Self.options.contains(where: { shown[$0.option] != nil }) else {
            return nil
        }
        return ObservedResource(
            address, id: String(guest.id),
            attributes: [
                "guest": .string(String(guest.id)),
                "enabled": .boolean(shown["enable"]?.integer == 1),
                "dhcp": .boolean(shown["dhcp"]?.integer == 1),
                "policy_in": shown["policy_in"] ?? "DROP",
                "policy_out": shown["policy_out"] ?? "ACCEPT",
                "rules": .list(attributes),
            ])
    }

    /// IP sets first, then the rules that refer to them, then the options that put them in force.
    func apply(_ desired: Resource) async throws -> ObservedResource {
        let address = desired.address
        guard let id = desired["guest"]?.integer,
            let (guest, configuration) = try await guests.find(id),
            configuration.isMarked(as: address.service)
        else {
            let id = desired["guest"]?.plainText ?? ""
            throw ProxmoxFailure(.notFound, "guest \(id) is gone, or is no longer Launch's")
        }
        let (rules, sets) = settled(desired["rules"]?.list ?? [], of: address.service)
        for set in sets { try await raise(set, of: guest, for: address.service) }
        try await arrange(rules, of: guest)
        try await dropSets(except: sets, of: guest)
        try await setOptions(of: guest, desired)
        let observed = try await observe(guest, at: address)
        return observed ?? ObservedResource(address, id: String(id), attributes: desired.attributes)
    }

    func delete(_ observed: ObservedResource) async throws {
        guard let id = Int(observed.id), let (guest, configuration) = try await guests.find(id),
            configuration.isMarked(as: observed.address.service)
        else { return }
        do {
            try await arrange([], of: guest)
            try await dropSets(except: [], of: guest)
            try await unsetOptions(of: guest)
        } catch let failure as ProxmoxFailure where failure.reason == .notFound {
            return
        }
    }

    private func unsetOptions(of guest: Guest) async throws {
        try await persist {
            let shown = try await api.get("\(guest.path)/firewall/options")
            let set = Self.options.map(\.option).filter { shown[$0] != nil }
            guard !set.isEmpty else { return true }
            var parameters: Parameters = ["delete": set.joined(separator: ",")]
            parameters["digest"] = shown["digest"]?.string
            try await api.put("\(guest.path)/firewall/options", parameters)
            return true
        }
    }

    private func setOptions(of guest: Guest, _ desired: Resource) async throws {
        try await persist {
            let shown = try await api.get("\(guest.path)/firewall/options")
            var changes: Parameters = [:]
            for (field, option) in Self.options {
                let value = ResourceKind.proxmoxFirewall[field]?.normalised(desired[field])
                let text = value?.boolean.map { $0 ? "1" : "0" } ?? value?.plainText ?? ""
                if shown[option]?.plainText != text { changes[option] = text }
            }
            guard !changes.isEmpty else { return true }
            changes["digest"] = shown["digest"]?.string
            try await api.put("\(guest.path)/firewall/options", changes)
            return true
        }
    }

    /// Takes one step at a time, each decided on a fresh reading and under its digest: positions
    /// are all that names a rule.
    private func arrange(
        _ wished: [FirewallRule], of guest: Guest
    ) async throws {
        try await persist {
            let (rules, digest) = try await rules(of: guest)
            let step = FirewallStep.next(from: rules, to: wished)
            switch step {
            case .insert(let rule)?:
                var parameters = rule.parameters
                parameters["digest"] = digest
                try await api.post("\(guest.path)/firewall/rules", parameters)
            case .remove(let position)?:
                let path: Path = "\(guest.path)/firewall/rules/\(position)"
                if let digest {
                    try await api.delete(path, ["digest": digest])
                } else {
                    try await api.delete(path)
                }
            case nil: return true
            }
            return false
        }
    }

    /// Repeats `step` until it says that it is done; a step that somebody interfered with, or
    /// whose answer was lost, is decided anew, a few times.
    func persist(_ step: () async throws -> Bool) async throws {
        var setbacks = 0
        while true {
            do {
                if try await step() { return }
            } catch let failure as ProxmoxFailure
                where setbacks < 5 && [.readAgain, .look].contains(failure.recourse)
            {
                setbacks += 1
            }
        }
    }

    func rules(of guest: Guest) async throws -> (rules: [FirewallRule], digest: String?) {
        let rows = (try await api.get("\(guest.path)/firewall/rules").list ?? [])
            .sorted { ($0["pos"]?.integer ?? 0) < ($1["pos"]?.integer ?? 0) }
        return (rows.map { FirewallRule($0) }, rows.first?["digest"]?.string)
    }
}

extension GuestConfiguration {
    /// True when the notes, or in their absence the tags, say that the guest is the service's.
    /// - Parameter project: whose it must be; `nil` when that is not known.
    func isMarked(as service: String, of project: String? = nil) -> Bool {
        if let mark {
            return mark.address.service == service && mark.project == project ?? mark.project
        }
        let wanted = ["launch"] + [service, project].compactMap(\.self).map(OwnershipMark.tag)
        return wanted.allSatisfy(tags.contains)
    }
}

extension ResourceKind {
    static let proxmoxFirewall = ResourceKind(
        KindName(.proxmox, "firewall"), title: "Proxmox guest firewall",
        requires: GuestType.allCases.map(\.kind),
        survivesRename: true,
        fields: [
            Field("guest", .string, [.immutable]),
            Field("enabled", .boolean, fallback: false),
            Field("policy_in", .string, fallback: "DROP"),
            Field("policy_out", .string, fallback: "ACCEPT"),
            Field("dhcp", .boolean, fallback: false),
            Field(
                "rules", .list, fallback: [],
                canonical: { value in
                    value.list.map { .list($0.map(canonicalRule)) } ?? value
                }),
        ])

    /// Every option as text, but several sources, and whether it is enabled always said: a rule
    /// is made disabled otherwise.
    static func canonicalRule(_ rule: Value) -> Value {
        var options = rule.object ?? [:]
        let sources = options.removeValue(forKey: "sources")?.list
        options["enable"] = options["enable"] ?? "1"
        options = options.mapValues { .string($0.plainText) }
        options["sources"] = sources.map(AddressSet.canonical)
        return .object(options)
    }
}
