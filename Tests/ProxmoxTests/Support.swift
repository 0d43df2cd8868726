import Foundation
import HTTP
import Resources
import Services
import Simulation
import TestSupport

@testable import Proxmox

/// A request as it goes over the wire, for comparing whole.
struct Sent: Equatable, CustomStringConvertible {
    let line: String
    let headers: [String]
    let body: String

    init(_ request: HTTPRequest) throws {
        line = "\(request.method.rawValue) \(request.url)"
        headers = request.headers.map { "\($0.name): \($0.value)" }
        body = String(decoding: try request.body.everything(piece: 7), as: UTF8.self)
    }

    init(_ line: String, headers: [String], body: String = "") {
        self.line = line
        self.headers = headers
        self.body = body
    }

    var description: String { ([line] + headers + ["", body]).joined(separator: "\n") }
}

extension HTTPBody {
    func everything(piece: Int) throws -> [UInt8] {
        switch self {
        case .none: return []
        case .bytes(let bytes): return bytes
        case .stream(let length, let read):
            var bytes: [UInt8] = []
            while bytes.count < length { bytes += try read(bytes.count, piece) }
            return bytes
        }
    }
}

extension ProxmoxConnection {
    static func example(_ environment: [String: String] = [:]) throws -> ProxmoxConnection {
        let defaults = [
            "PROXMOX_VE_ENDPOINT": "https://pve.lan:8006",
            "PROXMOX_VE_API_TOKEN": "launch@pve!ci=5f3e%1",
        ]
        return try ProxmoxConnection(
            ProxmoxSettings(), environment: defaults.merging(environment) { $1 })
    }
}

extension ProxmoxAPI {
    static func example(_ client: any HTTPClient, _ time: any TimeSource) throws -> ProxmoxAPI {
        ProxmoxAPI(
            connection: try .example(), client: client, time: time, random: SeededRandom(seed: 1))
    }
}

/// An answer of Proxmox's with this in `data`.
func answer(_ data: Value) throws -> HTTPResponse {
    guard case .bytes(let bytes) = try HTTPBody.json(["data": data]) else {
        return HTTPResponse(status: 500)
    }
    return HTTPResponse(status: 200, reason: "OK", body: bytes)
}

/// Keeps what was told, in order.
final class RecordedProgress: ProgressSink, @unchecked Sendable {
    private let lock = NSLock()
    private var told: [String] = []

    var lines: [String] { lock.withLock { told } }

    func progress(_ address: Address, _ message: String) {
        lock.withLock { told.append("\(address): \(message)") }
    }
}
