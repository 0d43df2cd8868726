package import Resources

/// The three values that decide everything, and what to do with data.
package struct PlanInput: Sendable {
    package var desired: [Resource]
    package var document: StateDocument
    package var observed: [Address: ObservedResource]
    /// The services that the plan is about; `nil` is all.
    package var services: Set<String>?
    /// True when the data of these services may be deleted.
    package var withData: Bool
    /// Services whose machines are replaced where something newer is offered.
    package var upgraded: Set<String>
    /// Why what is not wanted goes.
    package var removalReason: String
    /// Creations that an earlier run began.
    package var unfinished: Set<Address>
    /// Machines that still have what they booted from.
    package var awaitingBoot: Set<Address>
    /// Machines that need another seed, and why.
    package var stranded: [Address: String] = [:]
    /// Machines that were to get one when an earlier run broke off, and why.
    package var cutShort: [Address: String] = [:]
    /// Where objects were before their service was renamed.
    package var former: [Address: Address] = [:]
    /// Who goes on with a service that was called otherwise, by its former name.
    package var heirs: [String: String] = [:]
    /// The services that move from one target to another, by name.
    package var successions: [String: Succession] = [:]
    /// Objects whose key nobody has, and why.
    var keyless: [Address: String] = [:]

    package init(
        desired: [Resource], document: StateDocument, observed: [ObservedResource],
        services: Set<String>? = nil, withData: Bool = false, upgraded: Set<String> = [],
        removalReason: String = "not in the specs any more", unfinished: Set<Address> = [],
        awaitingBoot: Set<Address> = []
    ) {
        self.desired = desired
        self.document = document
        self.observed = Dictionary(observed.map { ($0.address, $0) }) { first, _ in first }
        self.services = services
        self.withData = withData
        self.upgraded = upgraded
        self.removalReason = removalReason
        self.unfinished = unfinished
        self.awaitingBoot = awaitingBoot
    }

    func includes(_ address: Address) -> Bool { services?.contains(address.service) ?? true }
}
