import Resources

import Foundation

/// A token as GitHub issues it: `{"token": …, "expires_at": …}`.
struct ExpiringToken {
    let secret: Secret
    let expiry: Date

    init?(_ answer: Value) {
        guard let text = answer["token"]?.string,
            let expiry = answer["expires_at"]?.string.flatMap(Date.init(iso8601:))
        else { return nil }
        secret = Secret(text)
        self.expiry = expiry
    }

    /// How long it is good for.
    func seconds(at now: Date) -> Double { expiry.timeIntervalSince(now) }
}
