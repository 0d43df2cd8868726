import HTTP
import Planning
import Assembly
import Cryptography
import Foundation
import Reconciling
import Resources
import SeedImage
import ServiceFiles
import Services
import Simulation

/// First converge and no-op plan of many services, against the in-memory world.
///
/// Virtual time: waiting for machines costs nothing, so what is measured is Launch itself
/// together with the simulated APIs and the SQLite state.
struct ConvergeBenchmark {
    let services: Int

    func rows() async throws -> [Row] {
        let folder = FileManager.default.temporaryDirectory
            .appendingPathComponent("launch-bench-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: folder) }
        let (repository, configuration, count) = (repository, configuration, services)
        return try await withVirtualTime { clock in
            let random = SeededRandom(seed: 1)
            let world = SimulatedWorld(
                configuration, time: clock, random: random, digests: OpenSSLDigests(),
                readSeedImage: { try NoCloudImage.read($0) })
            let surroundings = Surroundings(
                http: world, time: clock, random: random, environment: world.environment)
            let store = try StateAssembly(
                repository.project, root: folder.path, surroundings: surroundings,
                isProcessAlive: { _ in true }
            ).store()
            let workspace = Workspace(
                repository, store: store,
                surroundings: surroundings, events: Silence(), parallelism: 64)
            let converge = try await measure("first converge", count, workspace) {
                let report = try await workspace.reconciler.converge(
                    workspace.goal(), claim: Self.claim
                ) { _ in }
                guard report.isSuccess else { throw Failed(report: report) }
            }
            let plan = try await measure("no-op plan", count, workspace) {
                let plan = try await workspace.reconciler.plan(workspace.goal())
                guard plan.isEmpty else { throw NotConverged(changes: plan.effective.count) }
            }
            return [converge, plan]
        }
    }

    private struct Silence: EventSink {
        func emit(_ event: Event) {}
    }

    private struct Failed: Error, CustomStringConvertible {
        let report: RunReport

        var description: String {
            let failures = report.failures.prefix(3).map { "\($0.address): \($0.message)" }
            return "\(report.failures.count) failures, \(report.skipped.count) steps not begun\n"
                + failures.joined(separator: "\n")
        }
    }

    private struct NotConverged: Error {
        let changes: Int
    }

    private static let claim = LeaseClaim(
        holder: LeaseHolder(user: "bench", host: "bench", pid: 1, runURL: nil),
        purpose: "bench", patience: .zero)

    /// A cluster with room for every guest: each node's storage holds some two dozen.
    private var configuration: WorldConfiguration {
        var configuration = WorldConfiguration()
        configuration.proxmoxNodes = (1...max(2, services / 25)).map { "pve\($0)" }
        return configuration
    }

    private func measure(
        _ name: String, _ count: Int, _ workspace: Workspace, _ body: () async throws -> Void
    ) async throws -> Row {
        let requestsBefore = workspace.meter.total
        let start = ContinuousClock.now
        try await body()
        return Row(
            name: name, services: count,
            milliseconds: (ContinuousClock.now - start) / .milliseconds(1),
            requests: Double(workspace.meter.total - requestsBefore))
    }

    /// Half on AWS and half on Proxmox, every second one public.
    private var repository: Repository {
        let project = ProjectSpec(
            project: "bench", domain: "example.com", repository: "example/services")
        let specs = (0..<services).map { number in
            let name = "service-\(number)"
            return ServiceSpec(
                name: name, target: number % 2 == 0 ? .aws : .proxmox,
                publicAccess: number % 4 < 2
                    ? PublicAccess(hostname: "\(name).example.com", port: 8080) : nil,
                port: 8080, guest: number % 4 == 1 ? .vm : .lxc)
        }
        return Repository(project: project, services: specs)
    }
}
