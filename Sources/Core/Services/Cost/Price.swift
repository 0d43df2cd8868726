package import Foundation

/// What one unit of something costs, in US dollars.
package struct Price: Hashable, Sendable {
    package enum Unit: String, Sendable, CaseIterable {
        case hour
        /// Of storage: a GiB for a month.
        case gibibyteMonth = "gib-month"
    }

    package let usd: Decimal
    package let unit: Unit

    package init(_ usd: Decimal, per unit: Unit) {
        self.usd = usd
        self.unit = unit
    }

    /// For one unit all month long.
    package var monthly: Decimal { unit == .hour ? usd * Self.hoursPerMonth : usd }

    /// A twelfth of a year, as AWS's own calculator counts.
    private static let hoursPerMonth: Decimal = 730
}
