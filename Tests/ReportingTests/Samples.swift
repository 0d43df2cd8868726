import Foundation
import Planning
import Resources
import Services
import TestSupport

/// Plans and drift over the Garden's kinds that the reports are tested with.
enum Samples {
    static let bed = Garden.address("web", Garden.bed)
    static let plant = Garden.address("web", Garden.plant)
    static let label = Garden.address("web", Garden.label)

    static func plan(
        _ changes: [Change], bootsToFinish: Set<Address> = [], keptForData: [Address] = [],
        upgrades: [Upgrade] = [], cost: CostForecast? = nil, losses: [ServiceLoss] = []
    ) -> Plan {
        Plan(
            project: "garden", lineage: "l-1", serial: 7, changes: changes,
            bootsToFinish: bootsToFinish, keptForData: keptForData, losses: losses,
            upgrades: upgrades, cost: cost)
    }

    /// A service that goes with everything, and one of which the state knows no age.
    static let farewell = plan(
        [
            Change(Garden.address("old", Garden.bed), .delete, reason: "taken down"),
            Change(Garden.address("web", Garden.bed), .delete, reason: "taken down"),
            Change(Garden.address("web", Garden.cellar), .noOp, reason: "kept"),
        ], keptForData: [Garden.address("web", Garden.cellar)],
        losses: [
            ServiceLoss(
                service: "old",
                data: [Disk(Garden.address("old", Garden.bed), id: "g-7", gibibytes: nil)]),
            ServiceLoss(
                service: "web", since: Date(timeIntervalSince1970: 1_777_777_777),
                hostnames: ["web.example.com"],
                disks: [Disk(Garden.address("web", Garden.bed), id: "g-1", gibibytes: 30)],
                keptData: [Disk(Garden.address("web", Garden.cellar), id: "g-2", gibibytes: 20)],
                runners: ["launch-garden-web"], secrets: ["WEB_TOKEN", "WEB_KEY"]),
        ])

    static let creation = plan([
        Change(
            bed, .create, reason: "new",
            fields: [
                FieldChange("soil", before: nil, after: "loam"),
                FieldChange("width", before: nil, after: 2),
            ]),
        Change(
            plant, .create, reason: "new",
            fields: [
                FieldChange("bed", before: nil, after: .reference(bed, "id")),
                FieldChange("height", before: nil, after: 10),
                FieldChange("colours", before: nil, after: ["blue", "red"]),
                FieldChange("scent", before: nil, after: nil, isSecret: true),
                FieldChange("note", before: nil, after: "line one\nline two\u{1B}[2J"),
            ], desired: Resource(plant, attributes: [:], origins: ["height": "size"])),
    ])

    /// One change of each other kind, in several services.
    static let mixture = plan(
        [
            Change(
                Garden.address("old", Garden.bed), .delete, reason: "not in the specs any more"),
            Change(
                bed, .replace, reason: "soil: loam → sand, width: 2 → 3",
                fields: [
                    FieldChange("soil", before: "loam", after: "sand", consequence: .replace),
                    FieldChange("width", before: 2, after: 3),
                ]),
            Change(
                plant, .replace, reason: "bed follows web/aws.bed",
                fields: [
                    FieldChange(
                        "bed", before: "g-1", after: .reference(bed, "id"), consequence: .replace)
                ], replacedByChangeOf: [bed]),
            Change(
                Garden.address("api", Garden.label), .adopt,
                reason: "it is ours, and not in the state"),
            Change(
                Garden.address("api", Garden.plant), .update,
                reason: "height: 12 → 10 (size), scent changed",
                fields: [
                    FieldChange("height", before: 12, after: 10, consequence: .restart),
                    FieldChange("scent", before: nil, after: nil, isSecret: true),
                ],
                desired: Resource(
                    Garden.address("api", Garden.plant), attributes: [:],
                    origins: ["height": "size"])),
            Change(
                Garden.address("old", Garden.plant), .forget,
                reason: "gone, and not in the specs any more"),
            Change(
                Garden.address("shed", Garden.bed), .noOp,
                reason: "kept: it holds data (--with-data deletes it)"),
            Change(
                Garden.address("zoo", Garden.plant), .update, reason: "height: 1 → 2",
                fields: [FieldChange("height", before: 1, after: 2, consequence: .restart)]),
        ], bootsToFinish: [Garden.address("zoo", Garden.bed)],
        keptForData: [Garden.address("shed", Garden.bed)])

    static func cost(_ usd: String, onDemand: String? = nil, unknown: Set<String> = []) -> Cost {
        var cost = Cost()
        cost.usd = Decimal(string: usd) ?? 0
        cost.ceilingUSD = onDemand.flatMap { Decimal(string: $0) } ?? cost.usd
        cost.unknown = unknown
        return cost
    }

    static func forecast(
        _ shares: [(service: String, before: Cost, after: Cost)], others: Cost = .nothing
    ) -> CostForecast {
        CostForecast(
            shares: shares.map {
                .init(service: $0.service, before: $0.before, after: $0.after)
            }, others: others,
            prices: PriceList(
                [
                    PriceTable(
                        source: "price list", date: "2026-01-31",
                        regions: ["eu-central-1": ["ebs.gp3": Price(1, per: .gibibyteMonth)]])
                ], region: "eu-central-1"))
    }

    static let nothing = plan([Change(bed, .noOp, reason: ""), Change(plant, .noOp, reason: "")])

    static let drift = Drift(
        project: "garden",
        findings: [
            DriftFinding(
                bed, .changed,
                fields: [
                    .init(path: "soil", recorded: "loam", actual: "sand|`clay`"),
                    .init(path: "width", recorded: 2, actual: nil),
                ]),
            DriftFinding(
                bed, .pending, fields: [.init(path: "width", recorded: 2, actual: 4)],
                reason: "width: 2 → 4"),
            DriftFinding(label, .unmanaged),
            DriftFinding(plant, .missing),
            DriftFinding(
                Garden.address("api", Garden.bed), .pending,
                fields: [.init(path: "soil", recorded: nil, actual: "loam")], reason: "new"),
        ])

    /// A plan that makes, changes or removes the bed of each of `count` services.
    static func plan(services count: Int, valueLength: Int = 20) -> Plan {
        plan(
            (0..<count).map { number in
                let text = String(repeating: "é", count: valueLength)
                return Change(
                    Garden.address("service-\(number)", Garden.bed), .update,
                    reason: "soil: (none) → \(text)",
                    fields: [FieldChange("soil", before: .null, after: .string(text))])
            })
    }
}
