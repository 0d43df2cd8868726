import Foundation
import Resources

/// The settings of one zone that there are here, of the many that a real one has:
/// <https://developers.cloudflare.com/api/resources/zones/subresources/settings/>.
struct SimulatedZoneSettings {
    private static let choices: [String: [String]] = [
        "ssl": ["off", "flexible", "full", "strict"], "always_use_https": ["on", "off"],
        "min_tls_version": ["1.0", "1.1", "1.2", "1.3"],
    ]

    private var values = ["ssl": "full", "always_use_https": "off", "min_tls_version": "1.0"]
    private var changes: [String: Date] = [:]

    /// - Parameter id: of a setting: `ssl`.
    /// - Throws: `CloudflareRefusal` when there is no such setting, or it cannot be so.
    mutating func answer(_ request: SimulatedRequest, _ id: String, at now: Date) throws -> Value {
        guard let choices = Self.choices[id] else {
            throw CloudflareRefusal(400, 1003, "Undefined zone setting: \(id)")
        }
        switch request.method {
        case "GET": break
        case "PATCH":
            guard let value = try request.fields["value"]?.string, choices.contains(value) else {
                throw CloudflareRefusal(400, 1007, "Invalid value for zone setting \(id)")
            }
            set(id, to: value, at: now)
        default: throw CloudflareRefusal.noRoute
        }
        return [
            "id": .string(id), "value": .string(values[id] ?? ""), "editable": true,
            "modified_on": changes[id]?.timestamp ?? .null,
        ]
    }

    subscript(_ id: String) -> String? { values[id] }

    mutating func set(_ id: String, to value: String, at now: Date) {
        values[id] = value
        changes[id] = now
    }
}
