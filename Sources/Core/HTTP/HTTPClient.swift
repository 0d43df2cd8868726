/// The one seam to the network. Cancelling the task ends the transfer.
package protocol HTTPClient: Sendable {
    /// - Throws: `HTTPError` when there is no answer, `CancellationError` when cancelled. Any
    ///   answer of the server, also 500, is a response.
    func send(_ request: HTTPRequest) async throws -> HTTPResponse
}

/// Why there is no answer.
package struct HTTPError: Error, Hashable, Sendable {
    package enum Reason: Hashable, Sendable {
        case badURL
        case unknownHost
        case refused
        case untrustedCertificate
        case timedOut
        /// The connection broke: the request may or may not have had its effect.
        case interrupted
        case other
    }

    package let reason: Reason
    /// `https://host:port`, without path or query.
    package let origin: String
    package let detail: String

    package init(_ reason: Reason, origin: String, detail: String) {
        self.reason = reason
        self.origin = origin
        self.detail = detail
    }

    /// True when the request cannot have reached the server.
    package var isCertainlyWithoutEffect: Bool {
        switch reason {
        case .badURL, .unknownHost, .refused, .untrustedCertificate: true
        case .timedOut, .interrupted, .other: false
        }
    }
}

extension HTTPError: CustomStringConvertible {
    package var description: String { "\(origin): \(detail)" }
}
