import Planning
import Reporting
import Resources
import Services
import Testing

@Suite struct CostReportTests {
    static let grown = Samples.forecast(
        [
            ("home", .nothing, .nothing),
            ("job", .nothing, Samples.cost("6.20", onDemand: "17.52")),
            ("web", Samples.cost("21.0364"), Samples.cost("39.2992")),
        ], others: Samples.cost("10"))

    @Test(arguments: [
        (
            grown,
            """
            Estimated cost a month: 31.04 → 55.50 USD (+24.46).
              job: 0.00 → 6.20 USD (+6.20)
              web: 21.04 → 39.30 USD (+18.26)
              job: spot, 11.32 USD less than 17.52 USD on demand
            Prices of eu-central-1: price list (2026-01-31). Traffic, taxes and free tiers are not counted.

            """
        ),
        (
            Samples.forecast([
                ("web", Samples.cost("30.5"), Samples.cost("12", unknown: ["ec2.m9i.large"]))
            ]),
            """
            Estimated cost a month: 30.50 → 12.00 USD and what is not known (−18.50).
              web: 30.50 → 12.00 USD and what is not known (−18.50)
            No price is known in eu-central-1 of ec2.m9i.large: run `launch prices refresh`.
            Prices of eu-central-1: price list (2026-01-31). Traffic, taxes and free tiers are not counted.

            """
        ),
        (
            Samples.forecast([("web", Samples.cost("30.5"), Samples.cost("30.5"))]),
            """
            Estimated cost a month: 30.50 USD.
            Prices of eu-central-1: price list (2026-01-31). Traffic, taxes and free tiers are not counted.

            """
        ),
        (Samples.forecast([("home", .nothing, .nothing)]), ""),
    ])
    func aPlanTellsWhatItCosts(forecast: CostForecast, expected: String) {
        let text = PlanReport(Samples.plan([], cost: forecast), requests: [.aws: 4]).text()
        #expect(
            text == "No changes. 0 objects are as the specs say.\n\(expected)4 requests (aws 4).\n")
    }

    @Test func aSpotPriceThatIsNotKnownIsAnUpperBound() {
        var cost = Samples.cost("15.18")
        cost.atMost = ["ec2.spot.t3.small"]
        let report = PlanReport(
            Samples.plan([], cost: Samples.forecast([("job", .nothing, cost)])), requests: [:])
        #expect(report.text().contains("a month: 0.00 → at most 15.18 USD (+15.18).\n"))
        #expect(
            report.text().contains(
                "at the on-demand price, which spot never exceeds: ec2.spot.t3.small;"))
    }
}
