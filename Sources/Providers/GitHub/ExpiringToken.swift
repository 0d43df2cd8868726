import Resources

import Foundation

/// A token as GitHub issues it: `{"token": …, "expires_at": …}`.
struct ExpiringToken {
    let secret: Secret
    let expiry: Date

    init?(_ answer: Value) {
        guard let text = answer["token"]?.string,
            let expiry = answer["expires_at"]?.string.flatMap(Self.date)
        else { return nil }
        secret = Secret(text)
        self.expiry = expiry
    }

    /// How long it is good for.
    func seconds(at now: Date) -> Double { expiry.timeIntervalSince(now) }

    /// ISO 8601, with or without fractions of a second, in any zone.
    static func date(_ text: String) -> Date? {
        (try? Date(text, strategy: .iso8601))
            ?? (try? Date(text, strategy: Date.ISO8601FormatStyle(includingFractionalSeconds: true)))
    }
}
