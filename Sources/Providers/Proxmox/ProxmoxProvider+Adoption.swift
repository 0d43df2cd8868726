package import Resources

extension ProxmoxProvider: OwnershipMarking {
    package var kindsFoundByName: Set<KindName> { [] }

    /// - Parameter id: a guest's number, with or without what is before it: `200`, `pve1/200`,
    ///   `qemu/200`; for a firewall that of its guest.
    package func adopt(_ id: String, as desired: Resource) async throws {
        let address = desired.address
        try await explaining("adopt \(id)", address) {
            guard let number = id.split(separator: "/").last.flatMap({ Int($0) }) else {
                throw ProxmoxFailure(
                    .invalid, "\(id) is no number of a guest",
                    remedy: "Name a guest as Proxmox does: 200, or pve1/200.")
            }
            if let type = GuestType(address.kind) {
                try await guests.adopt(number, as: desired, type: type)
            } else {
                try await firewalls.adopt(number, as: desired)
            }
        }
    }

    package func release(_ observed: ObservedResource) async throws {
        let address = observed.address
        try await explaining("let the \(title(of: address)) \(observed.id) go", address) {
            GuestType(address.kind) == nil
                ? try await firewalls.release(observed) : try await guests.release(observed)
        }
    }
}

// MARK: - Guests

extension Guests {
    /// Writes the mark into the notes and the tags; what people wrote there stays.
    fileprivate func adopt(
        _ id: Int, as desired: Resource, type: GuestType
    ) async throws {
        guard let (guest, _) = try await find(id), guest.type == type else {
            throw ProxmoxFailure(
                .notFound, "there is no guest \(id) of that kind",
                remedy: "Name a \(type == .qemu ? "virtual machine" : "container") that the token "
                    + "may see and that is no template.")
        }
        let wanted = GuestForm(type, desired).mark
        let tags = (desired["tags"]?.list ?? []).compactMap(\.string)
        try await operations.change(guest, for: desired.address) { configuration in
            let owned = try configuration.requireFree(for: wanted)
            var mark = wanted
            mark.seed = configuration.mark?.seed ?? configuration.seedVolume
            if owned, let present = configuration.mark {
                mark = present.moved(to: wanted)
            }
            return configuration.marking(
                notes: mark.written(into: configuration.notes),
                tags: Set(configuration.foreignTags + tags).sorted())
        }
    }

    fileprivate func release(_ observed: ObservedResource) async throws {
        guard let guest = try await owned(observed) else { return }
        do {
            try await operations.change(guest, for: observed.address) { configuration in
                configuration.marking(
                    notes: OwnershipMark.removed(from: configuration.notes),
                    tags: configuration.foreignTags)
            }
        } catch let failure as ProxmoxFailure where failure.reason == .notFound {}
    }
}

extension GuestConfiguration {
    /// - Returns: true when it is the project's already.
    /// - Throws: `ProxmoxFailure` with `.conflict` when it bears another's mark.
    fileprivate func requireFree(for wanted: OwnershipMark) throws -> Bool {
        let project = wanted.project
        if let mark {
            guard mark.project == project, mark.address == wanted.address else {
                throw Self.taken("\(mark.address) of the project \(mark.project)")
            }
            return true
        }
        guard tags.contains(where: OwnershipMark.isTag) else { return false }
        guard isMarked(as: wanted.address.service, of: project) else {
            throw Self.taken("others: " + tags.filter(OwnershipMark.isTag).joined(separator: ", "))
        }
        return true
    }

    private static func taken(_ owner: String) -> ProxmoxFailure {
        ProxmoxFailure(
            .conflict, "it belongs to \(owner)",
            remedy: "Name a guest that nobody else owns, or let that one go first: "
                + "`launch state forget`.")
    }

    /// The options that bring notes and tags to be so; none when they are.
    fileprivate func marking(notes wanted: String, tags wantedTags: [String]) -> Parameters {
        var parameters: Parameters = [:]
        if trimmed(wanted) != notes { parameters["description"] = wanted }
        if Set(wantedTags) != Set(tags) { parameters["tags"] = wantedTags.joined(separator: ";") }
        let emptied = parameters.filter { trimmed($0.value).isEmpty }.keys.sorted()
        for option in emptied { parameters[option] = nil }
        if !emptied.isEmpty { parameters["delete"] = emptied.joined(separator: ",") }
        return parameters
    }
}

extension OwnershipMark {
    /// The same guest's mark with the owner of another.
    fileprivate func moved(to other: OwnershipMark) -> OwnershipMark {
        OwnershipMark(
            project: other.project, environment: other.environment, address: other.address,
            image: image, seed: seed, isExposed: isExposed)
    }
}

// MARK: - Firewalls

extension Firewalls {
    /// Marks the rules that are as wanted and bear no comment.
    fileprivate func adopt(_ id: Int, as desired: Resource) async throws {
        let (address, service) = (desired.address, desired.address.service)
        guard let (guest, configuration) = try await guests.find(id) else {
            throw ProxmoxFailure(
                .notFound, "there is no guest \(id)", remedy: "Name the service's own guest.")
        }
        guard configuration.isMarked(as: service) else {
            throw ProxmoxFailure(
                .conflict, "guest \(id) is not the service's own",
                remedy: "Adopt the guest first, then its firewall.")
        }
        let wanted = settled(desired["rules"]?.list ?? [], of: service).rules
        try await relabelRules(of: guest) { rule in
            guard rule.comment.isEmpty else { return nil }
            return wanted.first { $0.options == rule.options }?.comment
        }
        guard try await observe(guest, at: address) != nil else {
            throw ProxmoxFailure(
                .notFound, "guest \(id) has no firewall options, and no rule that is wanted",
                remedy: "Let `launch converge` set its firewall up.")
        }
    }

    fileprivate func release(_ observed: ObservedResource) async throws {
        let service = observed.address.service
        guard let id = Int(observed.id), let (guest, configuration) = try await guests.find(id),
            configuration.isMarked(as: service)
        else { return }
        do {
            try await relabelRules(of: guest) { $0.isOwn ? "" : nil }
            try await unmarkSets(of: guest)
        } catch let failure as ProxmoxFailure where failure.reason == .notFound {}
    }

    /// Gives rules other comments, one at a time: positions are all that names a rule.
    ///
    /// - Parameter comment: the rule's new comment, empty for none; `nil` leaves it.
    private func relabelRules(
        of guest: Guest, _ comment: @escaping (FirewallRule) -> String?
    ) async throws {
        try await persist {
            let (rules, digest) = try await rules(of: guest)
            let next = rules.enumerated().lazy.compactMap { position, rule in
                comment(rule).map { (position, $0) }
            }.first
            guard let (position, comment) = next else { return true }
            var parameters: Parameters =
                comment.isEmpty ? ["delete": "comment"] : ["comment": comment]
            parameters["digest"] = digest
            try await api.put("\(guest.path)/firewall/rules/\(position)", parameters)
            return false
        }
    }

    /// A set keeps its name, which follows from its members.
    private func unmarkSets(of guest: Guest) async throws {
        try await persist {
            let own = try await sets(of: guest).first(where: AddressSet.isOwn)
            guard let own, let name = own["name"]?.string else { return true }
            var parameters = ["name": name, "rename": name, "comment": ""]
            parameters["digest"] = own["digest"]?.string
            try await api.post("\(guest.path)/firewall/ipset", parameters)
            return false
        }
    }
}
