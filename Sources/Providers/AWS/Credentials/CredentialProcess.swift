import Resources

/// A program that prints credentials, `credential_process` of a profile.
///
/// <https://docs.aws.amazon.com/sdkref/latest/guide/feature-process-credentials.html>
struct CredentialProcess: CredentialIssuer {
    let command: String
    let profile: String
    let host: any AWSHost

    var origin: String { "credential_process of the profile \(profile)" }

    func issue() async throws -> IssuedCredentials {
        guard let words = CommandLineWords.split(command), !words.isEmpty else {
            throw failure("its quotation marks do not match")
        }
        let document = Value(json: try await output(of: words))
        guard document?["Version"] == .integer(1) else {
            throw failure("it did not print a JSON document with \"Version\": 1")
        }
        return try CredentialDocument.read(document, tokenName: "SessionToken", from: origin)
    }

    private func output(of words: [String]) async throws -> [UInt8] {
        do {
            return try await host.output(of: words)
        } catch let problem as HostFailure {
            throw failure(problem.detail)
        }
    }

    /// Neither the command's arguments nor what it printed are shown: both may hold secrets.
    private func failure(_ detail: String) -> ProviderError {
        ProviderError(
            .unauthorized, provider: .aws, action: "run \(origin)", detail: detail,
            remedy: "Run the command by hand and correct it or the profile.")
    }
}
