import HTTP
import Resources

import Foundation

/// Cloudflare's edge: what anybody sees who asks for a name of one of the world's zones.
package final class SimulatedEdge {
    private unowned let core: WorldCore
    /// Names whose certificate is not issued yet.
    package var withoutCertificate: Set<String> = []

    init(core: WorldCore) { self.core = core }

    func serves(_ request: SimulatedRequest) -> Bool {
        let host = name(of: request)
        return core.configuration.zones.contains { host == $0 || host.hasSuffix(".\($0)") }
    }

    /// True when resolvers know the name.
    package func resolves(_ host: String) -> Bool {
        core.cloudflare?.zones.proxiedTarget(of: host.lowercased()) != nil
    }

    /// - Throws: `HTTPError` with `.untrustedCertificate`.
    func checkCertificate(of request: SimulatedRequest) throws {
        guard withoutCertificate.contains(name(of: request)) else { return }
        throw HTTPError(
            .untrustedCertificate, origin: request.origin,
            detail: "no alternative certificate subject name matches target host name")
    }

    /// - Throws: `HTTPError` with `.unknownHost`.
    func answer(_ request: SimulatedRequest) throws -> HTTPResponse {
        let host = name(of: request)
        guard let target = core.cloudflare?.zones.proxiedTarget(of: host) else {
            throw HTTPError(
                .unknownHost, origin: request.origin, detail: "Could not resolve host: \(host)")
        }
        switch target.type {
        case "CNAME": return throughTunnel(to: target.content, host, request)
        case "A": return directly(to: target.content, host, request)
        default: return Self.failure(523, "1016")
        }
    }

    private func name(of request: SimulatedRequest) -> String {
        String(request.host.prefix { $0 != ":" }).lowercased()
    }

    private func throughTunnel(
        to content: String, _ host: String, _ request: SimulatedRequest
    ) -> HTTPResponse {
        guard content.hasSuffix(".cfargotunnel.com"),
            case let tunnel = String(content.prefix { $0 != "." }),
            let route = core.cloudflare?.tunnels.route(tunnel, host: host)
        else { return Self.failure(530, "1016") }
        guard route.isConnected else { return Self.failure(530, "1033") }
        guard let machine = core.applications.machine(behind: tunnel), route.hasRule else {
            return HTTPResponse(status: route.hasRule ? 502 : 404)
        }
        return core.applications.answer(request, on: machine) ?? HTTPResponse(status: 502)
    }

    /// In the mode `strict` the origin has to prove itself.
    private func directly(
        to address: String, _ host: String, _ request: SimulatedRequest
    ) -> HTTPResponse {
        guard let machine = core.aws?.ec2.machine(at: address) ?? core.proxmox?.machine(at: address)
        else {
            return Self.failure(522, "522")
        }
        guard let answer = core.applications.answer(request, on: machine) else {
            return Self.failure(521, "521")
        }
        let isStrict = core.cloudflare?.zones.setting("ssl", for: host) == "strict"
        guard !isStrict || core.applications.provesItself(as: host, on: machine) else {
            return Self.failure(526, "526")
        }
        return answer
    }

    /// The page that the edge itself shows.
    private static func failure(_ status: Int, _ code: String) -> HTTPResponse {
        HTTPResponse(
            status: status,
            headers: [
                HTTPHeader("Server", "cloudflare"), HTTPHeader("Content-Type", "text/plain"),
            ], body: Array("error code: \(code)".utf8))
    }
}
