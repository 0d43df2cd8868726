import Foundation
import Resources

/// A file that somebody keeps up to date, as Kubernetes does.
struct IdentityTokenFile: IdentityTokenSource {
    let path: String
    let host: any AWSHost

    var origin: String { "the identity token in \(path)" }

    func token() throws -> Secret {
        do {
            guard let bytes = try host.content(of: path) else {
                throw HostFailure("there is no such file")
            }
            let text = String(decoding: bytes, as: UTF8.self)
                .trimmingCharacters(in: .whitespacesAndNewlines)
            guard !text.isEmpty else { throw HostFailure("it is empty") }
            return Secret(text)
        } catch let failure as HostFailure {
            throw ProviderError(
                .unauthorized, provider: .aws, action: "read the identity token in \(path)",
                detail: failure.detail,
                remedy: "Correct AWS_WEB_IDENTITY_TOKEN_FILE or web_identity_token_file.")
        }
    }
}
