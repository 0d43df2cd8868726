package import HTTP
import Resources

/// The beginning of a session with a server of the Model Context Protocol over streamable HTTP.
///
/// <https://modelcontextprotocol.io/specification/2025-06-18/basic/transports#streamable-http>
package struct MCPHandshake: Sendable {
    package static let protocolVersion = "2025-06-18"

    private let http: any HTTPClient
    private let url: String

    package init(_ http: any HTTPClient, url: String) {
        self.http = http
        self.url = url
    }

    /// Initialises a session, says that it is, and ends it.
    /// - Returns: `.reached` when a server of the protocol answered.
    /// - Throws: `HTTPError`, `CancellationError`
    package func shake() async throws -> Sighting {
        let response = try await http.send(post(initialize))
        if let problem = problem(with: response) { return .waiting("\(url) \(problem)") }
        guard let answer = answer(in: response) else {
            return .waiting("\(url) does not answer `initialize` in JSON: \(response.excerpt)")
        }
        if let message = answer["error"]?["message"]?.string {
            return .waiting("\(url) refuses `initialize`: \(message.onOneLine)")
        }
        let result = answer["result"]
        guard let version = result?["protocolVersion"]?.string, !version.isEmpty,
            let name = result?["serverInfo"]?["name"]?.string, !name.isEmpty
        else {
            return .waiting("\(url) answers `initialize` without protocolVersion or serverInfo")
        }
        try await finish(version: version, session: response.header("Mcp-Session-Id"))
        return .reached
    }

    private var initialize: Value {
        [
            "jsonrpc": "2.0", "id": 1, "method": "initialize",
            "params": [
                "protocolVersion": .string(Self.protocolVersion), "capabilities": [:],
                "clientInfo": ["name": "launch", "version": "1"],
            ],
        ]
    }

    /// Servers that keep sessions are told that this one is over; whether they care is theirs.
    private func finish(version: String, session: String?) async throws {
        var headers = [HTTPHeader("MCP-Protocol-Version", version)]
        if let session { headers.append(HTTPHeader("Mcp-Session-Id", session, isSensitive: true)) }
        _ = try await http.send(
            post(["jsonrpc": "2.0", "method": "notifications/initialized"], headers))
        guard session != nil else { return }
        _ = try await http.send(
            HTTPRequest(.delete, url, headers: headers, timeout: .seconds(15)))
    }

    private func post(_ message: Value, _ more: [HTTPHeader] = []) throws -> HTTPRequest {
        HTTPRequest(
            .post, url,
            headers: [
                HTTPHeader("Content-Type", "application/json"),
                HTTPHeader("Accept", "application/json, text/event-stream"),
                HTTPHeader("User-Agent", "launch"),
            ] + more, body: try .json(message), timeout: .seconds(15))
    }

    private func problem(with response: HTTPResponse) -> String? {
        if let failure = response.edgeFailure { return failure }
        switch response.status {
        case 200..<300:
            return response.mediaType == "text/html"
                ? "answers a web page: is `health` the path of the MCP endpoint?" : nil
        case 300..<400:
            return "answers \(response.status) to \(response.header("Location") ?? "nowhere"): "
                + "set `health` to where it points"
        case 401:
            let scheme = response.header("WWW-Authenticate") ?? "no scheme"
            return "answers 401 (\(scheme.onOneLine)): `initialize` must be open, or another "
                + "`kind` chosen"
        default: return "answers \(response.status): \(response.excerpt)"
        }
    }

    /// The JSON-RPC answer, whether it comes as a document or in a stream of events.
    private func answer(in response: HTTPResponse) -> Value? {
        guard response.mediaType == "text/event-stream" else { return response.json }
        return ServerSentEvents(response.text).data.lazy.compactMap { Value(json: Array($0.utf8)) }
            .first { $0["id"] == 1 }
    }
}
