package import Resources
package import Services

/// What a run is to reach.
package struct Goal: Sendable {
    package let project: String
    package let desired: [Resource]
    /// The services it is about; nothing of another is touched. `nil` is all.
    package let services: Set<String>?
    /// What the state keeps of each service besides its objects.
    package let descriptions: [String: ServiceDescription]
    /// Where else to look: providers of the specs, though nothing is wanted of them.
    package let providers: Set<ProviderName>
    /// Data volumes of unwanted services may be deleted.
    package let withData: Bool
    /// Services whose machines are replaced where a newer image is offered.
    package let upgraded: Set<String>
    /// Why what is not wanted goes.
    package let removalReason: String
    /// Who goes on with a service that was called otherwise, by its former name.
    package let heirs: [String: String]
    /// How long the old machine of a service that moved rests.
    package let grace: Duration
    /// Drift that nobody is to be told of for a while.
    package let exemptions: [DriftExemption]

    package init(
        project: String, desired: [Resource], services: Set<String>? = nil,
        descriptions: [String: ServiceDescription] = [:], providers: Set<ProviderName> = [],
        withData: Bool = false, upgraded: Set<String> = [],
        removalReason: String = "not in the specs any more", heirs: [String: String] = [:],
        grace: Duration = .zero, exemptions: [DriftExemption] = []
    ) {
        self.project = project
        self.desired = desired
        self.services = services
        self.descriptions = descriptions
        self.providers = providers
        self.withData = withData
        self.upgraded = upgraded
        self.removalReason = removalReason
        self.heirs = heirs
        self.grace = grace
        self.exemptions = exemptions
    }
}

/// What the registry tells of a service.
package struct ServiceDescription: Hashable, Sendable {
    package let specDigest: String
    package let target: String
    package let environment: String
    package let url: String?

    package init(specDigest: String, target: String, environment: String, url: String?) {
        self.specDigest = specDigest
        self.target = target
        self.environment = environment
        self.url = url
    }
}
