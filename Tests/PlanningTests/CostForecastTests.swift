import Foundation
import Resources
import Services
import TestSupport
import Testing

@testable import Planning

@Suite struct CostForecastTests {
    /// A plant costs its height in dollars.
    private struct ByHeight: Billing {
        func items(of kind: KindName, _ attributes: [String: Value]) -> [BilledItem] {
            guard kind == Garden.plant, let height = attributes["height"]?.integer else {
                return []
            }
            return [BilledItem("height", quantity: height)]
        }
    }

    private struct NoFingerprints: Fingerprinting {
        func fingerprint(of secret: Secret) -> String { "" }
    }

    private static let planner = Planner(
        kinds: KindCatalogue(Garden.kinds), fingerprints: NoFingerprints(),
        costs: CostEstimator(
            [ByHeight()],
            prices: PriceList(
                [
                    PriceTable(
                        source: "", date: "",
                        regions: ["here": ["height": Price(1, per: .gibibyteMonth)]])
                ], region: "here")))

    private func wanted(_ service: String, _ height: Int) -> Resource {
        Resource(Garden.address(service, Garden.plant), attributes: ["height": .integer(height)])
    }

    private func observed(_ service: String, _ height: Int) -> ObservedResource {
        ObservedResource(
            Garden.address(service, Garden.plant), id: "p", attributes: ["height": .integer(height)]
        )
    }

    private func recorded(_ service: String, _ height: Int) -> RecordedResource {
        let day = Date(timeIntervalSince1970: 0)
        return RecordedResource(
            address: Garden.address(service, Garden.plant), id: "p",
            attributes: ["height": .integer(height)], createdAt: day, updatedAt: day)
    }

    private func plan(
        _ desired: [Resource], _ observed: [ObservedResource], services: Set<String>? = nil,
        records: [RecordedResource] = []
    ) -> Plan {
        var document = StateDocument(lineage: "l", project: "garden")
        for record in records {
            document.services[record.address.service] = ServiceState(resources: [record])
        }
        return Self.planner.plan(
            PlanInput(
                desired: desired, document: document, observed: observed, services: services))
    }

    @Test func eachServiceIsCountedBeforeAndAfter() throws {
        let plan = plan(
            [wanted("new", 10), wanted("grown", 7), wanted("same", 3)],
            [observed("grown", 5), observed("same", 3), observed("old", 4)])
        let cost = try #require(plan.cost)
        #expect(cost.shares.map(\.service) == ["grown", "new", "old", "same"])
        #expect(cost.shares.map(\.before.usd) == [5, 0, 4, 3])
        #expect(cost.shares.map(\.after.usd) == [7, 10, 0, 3])
        #expect(cost.difference == 8)
    }

    @Test func whatAPlanLeavesAloneCountsAsItWasLeft() throws {
        let plan = plan(
            [wanted("web", 2)], [], services: ["web"], records: [recorded("other", 40)])
        let cost = try #require(plan.cost)
        #expect(cost.shares.map(\.service) == ["web"])
        #expect(cost.after.usd == 42)
    }

    @Test(arguments: [
        (9, nil, "the services would cost 10.00 USD a month, and launch.yaml allows 9"),
        (10, nil, nil), (nil, nil, nil), (9, 10, nil),
        (20, 5, "the services would cost 10.00 USD a month, and launch.yaml allows 5"),
    ])
    func aPlanOverTheLimitIsRefused(limit: Int?, allowed: Int?, message: String?) {
        let violations = plan([wanted("web", 10)], []).violations(
            limits: Limits(monthlyUSD: limit), allowing: Allowances(monthlyUSD: allowed),
            kinds: KindCatalogue(Garden.kinds), withData: false, specified: [])
        #expect(violations.map(\.message) == (message.map { ["\($0) (limits.monthly_usd)"] } ?? []))
        #expect(violations.allSatisfy { $0.remedy.hasSuffix("--allow-monthly-usd 10.") })
    }

    @Test func aPlanThatLowersTheBillIsNeverRefused() {
        let plan = plan([wanted("web", 10)], [observed("web", 12)])
        #expect(
            plan.violations(
                limits: Limits(monthlyUSD: 1), kinds: KindCatalogue(Garden.kinds), withData: false,
                specified: []
            ).isEmpty)
    }
}
