import HTTP
import Resources
import Synchronization

/// Requests to one Proxmox VE: `<endpoint>/api2/json`.
///
/// Every call throws `ProxmoxFailure`, or `CancellationError`.
struct ProxmoxAPI: Sendable {
    let connection: ProxmoxConnection
    let client: any HTTPClient
    let time: any TimeSource
    let random: any RandomSource
    private let answering = AnsweringEndpoint()

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
        return try await send { endpoint in
            var request = request(.post, endpoint, path)
            request.headers.append(HTTPHeader("Content-Type", multipart.contentType))
            request.body = multipart.body
            request.timeout = .seconds(600)
            return request
        }
    }

    private func data(
        _ method: HTTPRequest.Method, _ path: Path, query: [(String, String)] = []
    ) async throws -> Value {
        try await send { request(method, $0, path, query: query) }
    }

    private func data(
        _ method: HTTPRequest.Method, _ path: Path, form: Parameters
    ) async throws -> Value {
        let body = formEncoded(form.sorted { $0.key < $1.key }.map { ($0, $1) })
        return try await send { endpoint in
            var request = request(method, endpoint, path)
            request.headers.append(
                HTTPHeader("Content-Type", "application/x-www-form-urlencoded"))
            request.body = .text(body)
            return request
        }
    }

    private func request(
        _ method: HTTPRequest.Method, _ endpoint: String, _ path: Path,
        query: [(String, String)] = []
    ) -> HTTPRequest {
        let suffix = query.isEmpty ? "" : "?" + formEncoded(query)
        return HTTPRequest(
            method, endpoint + "/api2/json" + path.text + suffix,
            headers: [connection.authorisation, HTTPHeader("Accept", "application/json")]
                + connection.extraHeaders,
            trust: connection.trust)
    }

    /// - Parameter make: the request to one of the endpoints.
    private func send(_ make: (_ endpoint: String) -> HTTPRequest) async throws -> Value {
        let isRead = make(connection.endpoint).isRead
        return try await retrying(
            .standard, time: time, random: random,
            advice: { Self.advice(on: $0, isRead: isRead) }
        ) { _ in
            let response = try await exchange(make)
            guard response.isSuccess else { throw ProxmoxFailure(response) }
            return response.json?["data"] ?? .null
        }
    }

    /// Asks the endpoint that answered last, then the others of the cluster: every node answers
    /// for all. A change goes to another one only when it certainly did not reach the first.
    private func exchange(_ make: (_ endpoint: String) -> HTTPRequest) async throws -> HTTPResponse
    {
        let endpoints = connection.endpoints
        var index = answering.index
        var asked = 0
        while true {
            let request = make(endpoints[index])
            do {
                let response = try await client.send(request)
                answering.index = index
                return response
            } catch let error as HTTPError {
                asked += 1
                guard asked < endpoints.count, error.isOfConnection(in: request) else {
                    throw ProxmoxFailure(error)
                }
                index = (index + 1) % endpoints.count
            }
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

/// Which of the endpoints answered last.
private final class AnsweringEndpoint: Sendable {
    private let position = Mutex(0)

    var index: Int {
        get { position.withLock { $0 } }
        set { position.withLock { $0 = newValue } }
    }
}

extension HTTPError {
    /// True when another node may be asked the same.
    fileprivate func isOfConnection(in request: HTTPRequest) -> Bool {
        switch reason {
        case .unknownHost, .refused: true
        case .timedOut, .interrupted, .other: request.isRead
        case .badURL, .untrustedCertificate: false
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
