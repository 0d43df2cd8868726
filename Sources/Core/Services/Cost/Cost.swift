package import Foundation

/// What something costs a month in US dollars, as far as the prices are known.
package struct Cost: Hashable, Sendable {
    /// Without what has no known price.
    package var usd: Decimal = 0
    /// The same with everything of varying price at its ceiling: spot machines on demand.
    package var ceilingUSD: Decimal = 0
    /// Items that `usd` counts at their ceiling, since their own price is not known.
    package var atMost: Set<String> = []
    /// Items without a known price.
    package var unknown: Set<String> = []

    package init() {}

    package static let nothing = Cost()

    package static func + (left: Cost, right: Cost) -> Cost {
        var sum = left
        sum.usd += right.usd
        sum.ceilingUSD += right.ceilingUSD
        sum.atMost.formUnion(right.atMost)
        sum.unknown.formUnion(right.unknown)
        return sum
    }

    package static func sum(_ costs: some Sequence<Cost>) -> Cost { costs.reduce(.nothing, +) }
}

extension Decimal {
    /// To the cent.
    package var cents: Decimal {
        var (exact, rounded) = (self, Decimal())
        unsafe NSDecimalRound(&rounded, &exact, 2, .plain)
        return rounded
    }

    /// With two digits after the point: "12.50".
    package var dollars: String {
        let text = NSDecimalNumber(decimal: cents).stringValue
        guard let point = text.firstIndex(of: ".") else { return text + ".00" }
        let digits = text.distance(from: point, to: text.endIndex) - 1
        return text + String(repeating: "0", count: max(0, 2 - digits))
    }
}
