import HTTP
import Resources

import Foundation

/// What deploy jobs have brought up on machines: one application a machine.
package final class Applications {
    /// How an application answers.
    package enum Behaviour: Hashable, Sendable {
        /// 200 to everybody, and in the protocol to those who speak MCP.
        case well
        /// The same, with events instead of documents.
        case inEvents
        case status(Int)
        case redirect(String)
        case askingForLogin
        /// A web page, whatever is asked.
        case webPage
    }

    private struct Application {
        let runner: String
        var behaviour = Behaviour.well
        /// The tunnel whose token its connector holds.
        let tunnel: String?
        /// Those for origins that there were when it was given its own: one of them it is.
        let certificates: [String]
    }

    private unowned let core: WorldCore
    private var running: [MachineID: Application] = [:]
    /// How the applications of these runners answer from their next deploy on.
    package var behaviours: [String: Behaviour] = [:]

    init(core: WorldCore) { self.core = core }

    /// Brings the runner's application up, with the connector of its service's tunnel beside it.
    ///
    /// - Parameter secrets: the names of those that the job is given.
    func deploy(_ service: String, byRunner runner: String, given secrets: [String]) {
        guard let machine = core.guests.machine(ofRunner: runner) else { return }
        func name(_ suffix: String) -> String? {
            let end = "_\(service)_\(suffix)".uppercased().replacing("-", with: "_")
            return secrets.filter { $0.hasSuffix(end) }.min { $0.count < $1.count }
        }
        let token = "TUNNEL_TOKEN"
        let tunnel = name(token).flatMap {
            core.cloudflare?.tunnels.id(
                named: $0.dropLast(token.count + 1).lowercased().replacing("_", with: "-"))
        }
        let certificates = core.cloudflare?.certificates.live.compactMap { $0["id"]?.string } ?? []
        running[machine] = Application(
            runner: runner, behaviour: behaviours[runner] ?? .well,
            tunnel: tunnel, certificates: name("ORIGIN_CERTIFICATE") == nil ? [] : certificates)
        machineChanged(machine)
    }

    /// True when the application there has a certificate that Cloudflare trusts for the name.
    func provesItself(as host: String, on machine: MachineID) -> Bool {
        running[machine]?.certificates
            .contains { core.cloudflare?.certificates.isGood($0, for: host) ?? false } ?? false
    }

    /// The connector runs while its machine does.
    func machineChanged(_ machine: MachineID) {
        guard let tunnel = running[machine]?.tunnel else { return }
        core.cloudflare?.tunnels.setConnector(
            running: self.machine(behind: tunnel) != nil, ofTunnel: tunnel)
    }

    func forget(_ machine: MachineID) { running[machine] = nil }

    /// A machine that is up and whose connector belongs to the tunnel.
    func machine(behind tunnel: String) -> MachineID? {
        running.first { $0.value.tunnel == tunnel && core.guests.isUp($0.key) }?.key
    }

    /// - Returns: `nil` when no application answers there.
    func answer(_ request: SimulatedRequest, on machine: MachineID) -> HTTPResponse? {
        guard let application = running[machine], core.guests.isUp(machine) else { return nil }
        switch application.behaviour {
        case .well, .inEvents:
            if request.method != "GET" {
                return protocolAnswer(request, application)
            }
            return Self.page("\(application.runner) is well\n", type: "text/plain")
        case .status(let status):
            return HTTPResponse(status: status, body: Array("no\n".utf8))
        case .redirect(let place):
            return HTTPResponse(status: 307, headers: [HTTPHeader("Location", place)])
        case .askingForLogin:
            return HTTPResponse(
                status: 401, headers: [HTTPHeader("WWW-Authenticate", "Bearer realm=\"mcp\"")])
        case .webPage: return Self.page("<!doctype html><title>Welcome</title>", type: "text/html")
        }
    }

    private static func page(_ text: String, type: String) -> HTTPResponse {
        HTTPResponse(
            status: 200, headers: [HTTPHeader("Content-Type", type)], body: Array(text.utf8))
    }

    /// <https://modelcontextprotocol.io/specification/2025-06-18/basic/transports#streamable-http>
    private func protocolAnswer(
        _ request: SimulatedRequest, _ application: Application
    ) -> HTTPResponse {
        if request.method == "DELETE" { return HTTPResponse(status: 204) }
        let accepted = request.header("Accept") ?? ""
        guard accepted.contains("application/json"), accepted.contains("text/event-stream") else {
            return HTTPResponse(status: 406, body: Array("Not Acceptable".utf8))
        }
        guard let message = request.document, message["jsonrpc"] == "2.0" else {
            return HTTPResponse(status: 400, body: Array("Parse error".utf8))
        }
        guard let id = message["id"] else { return HTTPResponse(status: 202) }
        let version = message["params"]?["protocolVersion"]?.string ?? "2025-06-18"
        let answer: Value =
            message["method"] == "initialize"
            ? [
                "jsonrpc": "2.0", "id": id,
                "result": [
                    "protocolVersion": .string(version), "capabilities": [:],
                    "serverInfo": ["name": .string(application.runner), "version": "1.0.0"],
                ],
            ]
            : [
                "jsonrpc": "2.0", "id": id,
                "error": ["code": -32601, "message": "Method not found"],
            ]
        let session = HTTPHeader("Mcp-Session-Id", core.random.hexadecimal(32))
        guard application.behaviour == .inEvents else {
            return .document(answer, headers: [session])
        }
        let event = "event: message\ndata: \(answer.jsonText())\n\n"
        return HTTPResponse(
            status: 200, headers: [HTTPHeader("Content-Type", "text/event-stream"), session],
            body: Array(event.utf8))
    }
}
