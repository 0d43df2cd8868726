/// Text that must not be seen: it prints, reflects and interpolates as `(secret)`.
package struct Secret: Hashable, Sendable {
    /// The text itself, for the one call that needs it.
    package let revealed: String

    package init(_ text: String) { revealed = text }
}

extension Secret: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    package var description: String { "(secret)" }
    package var debugDescription: String { "(secret)" }
    package var customMirror: Mirror { Mirror(self, children: [:]) }
}

/// Tells whether a secret changed without keeping it: a keyed digest.
package protocol Fingerprinting: Sendable {
    /// A digest of `secret` under the project's key, in hexadecimal.
    func fingerprint(of secret: Secret) -> String
}
