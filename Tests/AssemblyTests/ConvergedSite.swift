import Assembly
import Planning
import Resources
import ServiceFiles
import Simulation
import TestSupport
import Testing

@testable import Reconciling

/// A converged fleet with its specs' files.
struct ConvergedSite: Sendable {
    let fleet: Fleet
    let files: SpecFiles

    init(
        _ clock: VirtualClock, killSwitch: @escaping @Sendable () -> KillSwitch = { KillSwitch() }
    ) async throws {
        fleet = Fleet(clock, killSwitch: killSwitch)
        files = try SpecFiles(in: fleet.world)
        try await fleet.converge(try files.repository())
    }

    func workspace() throws -> Workspace { fleet.workspace(try files.repository()) }

    func drift() async throws -> [DriftFinding] {
        let workspace = try workspace()
        return try await workspace.reconciler.drift(workspace.goal()).findings
    }

    func accept(_ addresses: Set<Address>) async throws -> Accepted {
        let claim = LeaseClaim(
            holder: Fleet.claim.holder, purpose: "drift --accept", patience: .zero)
        return try await workspace().accept(addresses, editing: files.editor, claim: claim)
    }

    /// What is said against it; empty when it is accepted.
    func refusal(of addresses: [String]) async -> String {
        do {
            _ = try await accept(Set(addresses.compactMap(Address.init)))
            return ""
        } catch {
            return "\(error)"
        }
    }

    /// Through the vendor's API, as anyone may.
    func change(_ address: Address, _ field: String, to value: Value) async throws {
        let workspace = try workspace()
        let (_, all, _) = try await workspace.reconciler.look(workspace.goal())
        let target = try #require(all.first { $0.address == address })
        let wished = Resource(address, attributes: target.attributes)
        let provider = try workspace.reconciler.providers(address.kind.provider)
        _ = try await provider.update(target, to: wished.with([field: value]))
        try await fleet.time.sleep(for: .seconds(120))
    }
}
