package import Foundation

extension Date {
    /// Reads ISO 8601 as servers write it: with or without fractions of a second, in any zone.
    package init?(iso8601 text: String) {
        let exact = Date.ISO8601FormatStyle(includingFractionalSeconds: true)
        guard let date = (try? Date(text, strategy: .iso8601)) ?? (try? exact.parse(text)) else {
            return nil
        }
        self = date
    }
}
