import Foundation
import Planning
import Resources
import Services

/// What a plan does to the bill, in lines for people.
struct CostWords {
    let forecast: CostForecast

    /// Nothing where nothing is paid for by the month: own hardware.
    var lines: [String] {
        let billed = forecast.shares.filter(\.isBilled)
        guard !billed.isEmpty || forecast.others.isBilled else { return [] }
        let changed = billed.filter(\.isChanged)
        return ["Estimated cost a month: \(transition(forecast.before, forecast.after))."]
            + changed.map { "  \($0.service): \(transition($0.before, $0.after))" }
            + billed.compactMap(spot) + notes
    }

    /// "12.00 → 15.50 USD (+3.50)", "12.00 USD".
    private func transition(_ before: Cost, _ after: Cost) -> String {
        let difference = after.usd - before.usd
        guard difference.cents != 0 || before.unknown != after.unknown else { return words(after) }
        return "\(words(before, currency: "")) → \(words(after)) (\(difference.signed))"
    }

    private func words(_ cost: Cost, currency: String = " USD") -> String {
        let most = cost.atMost.isEmpty ? "" : "at most "
        let more = cost.unknown.isEmpty ? "" : " and what is not known"
        return "\(most)\(cost.usd.dollars)\(currency)\(more)"
    }

    /// What spot capacity saves.
    private func spot(_ share: CostForecast.Share) -> String? {
        let saved = share.after.ceilingUSD - share.after.usd
        guard saved.cents > 0 else { return nil }
        return "  \(share.service): spot, \(saved.dollars) USD less than "
            + "\(share.after.ceilingUSD.dollars) USD on demand"
    }

    private var notes: [String] {
        let after = forecast.after
        let unknown = after.unknown.union(forecast.before.unknown).sorted()
        return [
            after.atMost.isEmpty
                ? nil
                : "Counted at the on-demand price, which spot never exceeds: "
                    + after.atMost.sorted().joined(separator: ", ") + "; `launch prices refresh` "
                    + "fetches today's.",
            unknown.isEmpty
                ? nil
                : "No price is known in \(region) of \(unknown.joined(separator: ", ")): "
                    + "run `launch prices refresh`.",
            forecast.prices.sources.isEmpty
                ? nil
                : "Prices of \(region): "
                    + forecast.prices.sources.map { "\($0.source) (\($0.date))" }
                    .joined(separator: "; ")
                    + ". Traffic, taxes and free tiers are not counted.",
        ].compactMap { $0 }
    }

    private var region: String { forecast.prices.region ?? "no region" }
}

extension CostForecast.Share {
    /// "+18.26 USD a month"; `nil` where it stays the same.
    var difference: String? {
        let difference = after.usd - before.usd
        return difference.cents == 0 ? nil : "\(difference.signed) USD a month"
    }

    fileprivate var isBilled: Bool { before.isBilled || after.isBilled }
    fileprivate var isChanged: Bool {
        before.usd.cents != after.usd.cents || before.unknown != after.unknown
    }
}

extension Cost {
    fileprivate var isBilled: Bool { usd != 0 || !unknown.isEmpty }

    /// `null` while part of it is not known.
    var monthlyUSD: Value { unknown.isEmpty ? usd.document : .null }

    /// As JSON; the sum is of what is known.
    var document: Value {
        [
            "usd": usd.document, "on_demand_usd": ceilingUSD.document,
            "at_most": .list(atMost.sorted().map(Value.string)),
            "unknown": .list(unknown.sorted().map(Value.string)),
        ]
    }
}

extension CostForecast {
    var document: Value {
        [
            "currency": "USD", "region": Value(prices.region),
            "before": before.document, "after": after.document,
            "difference_usd": difference.document,
            "services": .list(
                shares.map {
                    [
                        "service": .string($0.service), "before": $0.before.document,
                        "after": $0.after.document,
                    ]
                }), "others": others.document,
            "prices": .list(
                prices.sources.map { ["source": .string($0.source), "date": .string($0.date)] }),
        ]
    }
}

extension Decimal {
    /// "+3.50", "−3.50".
    fileprivate var signed: String { (self < 0 ? "−" : "+") + abs(self).dollars }

    /// To the cent.
    var document: Value { .number(NSDecimalNumber(decimal: cents).doubleValue) }
}
