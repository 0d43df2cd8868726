package import HTTP

/// A client that lets only those requests through that an API's description allows, and fails
/// when the answer is not as described either.
package struct OpenAPIChecker: HTTPClient {
    private let base: any HTTPClient
    private let document: OpenAPIDocument

    package init(_ base: any HTTPClient, against document: OpenAPIDocument) {
        self.base = base
        self.document = document
    }

    /// - Throws: `OpenAPIViolation`, or what the client underneath throws.
    package func send(_ request: HTTPRequest) async throws -> HTTPResponse {
        try check(document.violations(of: request))
        let response = try await base.send(request)
        try check(document.violations(of: response, to: request))
        return response
    }

    private func check(_ violations: [String]) throws {
        if !violations.isEmpty { throw OpenAPIViolation(reasons: violations) }
    }
}

/// A request or an answer that is not as the API's description says.
package struct OpenAPIViolation: Error, CustomStringConvertible {
    package let reasons: [String]

    package var description: String { reasons.joined(separator: "\n") }
}
