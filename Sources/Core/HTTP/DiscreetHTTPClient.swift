import Resources

/// A client whose refusals quote no secret: a server may say what it was sent, and its words end
/// up in errors, reports and logs.
package struct DiscreetHTTPClient: HTTPClient {
    private let base: any HTTPClient
    /// The longest first, for one may be a part of another.
    private let secrets: [[UInt8]]

    /// - Parameter secrets: short ones are no secrets, and stay.
    package init(_ base: any HTTPClient, hiding secrets: some Sequence<String>) {
        self.base = base
        self.secrets = Set(secrets).filter { $0.utf8.count >= Self.minimumLength }
            .map { Array($0.utf8) }.sorted { $0.count > $1.count }
    }

    /// In bytes.
    private static let minimumLength = 8
    private static let placeholder = Array("(secret)".utf8)

    package func send(_ request: HTTPRequest) async throws -> HTTPResponse {
        let response = try await base.send(request)
        guard !response.isSuccess else { return response }
        return HTTPResponse(
            status: response.status,
            reason: String(decoding: hiding(Array(response.reason.utf8)), as: UTF8.self),
            headers: response.headers, body: hiding(response.body))
    }

    private func hiding(_ text: [UInt8]) -> [UInt8] {
        secrets.reduce(text) { $0.replacing($1, with: Self.placeholder) }
    }
}

/// Which variables hold secrets, by their names.
package enum SecretVariables {
    private static let words = ["TOKEN", "SECRET", "PASSWORD", "PASSPHRASE", "APP_KEY", "HEADERS"]

    /// Values, and the parts of those that are made of several: `user@realm!id=secret`.
    package static func values(in environment: [String: String]) -> [String] {
        environment.filter { name, _ in words.contains { name.contains($0) } }.values.flatMap {
            [$0] + $0.split { "=: \n,;".contains($0) }.map(String.init)
        }
    }
}
