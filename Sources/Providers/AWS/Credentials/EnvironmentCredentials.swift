import Foundation
import Resources

/// `AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY` and, for temporary ones, `AWS_SESSION_TOKEN`; or
/// those of another prefix.
package struct EnvironmentCredentials: CredentialSource {
    private static let statePrefix = "LAUNCH_STATE"

    private let environment: [String: String]
    private let prefix: String

    package init(_ environment: [String: String]) {
        self.init(environment, prefix: "AWS")
    }

    private init(_ environment: [String: String], prefix: String) {
        self.environment = environment
        self.prefix = prefix
    }

    /// Those of the state's bucket, when it has its own: `LAUNCH_STATE_ACCESS_KEY_ID` and
    /// `LAUNCH_STATE_SECRET_ACCESS_KEY`.
    package static func ofState(_ environment: [String: String]) -> EnvironmentCredentials? {
        let own = EnvironmentCredentials(environment, prefix: statePrefix)
        let isSet = own.hasKey || environment.nonEmpty(own.secretVariable) != nil
        return isSet ? own : nil
    }

    package var origin: String { keyVariable }

    /// True when the key is set, whether or not its secret is.
    var hasKey: Bool { environment.nonEmpty(keyVariable) != nil }

    package func credentials() throws -> AWSCredentials {
        let accessKeyID = try required(keyVariable)
        let secretAccessKey = try required(secretVariable)
        return AWSCredentials(
            accessKeyID: accessKeyID, secretAccessKey: Secret(secretAccessKey),
            sessionToken: environment.nonEmpty("\(prefix)_SESSION_TOKEN").map { Secret($0) })
    }

    /// When they end, if `AWS_CREDENTIAL_EXPIRATION` says so.
    /// - Throws: `ProviderError` when that is no time.
    func expiry() throws -> Date? {
        let variable = "\(prefix)_CREDENTIAL_EXPIRATION"
        guard let text = environment.nonEmpty(variable) else { return nil }
        if let date = Date(iso8601: text) { return date }
        throw ProviderError(
            .unauthorized, provider: .aws, action: "sign a request",
            detail: "\(variable) is no time: \(text)",
            remedy: "Write it like 2026-01-31T12:00:00Z, or leave it out.")
    }

    private var keyVariable: String { "\(prefix)_ACCESS_KEY_ID" }
    private var secretVariable: String { "\(prefix)_SECRET_ACCESS_KEY" }

    private func required(_ name: String) throws -> String {
        if let value = environment.nonEmpty(name) { return value }
        throw ProviderError(
            .unauthorized, provider: .aws, action: "sign a request", detail: "\(name) is not set",
            remedy: "Set \(keyVariable) and \(secretVariable).")
    }
}

extension [String: String] {
    /// The variable's value; `nil` also when it is set to nothing.
    func nonEmpty(_ name: String) -> String? {
        self[name].flatMap { $0.isEmpty ? nil : $0 }
    }
}
