package import Resources

extension ProxmoxProvider: AdoptionPreviewing {
    /// One list, and per guest its options and its firewall.
    package func previews(of claims: [AdoptionClaim]) async throws -> [AdoptionPreview] {
        try await explaining("look at what is to be adopted", nil) {
            let listed = Dictionary(
                try await guests.list().map { (String($0.id), $0) }
            ) { first, _ in first }
            return try await claims.concurrentMap { claim -> AdoptionPreview? in
                guard let guest = listed[claim.id],
                    guest.type.kind == claim.desired.address.kind,
                    let configuration = try await guests.readable(guest)
                else { return nil }
                return try await preview(guest, configuration, of: claim)
            }.compactMap(\.self)
        }
    }

    private func preview(
        _ guest: Guest, _ configuration: GuestConfiguration, of claim: AdoptionClaim
    ) async throws -> AdoptionPreview {
        let address = claim.desired.address
        let wanted = GuestForm(guest.type, claim.desired).mark
        let owner = configuration.owner(wanting: wanted)
        let marked = owner == .wanted ? configuration : configuration.marked(wanted)
        let object = try await guests.reading(
            guest, status: try await api.status(of: guest), marked
        ).observed(at: address)
        let wall = claim.belongings.first { $0.address.kind == ResourceKind.proxmoxFirewall.name }
        var companions: [ObservedResource] = []
        if let wall {
            let wanted = firewalls.settled(wall["rules"]?.list ?? [], of: address.service).rules
            let seen = try await firewalls.observe(guest, at: wall.address, counting: wanted)
            companions = [seen].compactMap(\.self)
        }
        return AdoptionPreview(object, owner: owner, companions: companions)
    }
}

extension GuestConfiguration {
    /// By the notes; when people edited those away, by the tags.
    fileprivate func owner(wanting wanted: OwnershipMark) -> AdoptionPreview.Owner {
        if let mark {
            let isOurs = mark.project == wanted.project && mark.address == wanted.address
            return isOurs ? .wanted : .another("\(mark.address) of the project \(mark.project)")
        }
        let own = tags.filter(OwnershipMark.isTag)
        if own.isEmpty { return .nobody }
        let isOurs = isMarked(as: wanted.address.service, of: wanted.project)
        return isOurs ? .wanted : .another("others: \(own.joined(separator: ", "))")
    }

    fileprivate func marked(_ mark: OwnershipMark) -> GuestConfiguration {
        with([
            "description": mark.written(into: notes),
            "tags": (foreignTags + mark.tags).joined(separator: ";"),
        ])
    }
}
