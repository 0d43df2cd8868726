package import HTTP

import Foundation

/// A request as a server sees it.
package struct SimulatedRequest: Sendable {
    package let method: String
    /// `https://host:port`.
    package let origin: String
    package let host: String
    /// As sent, still percent-encoded, without the query.
    package let path: String
    /// As sent, still percent-encoded; empty when there is none.
    package let query: String
    package let headers: [HTTPHeader]
    package let body: [UInt8]

    package init(
        method: String, origin: String, host: String, path: String, query: String,
        headers: [HTTPHeader], body: [UInt8]
    ) {
        self.method = method
        self.origin = origin
        self.host = host
        self.path = path
        self.query = query
        self.headers = headers
        self.body = body
    }

    /// - Throws: `HTTPError` when the URL is none.
    init(_ request: HTTPRequest) throws {
        guard let scheme = request.url.range(of: "://") else {
            throw HTTPError(.badURL, origin: request.url, detail: "not a URL: \(request.url)")
        }
        let afterScheme = request.url[scheme.upperBound...]
        let host = afterScheme.prefix { $0 != "/" && $0 != "?" }
        let target = afterScheme.dropFirst(host.count)
        let path = target.prefix { $0 != "?" }
        var body: [UInt8] = []
        switch request.body {
        case .none: break
        case .bytes(let bytes): body = bytes
        case .stream(let length, let read):
            while body.count < length {
                let piece = try read(body.count, length - body.count)
                if piece.isEmpty { break }
                body += piece
            }
        }
        self.init(
            method: request.method.rawValue,
            origin: String(request.url[..<scheme.upperBound] + host), host: String(host),
            path: path.isEmpty ? "/" : String(path),
            query: String(target.dropFirst(path.count + 1)),
            headers: request.headers, body: body)
    }

    package func header(_ name: String) -> String? {
        headers.first { $0.name.lowercased() == name.lowercased() }?.value
    }
}
