package import HTTP
package import Resources

import Foundation

/// The remote APIs and the machines behind them, in one process.
///
/// It is an `HTTPClient`: the engine that runs in production runs unchanged against it. All state
/// is touched only while `lock` is held, which makes `@unchecked Sendable` true.
package final class SimulatedWorld: HTTPClient, @unchecked Sendable {
    private let lock = NSLock()
    private let core: WorldCore
    private let time: any TimeSource

    package init(
        _ configuration: WorldConfiguration = WorldConfiguration(), time: any TimeSource,
        random: any RandomSource, digests: any Digesting,
        readSeedImage: @escaping @Sendable ([UInt8]) throws -> [String: [UInt8]]
    ) {
        self.time = time
        core = WorldCore(
            configuration, time: time, random: random, digests: digests,
            readSeedImage: readSeedImage)
    }

    /// Credentials and endpoints under which the world answers in memory, as the environment
    /// variables that Launch reads.
    package var environment: [String: String] { locked { $0.environment } }

    /// Decides, for each request in turn, what goes wrong with it.
    package func setFaults(_ faults: FaultPlan) { locked { $0.faults = faults } }

    /// How many objects there are, by vendor and kind; what a fresh world has is not counted.
    package var inventory: [String: Int] { locked { $0.inventory } }

    /// Requests answered so far.
    package var requestCount: Int { locked { $0.requestCount } }

    /// Runs `body` with the world held still, to look at it or to change it behind Launch's back.
    package func locked<Result>(_ body: (WorldCore) throws -> Result) rethrows -> Result {
        lock.lock()
        defer { lock.unlock() }
        core.catchUp()
        return try body(core)
    }

    package func send(_ request: HTTPRequest) async throws -> HTTPResponse {
        let asked = try SimulatedRequest(request)
        if request.trust == .system { try locked { try $0.edge.checkCertificate(of: asked) } }
        return try await answer(asked)
    }

    /// Answers as over the network: with latency and faults.
    ///
    /// - Parameter vendor: Whose door the request came to; without one the host decides.
    /// - Throws: `HTTPError` when a fault breaks the connection, `CancellationError`.
    func answer(
        _ request: SimulatedRequest, at vendor: ProviderName? = nil
    ) async throws -> HTTPResponse {
        let (number, fault) = locked { $0.beginRequest(request) }
        while locked({ $0.holds(number) }) { try await time.sleep(for: .milliseconds(20)) }
        let latency = locked { $0.configuration.latency }
        if case .delay(let duration)? = fault { try await time.sleep(for: duration) }
        if latency > .zero { try await time.sleep(for: latency) }
        try Task.checkCancellation()
        switch fault {
        case .reset?:
            throw HTTPError(
                .interrupted, origin: request.origin, detail: "connection reset by peer")
        case .lostReply?:
            _ = try locked { try $0.answer(request, at: vendor, fault: nil) }
            throw HTTPError(.interrupted, origin: request.origin, detail: "empty reply from server")
        case .status(let status, let retryAfter)?:
            return HTTPResponse(
                status: status, reason: "Injected fault",
                headers: retryAfter.map { [HTTPHeader("Retry-After", String($0))] } ?? [])
        case .delay?, .vendor?, nil:
            return try locked { try $0.answer(request, at: vendor, fault: fault) }
        }
    }
}
