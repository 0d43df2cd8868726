import Foundation
package import Resources

/// `prices.json`, as `schemas/prices.schema.json` describes it.
extension PriceTable: JSONCodable {
    package init(json: Value) throws {
        guard try Int(json: json["format_version"] ?? .null) == Self.format else {
            throw JSONMismatch("is of another format than \(Self.format)")
        }
        self.init(
            source: try String(json: json["source"] ?? .null),
            date: try String(json: json["date"] ?? .null),
            regions: try [String: [String: Price]](json: json["regions"] ?? .null))
    }

    package var json: Value {
        [
            "format_version": .integer(Self.format), "source": .string(source),
            "date": .string(date), "regions": regions.json,
        ]
    }

    private static let format = 1
}

/// The sum is a text, so that it is exact.
extension Price: JSONCodable {
    package init(json: Value) throws {
        guard let text = json["usd"]?.string, let usd = Decimal(string: text), usd >= 0 else {
            throw JSONMismatch("has no sum in US dollars")
        }
        self.init(usd, per: try Unit(json: json["per"] ?? .null))
    }

    package var json: Value {
        ["usd": .string(NSDecimalNumber(decimal: usd).stringValue), "per": unit.json]
    }
}

extension Price.Unit: JSONCodable {}
