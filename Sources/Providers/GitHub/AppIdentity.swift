package import Resources

import Foundation

/// A GitHub App, as which Launch can act in place of a person.
struct AppIdentity: Hashable, Sendable {
    static let idVariable = "LAUNCH_GITHUB_APP_ID"
    static let keyVariable = "LAUNCH_GITHUB_APP_KEY"

    /// The App's number or its client ID.
    let id: String
    private let key: Secret

    /// - Parameter key: the private key in PEM; its line ends may be written as `\n`.
    init(id: String, key: Secret) {
        self.id = id
        self.key = Secret(key.revealed.replacing("\\n", with: "\n"))
    }

    /// Ten minutes is the longest that GitHub takes.
    private static let validity = 540
    /// For a clock of ours that goes fast.
    private static let allowance = 60

    /// A JSON Web Token (RFC 7519) that proves to be the App for nine minutes:
    /// <https://docs.github.com/en/apps/creating-github-apps/authenticating-with-a-github-app>.
    ///
    /// - Returns: `nil` when the key is no RSA key.
    func token(at now: Date, sign: RSASigning) -> Secret? {
        let seconds = Int(now.timeIntervalSince1970)
        let claims: Value = [
            "iat": .integer(seconds - Self.allowance), "exp": .integer(seconds + Self.validity),
            "iss": .string(id),
        ]
        let header: Value = ["alg": "RS256", "typ": "JWT"]
        let text = [header, claims].map { base64URL(Array($0.jsonText().utf8)) }
            .joined(separator: ".")
        return sign(Array(text.utf8), key).map { Secret("\(text).\(base64URL($0))") }
    }
}

/// Signs a message by RS256 with a private key in PEM; `nil` when it is no such key.
package typealias RSASigning = @Sendable (_ message: [UInt8], _ key: Secret) -> [UInt8]?

/// RFC 4648, section 5, without padding.
private func base64URL(_ bytes: [UInt8]) -> String {
    Data(bytes).base64EncodedString().replacing("+", with: "-").replacing("/", with: "_")
        .replacing("=", with: "")
}
