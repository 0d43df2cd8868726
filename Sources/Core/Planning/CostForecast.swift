package import Foundation
import Resources
package import Services

/// What a plan does to the monthly bill.
package struct CostForecast: Hashable, Sendable {
    /// One service's part of the bill.
    package struct Share: Hashable, Sendable {
        package let service: String
        /// Of what there is.
        package let before: Cost
        /// Of what there will be.
        package let after: Cost

        package init(service: String, before: Cost, after: Cost) {
            self.service = service
            self.before = before
            self.after = after
        }
    }

    /// The services of the plan, by name.
    package let shares: [Share]
    /// What the plan does not look at, as it was left.
    package let others: Cost
    package let prices: PriceList

    package init(shares: [Share], others: Cost = .nothing, prices: PriceList) {
        self.shares = shares
        self.others = others
        self.prices = prices
    }

    /// Of all services together.
    package var before: Cost { Cost.sum(shares.map(\.before)) + others }
    package var after: Cost { Cost.sum(shares.map(\.after)) + others }
    package var difference: Decimal { after.usd - before.usd }
}

extension CostForecast {
    init(_ changes: [Change], _ input: PlanInput, _ costs: CostEstimator) {
        shares = Dictionary(grouping: changes, by: \.service)
            .filter { $0.key != Address.projectWide }.sorted { $0.key < $1.key }
            .map { service, changes in
                Share(
                    service: service, before: costs.cost(of: changes.compactMap(\.observed)),
                    after: Cost.sum(
                        changes.map { costs.cost(of: $0.address.kind, $0.attributesAfter) }))
            }
        others = Cost.sum(
            input.document.resources.values.filter { !input.includes($0.address) }
                .map { costs.cost(of: $0.address.kind, $0.attributes) })
        prices = costs.prices
    }
}

extension Cost {
    /// Whole dollars that are enough.
    var wholeUSD: Int {
        let cents = usd.cents
        let whole = NSDecimalNumber(decimal: cents).intValue
        return Decimal(whole) < cents ? whole + 1 : whole
    }
}

extension Change {
    /// What is known of the object as it will be; nothing of one that goes.
    fileprivate var attributesAfter: [String: Value] {
        switch action {
        case .delete, .forget: [:]
        case .create, .replace: desired?.attributes ?? [:]
        case .update, .adopt, .noOp:
            (observed?.attributes ?? [:]).merging(desired?.attributes ?? [:]) { $1 }
        }
    }
}
