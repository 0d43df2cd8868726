import Foundation
import Resources
import Services

/// One product of AWS's price list, with its on-demand price.
///
/// <https://docs.aws.amazon.com/awsaccountbilling/latest/aboutv2/reading-an-offer.html>
struct PriceProduct: Hashable {
    let attributes: [String: String]
    let price: Price

    /// - Parameter text: an element of GetProducts' `PriceList`: a JSON document.
    /// - Returns: `nil` when it has no price in US dollars by the hour or by the GB-month.
    init?(_ text: String) {
        guard let document = Value(json: Array(text.utf8)),
            let attributes = document["product"]?["attributes"]?.object,
            let price = Self.price(in: document["terms"]?["OnDemand"])
        else { return nil }
        self.attributes = attributes.compactMapValues(\.string)
        self.price = price
    }

    /// `{offer: {"priceDimensions": {rate: {"unit", "beginRange", "pricePerUnit": {"USD"}}}}}`. Of
    /// several steps of quantity the first one counts.
    private static func price(in offers: Value?) -> Price? {
        let dimensions = (offers?.object ?? [:]).sorted { $0.key < $1.key }
            .flatMap { ($0.value["priceDimensions"]?.object ?? [:]).sorted { $0.key < $1.key } }
            .map(\.value)
        let first = dimensions.first { ($0["beginRange"]?.string ?? "0") == "0" }
        guard let first, let unit = first["unit"]?.string.flatMap({ units[$0] }),
            let usd = first["pricePerUnit"]?["USD"]?.string.flatMap({ Decimal(string: $0) })
        else { return nil }
        return Price(usd, per: unit)
    }

    private static let units: [String: Price.Unit] = [
        "Hrs": .hour, "Hourly": .hour, "GB-Mo": .gibibyteMonth,
    ]
}
