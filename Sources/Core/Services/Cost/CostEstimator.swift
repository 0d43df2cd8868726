import Foundation
package import Resources

/// Adds up what objects cost a month, without traffic, taxes, credits and free tiers.
package struct CostEstimator: Sendable {
    private let billings: [any Billing]
    package let prices: PriceList

    package init(_ billings: [any Billing], prices: PriceList) {
        self.billings = billings
        self.prices = prices
    }

    /// - Parameter attributes: of an object of that kind, as it is or as it is wanted.
    package func cost(of kind: KindName, _ attributes: [String: Value]) -> Cost {
        Cost.sum(billings.flatMap { $0.items(of: kind, attributes) }.map(cost))
    }

    package func cost(of objects: some Sequence<ObservedResource>) -> Cost {
        Cost.sum(objects.map { cost(of: $0.address.kind, $0.attributes) })
    }

    private func cost(of item: BilledItem) -> Cost {
        var cost = Cost()
        let ceiling = item.ceiling.flatMap(prices.price)
        guard let price = prices.price(of: item.name) ?? ceiling else {
            cost.unknown = [item.name]
            return cost
        }
        cost.usd = price.monthly * .init(item.quantity)
        cost.ceilingUSD = (ceiling ?? price).monthly * .init(item.quantity)
        if prices.price(of: item.name) == nil { cost.atMost = [item.name] }
        return cost
    }
}
