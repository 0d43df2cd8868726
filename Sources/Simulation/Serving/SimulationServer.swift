import HTTP
import OrderedCollections
import FlyingFox
import FlyingSocks
import Resources

import Foundation
import Synchronization

/// Serves the simulated world on loopback: one port a vendor, one for the publishers of
/// images, one for public names, and one to control the world.
package final class SimulationServer: Sendable {
    private struct Door: Sendable {
        let server: HTTPServer
        let task: Task<Void, any Error>
    }

    private struct State {
        var doors: [Door] = []
        var portFile: PortFile?
    }

    private let world: SimulatedWorld
    private let state = Mutex(State())

    package init(_ world: SimulatedWorld) { self.world = world }

    /// The variable that names each vendor's endpoint.
    private static let endpointVariables: [ProviderName: String] = [
        .aws: "AWS_ENDPOINT_URL", .proxmox: "PROXMOX_VE_ENDPOINT",
        .cloudflare: "CLOUDFLARE_BASE_URL", .github: "GITHUB_API_URL",
    ]

    /// Opens the ports and tells where they are.
    ///
    /// - Parameter path: A file to write the variables to, for a shell to read.
    /// - Returns: The endpoints and credentials as the variables that Launch reads,
    ///   `LAUNCH_SIMULATION_URL` for the control port and `LAUNCH_SIMULATION_EDGE` for the port
    ///   where public names answer, in clear.
    /// - Throws: When a port cannot be opened or the file cannot be written.
    @discardableResult
    package func start(portFile path: String? = nil) async throws -> [String: String] {
        var environment = world.environment
        for vendor in world.locked({ $0.vendors.keys }) {
            let url = try await open(VendorDoor(world: world, vendor: vendor))
            guard let variable = Self.endpointVariables[vendor] else { continue }
            environment[variable] = url + Self.path(of: environment[variable])
        }
        environment["LAUNCH_IMAGE_MIRROR"] = try await open(MirrorDoor(world: world))
        environment["LAUNCH_SIMULATION_EDGE"] = try await open(EdgeDoor(world: world))
        environment["LAUNCH_SIMULATION_URL"] = try await open(ControlDoor(world: world))
        if let path {
            let file = PortFile(path: path)
            try file.write(environment)
            state.withLock { $0.portFile = file }
        }
        return environment
    }

    /// Closes the ports and removes the file that named them.
    package func stop() async {
        let former = state.withLock { state in
            defer { state = State() }
            return state
        }
        former.portFile?.remove()
        for door in former.doors {
            await door.server.stop()
            _ = await door.task.result
        }
    }

    private func open(_ handler: some HTTPHandler) async throws -> String {
        let server = HTTPServer(
            config: .init(
                address: try sockaddr_in.inet(ip4: "127.0.0.1", port: 0), timeout: 600,
                sharedRequestBufferSize: 64 << 10,
                pool: PromptSockets(pool: HTTPServer.defaultPool()), logger: .disabled),
            handler: handler)
        let task = Task { try await server.run() }
        try await server.waitUntilListening(timeout: 60)
        guard case .ip4(let address, let port)? = await server.listeningAddress else {
            throw HTTPError(.other, origin: "127.0.0.1", detail: "the port was not opened")
        }
        state.withLock { $0.doors.append(Door(server: server, task: task)) }
        return "http://\(address):\(port)"
    }

    /// The path under which a vendor's API lies: `/client/v4`.
    private static func path(of url: String?) -> String {
        guard let url, let scheme = url.range(of: "://") else { return "" }
        return String(url[scheme.upperBound...].drop { $0 != "/" })
    }
}
