package import Resources

/// Fingerprints of secrets under a key that only one state's history has.
///
/// The same secret in two projects has two fingerprints, so that neither a table of known
/// secrets nor the other state says what it is.
package struct ProjectFingerprint: Fingerprinting {
    /// Keeps this key apart from any other that is derived from the lineage.
    private static let label = "launch secret fingerprint v1"

    private let digests: any Digesting
    private let key: [UInt8]

    /// - Parameter lineage: the state document's.
    package init(lineage: String, digests: any Digesting = OpenSSLDigests()) {
        self.digests = digests
        key = digests.hmacSHA256(Array(Self.label.utf8), key: Array(lineage.utf8))
    }

    package func fingerprint(of secret: Secret) -> String {
        digests.hmacSHA256(Array(secret.revealed.utf8), key: key).hexadecimal
    }
}
