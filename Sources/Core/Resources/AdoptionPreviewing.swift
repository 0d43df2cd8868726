/// A provider that shows what becomes of objects when they change hands, before they do.
package protocol AdoptionPreviewing: OwnershipMarking {
    /// Each object as `observe` would show it, if it bore the marks of its claim. Changes nothing;
    /// O(pages), and the reads that observing forces.
    ///
    /// - Returns: in any order; nothing for an object that does not exist.
    func previews(of claims: [AdoptionClaim]) async throws -> [AdoptionPreview]
}

/// An object that somebody else made, and what it is to count as.
package struct AdoptionClaim: Hashable, Sendable {
    /// The provider's own identifier, as `observe` shows it.
    package let id: String
    package let desired: Resource
    /// What else of the same provider is wanted of it: a guest's firewall.
    package let belongings: [Resource]

    package init(_ id: String, as desired: Resource, with belongings: [Resource] = []) {
        self.id = id
        self.desired = desired
        self.belongings = belongings
    }
}

/// An object with marks that it may not bear yet.
package struct AdoptionPreview: Hashable, Sendable {
    /// Whose marks it really bears.
    package enum Owner: Hashable, Sendable {
        case nobody
        /// The claim's own.
        case wanted
        /// In words: "db/aws.volume of the project shop".
        case another(String)
    }

    package let object: ObservedResource
    package let owner: Owner
    /// Those of its belongings that are there, as they would be seen.
    package let companions: [ObservedResource]

    package init(_ object: ObservedResource, owner: Owner, companions: [ObservedResource] = []) {
        self.object = object
        self.owner = owner
        self.companions = companions
    }
}
