import HTTP
import Resources

/// Requests to one Proxmox VE: `<endpoint>/api2/json`.
///
/// Every call throws `ProxmoxFailure`, or `CancellationError`.
struct ProxmoxAPI: Sendable {
    let connection: ProxmoxConnection
    let client: any HTTPClient
    let time: any TimeSource
    let random: any RandomSource

    func get(_ path: Path, _ query: KeyValuePairs<String, String> = [:]) async throws -> Value {
        try await data(.get, path, query: query.map { $0 })
    }

    @discardableResult
    func delete(
        _ path: Path, _ query: KeyValuePairs<String, String> = [:]
    ) async throws -> Value {
        try await data(.delete, path, query: query.map { $0 })
    }

    @discardableResult
    func post(_ path: Path, _ form: Parameters = [:]) async throws -> Value {
        try await data(.post, path, form: form)
    }

    @discardableResult
    func put(_ path: Path, _ form: Parameters) async throws -> Value {
        try await data(.put, path, form: form)
    }

    /// Uploads `bytes` to a storage; a file of that name is overwritten.
    /// - Returns: the task that copies it into place.
    func upload(
        _ bytes: [UInt8], as filename: String, content: String, sha256: String, to path: Path
    ) async throws -> Value {
        let multipart = MultipartUpload(
            boundary: "launch-" + random.hexadecimal(32),
            fields: [
                ("content", content), ("checksum-algorithm", "sha256"), ("checksum", sha256),
            ],
            filename: filename, content: bytes)
        var request = request(.post, path)
        request.headers.append(HTTPHeader("Content-Type", multipart.contentType))
        request.body = multipart.body
        request.timeout = .seconds(600)
        return try await send(request)
    }

    private func data(
        _ method: HTTPRequest.Method, _ path: Path, query: [(String, String)] = []
    ) async throws -> Value {
        try await send(request(method, path, query: query))
    }

    private func data(
        _ method: HTTPRequest.Method, _ path: Path, form: Parameters
    ) async throws -> Value {
        var request = request(method, path)
        request.headers.append(HTTPHeader("Content-Type", "application/x-www-form-urlencoded"))
        request.body = .text(formEncoded(form.sorted { $0.key < $1.key }.map { ($0, $1) }))
        return try await send(request)
    }

    private func request(
        _ method: HTTPRequest.Method, _ path: Path, query: [(String, String)] = []
    ) -> HTTPRequest {
        let suffix = query.isEmpty ? "" : "?" + formEncoded(query)
        return HTTPRequest(
            method, connection.endpoint + "/api2/json" + path.text + suffix,
            headers: [connection.authorisation, HTTPHeader("Accept", "application/json")]
                + connection.extraHeaders,
            trust: connection.trust)
    }

    private func send(_ request: HTTPRequest) async throws -> Value {
        try await retrying(
            .standard, time: time, random: random,
            advice: { Self.advice(on: $0, isRead: request.isRead) }
        ) { _ in
            let response: HTTPResponse
            do {
                response = try await client.send(request)
            } catch let error as HTTPError {
                throw ProxmoxFailure(error)
            }
            guard response.isSuccess else { throw ProxmoxFailure(response) }
            return response.json?["data"] ?? .null
        }
    }

    /// A read is repeated whenever another answer is possible; a change only when the first
    /// attempt certainly had no effect.
    private static func advice(on error: any Error, isRead: Bool) -> RetryAdvice {
        guard let failure = error as? ProxmoxFailure else { return .giveUp }
        switch failure.recourse {
        case .again:
            if case .throttled(let pause?) = failure.reason { return .after(pause) }
            return .again
        case .look: return isRead ? .again : .giveUp
        case .none, .readAgain: return .giveUp
        }
    }
}

/// The parameters of a change, in the API's own spelling.
typealias Parameters = [String: String]

/// A path below `/api2/json`; interpolated pieces are percent-encoded.
struct Path: ExpressibleByStringInterpolation, Hashable {
    let text: String

    init(stringLiteral value: String) { text = value }
    init(stringInterpolation: StringInterpolation) { text = stringInterpolation.text }

    struct StringInterpolation: StringInterpolationProtocol {
        var text = ""

        init(literalCapacity: Int, interpolationCount: Int) {}

        mutating func appendLiteral(_ literal: String) { text += literal }
        mutating func appendInterpolation(_ piece: String) { text += piece.percentEncoded }
        mutating func appendInterpolation(_ number: Int) { text += String(number) }
        mutating func appendInterpolation(_ path: Path) { text += path.text }
    }
}
