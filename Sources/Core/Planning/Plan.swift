package import Resources

/// Everything that has to happen so that the world is as the specs say.
package struct Plan: Hashable, Sendable {
    package let project: String
    package let lineage: String
    /// The state that the plan was made from.
    package let serial: Int
    /// Removals first, then by address.
    package let changes: [Change]
    /// Machines whose boot is over although what they booted from is still there.
    package let bootsToFinish: Set<Address>
    /// Objects that would be deleted if they held no data.
    package let keptForData: [Address]
    /// What goes with each service of which nothing is wanted any more, by name.
    package let losses: [ServiceLoss]
    /// What a replacement of machines that stay would bring, by address.
    package let upgrades: [Upgrade]
    /// Services that move from one target to another, in order of name.
    package let successions: [Succession]
    /// Objects of other services whose place a new one would take, by the new one.
    package let displaced: [Address: Address]
    /// What it does to the monthly bill; `nil` when nobody estimated that.
    package let cost: CostForecast?

    package init(
        project: String, lineage: String, serial: Int, changes: [Change],
        bootsToFinish: Set<Address> = [], keptForData: [Address] = [], losses: [ServiceLoss] = [],
        upgrades: [Upgrade] = [], successions: [Succession] = [],
        displaced: [Address: Address] = [:], cost: CostForecast? = nil
    ) {
        self.project = project
        self.lineage = lineage
        self.serial = serial
        self.changes = changes
        self.bootsToFinish = bootsToFinish
        self.keptForData = keptForData
        self.losses = losses
        self.upgrades = upgrades
        self.successions = successions
        self.displaced = displaced
        self.cost = cost
    }

    /// How many changes there are of each action.
    package var summary: [Change.Action: Int] {
        changes.reduce(into: [:]) { $0[$1.action, default: 0] += 1 }
    }

    /// The changes that do something.
    package var effective: [Change] { changes.filter { $0.action != .noOp } }

    /// The services of which something is written.
    package var servicesConcerned: Set<String> {
        Set(effective.map(\.service) + effective.compactMap(\.former?.service))
    }

    /// The services of which something is wanted.
    package var wantedServices: Set<String> {
        Set(changes.filter { $0.desired != nil }.map(\.service))
    }

    package var isEmpty: Bool { effective.isEmpty && bootsToFinish.isEmpty }
}
