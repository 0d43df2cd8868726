import Foundation
import Resources
import Services
import Testing

@Suite struct CostTests {
    private struct Garden: Billing {
        func items(of kind: KindName, _ attributes: [String: Value]) -> [BilledItem] {
            switch kind.name {
            case "plot": [BilledItem("soil", quantity: attributes["area"]?.integer ?? 1)]
            case "spot": [BilledItem("auction", ceiling: "rent")]
            default: []
            }
        }
    }

    private static let old = PriceTable(
        source: "old list", date: "2025-01-01",
        regions: ["north": ["soil": usd("0.5", .gibibyteMonth), "rent": usd("0.0104", .hour)]])
    private static let new = PriceTable(
        source: "new list", date: "2026-01-01",
        regions: ["north": ["soil": usd("0.08", .gibibyteMonth)], "south": [:]])

    private static func usd(_ text: String, _ unit: Price.Unit) -> Price {
        Price(Decimal(string: text) ?? 0, per: unit)
    }

    private func cost(
        _ kind: String, _ attributes: [String: Value] = [:], tables: [PriceTable] = [new, old],
        region: String? = "north"
    ) -> Cost {
        CostEstimator([Garden()], prices: PriceList(tables, region: region))
            .cost(of: KindName(.aws, kind), attributes)
    }

    @Test func theFirstTableThatKnowsAPriceCounts() {
        #expect(cost("plot", ["area": 20]).usd.dollars == "1.60")
        #expect(cost("plot", ["area": 20], tables: [Self.old]).usd.dollars == "10.00")
        #expect(cost("shed") == .nothing)
    }

    @Test func whatIsNotKnownIsNamed() {
        for region in ["south", nil] {
            let cost = cost("plot", region: region)
            #expect(cost.usd == 0)
            #expect(cost.unknown == ["soil"])
        }
    }

    @Test func aVaryingPriceThatIsNotKnownIsCountedAtItsCeiling() {
        let bounded = cost("spot")
        #expect(bounded.usd.dollars == "7.59")
        #expect(bounded.atMost == ["auction"])
        let auction = PriceTable(
            source: "", date: "", regions: ["north": ["auction": Self.usd("0.003", .hour)]])
        let known = cost("spot", tables: [auction, Self.old])
        #expect(known.usd.dollars == "2.19")
        #expect(known.ceilingUSD.dollars == "7.59")
        #expect(known.atMost.isEmpty)
    }

    @Test(arguments: [
        ("0", "0.00"), ("7.592", "7.59"), ("7.595", "7.60"), ("1200", "1200.00"), ("0.5", "0.50"),
    ])
    func sumsAreRoundedToTheCent(exact: String, words: String) {
        #expect(Decimal(string: exact)?.dollars == words)
    }

    @Test func aTableIsTheSameAfterWritingAndReading() throws {
        #expect(try PriceTable(json: Self.old.json) == Self.old)
    }

    @Test(arguments: [
        (#"{"format_version": 2}"#, "the document is of another format than 1"),
        (#"{"format_version": 1, "source": "s"}"#, "the document is not a text"),
        (
            #"{"format_version":1,"source":"s","date":"d","regions":{"r":{"x":{"usd":"-1","per":"hour"}}}}"#,
            "r.x has no sum in US dollars"
        ),
        (
            #"{"format_version":1,"source":"s","date":"d","regions":{"r":{"x":{"usd":"1","per":"day"}}}}"#,
            "r.x is none of the known words"
        ),
    ])
    func aBrokenTableIsRefused(text: String, complaint: String) {
        #expect {
            try PriceTable(json: Value(json: Array(text.utf8)) ?? .null)
        } throws: { "\($0)" == complaint }
    }
}
