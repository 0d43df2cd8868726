package import Foundation

/// One request to a remote API.
package struct HTTPRequest: Sendable {
    package enum Method: String, Sendable {
        case get = "GET", head = "HEAD", post = "POST", put = "PUT", patch = "PATCH", delete =
            "DELETE"
    }

    package let method: Method
    /// The absolute URL, already percent-encoded; it is sent exactly so.
    package let url: String
    package var headers: [HTTPHeader]
    package var body: HTTPBody
    /// From connecting to the last byte of the answer.
    package var timeout: Duration
    /// How the server's certificate is judged.
    package var trust: TLSTrust
    /// Has the answer tell until when the server's certificate is valid, which takes a connection
    /// of its own.
    package var asksForCertificate = false

    package init(
        _ method: Method, _ url: String, headers: [HTTPHeader] = [], body: HTTPBody = .none,
        timeout: Duration = .seconds(60), trust: TLSTrust = .system
    ) {
        self.method = method
        self.url = url
        self.headers = headers
        self.body = body
        self.timeout = timeout
        self.trust = trust
    }
}

/// One header line. A sensitive one is never logged.
package struct HTTPHeader: Hashable, Sendable {
    package let name: String
    package let value: String
    package let isSensitive: Bool

    package init(_ name: String, _ value: String, isSensitive: Bool = false) {
        self.name = name
        self.value = value
        self.isSensitive = isSensitive
    }
}

/// What is sent after the headers.
package enum HTTPBody: Sendable {
    case none
    case bytes([UInt8])
    /// Read piece by piece while sending, so that it is never whole in memory.
    /// The closure returns the piece at an offset, at most so many bytes; empty at the end.
    case stream(length: Int, @Sendable (_ offset: Int, _ limit: Int) throws -> [UInt8])

    package static func text(_ text: String) -> HTTPBody { .bytes(Array(text.utf8)) }
}

/// How a server's certificate is judged.
package enum TLSTrust: Hashable, Sendable {
    /// By the system's certificate authorities, or those that the environment names.
    case system
    /// By this PEM file of authorities.
    case authorities(path: String)
    /// Only a certificate with this SHA-256 fingerprint (hexadecimal, colons allowed).
    case fingerprint(String)
    /// Any certificate: for experiments.
    case anything
}

/// What came back.
package struct HTTPResponse: Sendable {
    package let status: Int
    /// The words after the status: some servers put their message there.
    package let reason: String
    package let headers: [HTTPHeader]
    package let body: [UInt8]
    /// Until when the server's certificate is valid, where the request asked for it.
    package var certificateExpiry: Date?

    package init(status: Int, reason: String = "", headers: [HTTPHeader] = [], body: [UInt8] = []) {
        self.status = status
        self.reason = reason
        self.headers = headers
        self.body = body
    }

    /// The first header of that name, in any case.
    package func header(_ name: String) -> String? {
        headers.first { $0.name.lowercased() == name.lowercased() }?.value
    }

    package var isSuccess: Bool { (200..<300).contains(status) }
    package var text: String { String(decoding: body, as: UTF8.self) }
}
