import Resources

extension Planner {
    /// Objects of other services whose place new ones would take, by the new one: what is recorded
    /// counts as much as what is seen, as a plan about one service sees no other.
    func displaced(by changes: [Change], _ input: PlanInput) -> [Address: Address] {
        let claims = changes.filter(\.isMadeAnew).compactMap { change in
            claim(of: change.address, change.desired?.attributes)
        }
        guard !claims.isEmpty else { return [:] }
        let objects =
            input.document.resources.map { ($0.key, $0.value.attributes) }
            + input.observed.map { ($0.key, $0.value.attributes) }
        let held = Dictionary(grouping: objects.compactMap(claim), by: \.name)
        return claims.reduce(into: [:]) { displaced, claim in
            displaced[claim.address] = held[claim.name]?.map(\.address)
                .filter { $0.service != claim.address.service }.min()
        }
    }

    /// What only one object of the kind can have.
    private func claim(of address: Address, _ attributes: [String: Value]?) -> Claim? {
        let field = kinds.kind(of: address).fields.first { $0.traits.contains(.exclusive) }
        return field.flatMap { attributes?[$0.name] }.map {
            Claim(address: address, name: Claim.Name(kind: address.kind, value: $0))
        }
    }
}

private struct Claim {
    struct Name: Hashable {
        let kind: KindName
        let value: Value
    }

    let address: Address
    let name: Name
}
