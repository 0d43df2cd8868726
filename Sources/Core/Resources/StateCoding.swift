package import Foundation

/// How the state is written as JSON: sorted keys, times as RFC 3339 in UTC with milliseconds.
package enum StateCoding {
    package static func encoder() -> JSONEncoder {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        encoder.dateEncodingStrategy = .custom { date, encoder in
            var container = encoder.singleValueContainer()
            try container.encode(date.timestamp)
        }
        return encoder
    }

    package static func decoder() -> JSONDecoder {
        let decoder = JSONDecoder()
        decoder.dateDecodingStrategy = .custom { decoder in
            let container = try decoder.singleValueContainer()
            let text = try container.decode(String.self)
            guard let date = Date(timestamp: text) else {
                throw DecodingError.dataCorruptedError(
                    in: container, debugDescription: "\"\(text)\" is not a time")
            }
            return date
        }
        return decoder
    }
}

extension Date {
    /// `2026-09-21T14:13:20.000Z`.
    package var timestamp: String {
        // The style cuts off what is below a millisecond; half of one makes it round.
        addingTimeInterval(0.0005).formatted(Self.timestampStyle)
    }

    /// Reads `timestamp`.
    package init?(timestamp: String) {
        guard let date = try? Date(timestamp, strategy: Self.timestampStyle) else { return nil }
        self = date
    }

    private static let timestampStyle = Date.ISO8601FormatStyle(includingFractionalSeconds: true)
}
