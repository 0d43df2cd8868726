import Foundation
import Resources

/// The JSON in which programs and metadata services hand credentials out.
enum CredentialDocument {
    /// - Parameters:
    ///   - tokenName: the member that holds the session token.
    ///   - source: who handed it out, for errors, which never show a value of it.
    /// - Throws: `ProviderError` when something is missing.
    static func read(
        _ document: Value?, tokenName: String, from source: String
    ) throws -> IssuedCredentials {
        guard let document, document.object != nil else {
            throw unusable("\(source) did not answer with a JSON object")
        }
        func required(_ name: String) throws -> String {
            if let text = document[name]?.string, !text.isEmpty { return text }
            throw unusable("the answer of \(source) has no \(name)")
        }
        let credentials = AWSCredentials(
            accessKeyID: try required("AccessKeyId"),
            secretAccessKey: Secret(try required("SecretAccessKey")),
            sessionToken: document[tokenName]?.string.map { Secret($0) })
        let expiry = try document["Expiration"]?.string.map { text in
            guard let date = Date(iso8601: text) else {
                throw unusable("the Expiration in the answer of \(source) is not a time")
            }
            return date
        }
        return IssuedCredentials(credentials: credentials, expiry: expiry)
    }

    private static func unusable(_ detail: String) -> ProviderError {
        ProviderError(
            .unauthorized, provider: .aws, action: "read AWS credentials", detail: detail,
            remedy: "Correct what hands the credentials out.")
    }
}
