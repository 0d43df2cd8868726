import FlyingFox
import HTTP
import Resources

import Foundation

/// What comes in at one vendor's port goes the way of every request in the world.
struct VendorDoor: HTTPHandler {
    /// Proxmox takes uploads.
    static let largestBody = 64 << 20

    let world: SimulatedWorld
    let vendor: ProviderName

    func handleRequest(_ request: FlyingFox.HTTPRequest) async throws -> FlyingFox.HTTPResponse {
        guard (request.bodySequence.count ?? 0) <= Self.largestBody else {
            return FlyingFox.HTTPResponse(statusCode: .payloadTooLarge)
        }
        do {
            let answer = try await world.answer(
                try await SimulatedRequest(request), at: vendor)
            return FlyingFox.HTTPResponse(answer)
        } catch is HTTPError {
            return .broken
        }
    }
}

/// A mirror of the publishers' files: `/<host>/<path>`.
struct MirrorDoor: HTTPHandler {
    let world: SimulatedWorld

    func handleRequest(_ request: FlyingFox.HTTPRequest) async throws -> FlyingFox.HTTPResponse {
        let asked = try await SimulatedRequest(request)
        let host = asked.path.split(separator: "/").first.map(String.init) ?? ""
        let answer = try await world.send(
            HTTP.HTTPRequest(.get, "https://\(host)\(asked.path.dropFirst(host.count + 1))"))
        return FlyingFox.HTTPResponse(answer)
    }
}

/// Where public names answer, each under its `Host`: what stands behind the edge's TLS.
struct EdgeDoor: HTTPHandler {
    let world: SimulatedWorld

    func handleRequest(_ request: FlyingFox.HTTPRequest) async throws -> FlyingFox.HTTPResponse {
        let asked = try await SimulatedRequest(request)
        guard world.locked({ $0.edge.serves(asked) }) else {
            return FlyingFox.HTTPResponse(statusCode: .notFound)
        }
        do {
            return FlyingFox.HTTPResponse(try await world.answer(asked))
        } catch let error as HTTPError where error.reason == .unknownHost {
            return FlyingFox.HTTPResponse(statusCode: .notFound, body: Data(error.detail.utf8))
        } catch is HTTPError {
            return .broken
        }
    }
}

extension SimulatedRequest {
    /// - Throws: When the connection ends before the body does.
    init(_ request: FlyingFox.HTTPRequest) async throws {
        let host = request.headers[.host] ?? ""
        self.init(
            method: request.method.rawValue, origin: "http://\(host)", host: host,
            path: request.target.path(), query: request.target.query(),
            headers: request.headers.map { HTTP.HTTPHeader($0.key.rawValue, $0.value) },
            body: Array(try await request.bodyData))
    }
}

extension FlyingFox.HTTPResponse {
    init(_ answer: HTTP.HTTPResponse) {
        var headers = HTTPHeaders()
        for header in answer.headers {
            headers.addValue(header.value, for: FlyingFox.HTTPHeader(header.name))
        }
        let phrase = answer.reason.split(whereSeparator: \.isNewline).joined(separator: " ")
        self.init(
            statusCode: HTTPStatusCode(answer.status, phrase: phrase), headers: headers,
            body: Data(answer.body))
    }

    /// An answer whose body never comes: the connection is cut after the headers.
    static var broken: FlyingFox.HTTPResponse {
        FlyingFox.HTTPResponse(
            statusCode: .badGateway, body: HTTPBodySequence(from: CutConnection(), count: 1))
    }
}
