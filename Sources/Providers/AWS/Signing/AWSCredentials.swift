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

/// `AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY` and, for temporary ones, `AWS_SESSION_TOKEN`.
package struct EnvironmentCredentials: CredentialSource {
    package let origin = "AWS_ACCESS_KEY_ID"
    private let environment: [String: String]

    package init(_ environment: [String: String]) { self.environment = environment }

    package func credentials() throws -> AWSCredentials {
        let accessKeyID = try required("AWS_ACCESS_KEY_ID")
        let secretAccessKey = try required("AWS_SECRET_ACCESS_KEY")
        return AWSCredentials(
            accessKeyID: accessKeyID, secretAccessKey: Secret(secretAccessKey),
            sessionToken: environment.nonEmpty("AWS_SESSION_TOKEN").map { Secret($0) })
    }

    private func required(_ name: String) throws -> String {
        if let value = environment.nonEmpty(name) { return value }
        throw ProviderError(
            .unauthorized, provider: .aws, action: "sign a request", detail: "\(name) is not set")
    }
}

extension [String: String] {
    /// The variable's value; `nil` also when it is set to nothing.
    func nonEmpty(_ name: String) -> String? {
        self[name].flatMap { $0.isEmpty ? nil : $0 }
    }
}
