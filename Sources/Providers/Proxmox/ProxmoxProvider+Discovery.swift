package import Resources

extension ProxmoxProvider: Discovering {
    /// One list of the cluster's guests. A firewall comes with its guest.
    package func lookalikes(of desired: [Resource]) async throws -> [Lookalike] {
        try await explaining("look for what may be adopted", nil) {
            let guests = try await guests.list().filter {
                !$0.tags.contains(where: OwnershipMark.isTag)
            }
            return GuestType.allCases.flatMap { type in
                Stranger.lookalikes(
                    among: guests.filter { $0.type == type }.map {
                        Stranger(id: String($0.id), names: [$0.name])
                    }, of: desired.filter { $0.address.kind == type.kind })
            }
        }
    }
}
