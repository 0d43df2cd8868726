package import Resources

/// What requests are signed with.
package struct AWSCredentials: Hashable, Sendable {
    package let accessKeyID: String
    package let secretAccessKey: Secret
    /// Comes with temporary credentials.
    package let sessionToken: Secret?

    package init(accessKeyID: String, secretAccessKey: Secret, sessionToken: Secret? = nil) {
        self.accessKeyID = accessKeyID
        self.secretAccessKey = secretAccessKey
        self.sessionToken = sessionToken
    }
}

/// A place that credentials come from. Asked before every request, so one that refreshes keeps
/// its own copy.
package protocol CredentialSource: Sendable {
    /// The place, in words.
    var origin: String { get }
    /// - Throws: `ProviderError` with `.unauthorized` when there are none.
    func credentials() async throws -> AWSCredentials
}

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
        let isSet = [own.keyVariable, own.secretVariable].contains {
            environment.nonEmpty($0) != nil
        }
        return isSet ? own : nil
    }

    package var origin: String { keyVariable }

    package func credentials() throws -> AWSCredentials {
        let accessKeyID = try required(keyVariable)
        let secretAccessKey = try required(secretVariable)
        return AWSCredentials(
            accessKeyID: accessKeyID, secretAccessKey: Secret(secretAccessKey),
            sessionToken: environment.nonEmpty("\(prefix)_SESSION_TOKEN").map { Secret($0) })
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
