/// Prices that one source told on one day.
package struct PriceTable: Hashable, Sendable {
    /// Where they are from, in words.
    package let source: String
    /// The day they were read, `2026-07-20`.
    package let date: String
    /// By region, then by the name of what is paid for.
    package let regions: [String: [String: Price]]

    package init(source: String, date: String, regions: [String: [String: Price]]) {
        self.source = source
        self.date = date
        self.regions = regions
    }
}

/// The prices of one region: of several tables the first that knows one counts.
package struct PriceList: Hashable, Sendable {
    package let tables: [PriceTable]
    /// `nil` while nothing says which region it is: then no price is known.
    package let region: String?

    package init(_ tables: [PriceTable], region: String?) {
        self.tables = tables
        self.region = region
    }

    package func price(of item: String) -> Price? {
        guard let region else { return nil }
        return tables.lazy.compactMap { $0.regions[region]?[item] }.first
    }

    /// Every price that counts, by name.
    package var known: [(name: String, price: Price)] {
        guard let region else { return [] }
        return tables.compactMap { $0.regions[region] }
            .reduce(into: [:]) { known, prices in known.merge(prices) { first, _ in first } }
            .sorted { $0.key < $1.key }.map { (name: $0.key, price: $0.value) }
    }

    /// The tables that say something of the region.
    package var sources: [PriceTable] {
        guard let region else { return [] }
        return tables.filter { !($0.regions[region] ?? [:]).isEmpty }
    }
}
