import Assembly
import Planning
import Resources
import ServiceFiles
import Services
import Simulation
import TestSupport
import Testing

@testable import Reconciling

/// Protection that somebody switched on at the provider holds like a spec's.
@Suite struct GuardTests {
    @Test(arguments: ["cloud/aws.instance", "home/proxmox.vm", "worker/proxmox.lxc"])
    func whatTheRealObjectSaysCounts(address: String) async throws {
        let refusals = try await withVirtualTime { clock in
            let fleet = Fleet(clock)
            let repository = Repository.full(in: fleet.world).with { $0.protect = false }
            try await fleet.converge(repository)
            let workspace = fleet.workspace(repository)
            let (target, provider) = try await target(address, of: workspace)
            let wished = Resource(target.address, attributes: target.attributes)
            _ = try await provider.update(target, to: wished.with(["protect": true]))
            let service = target.address.service
            let plan = try await workspace.reconciler.plan(
                workspace.teardown([service], withData: true))
            return plan.violations(
                limits: Limits(), kinds: Workspace.kinds, withData: true, specified: [service]
            ).map(\.message)
        }
        // A guest's data is in the guest; a machine's volume is guarded with it.
        let volume = address.hasPrefix("cloud") ? ["cloud/aws.volume"] : []
        #expect(
            refusals.sorted()
                == ([address] + volume).map { "\($0) is protected, and the plan would delete it" }
                .sorted())
    }

    /// An object as it really is, and who holds it.
    private func target(
        _ address: String, of workspace: Workspace
    ) async throws -> (ObservedResource, any Provider) {
        let (_, all, _) = try await workspace.reconciler.look(workspace.goal())
        let target = try #require(all.first { $0.address.description == address })
        return (target, try workspace.reconciler.providers(target.address.kind.provider))
    }

    /// The machine was ended by hand, nothing remembers it, and the spec is gone: the volume's own
    /// mark guards it.
    @Test func dataIsGuardedWithoutItsMachine() async throws {
        let (losses, refusals) = try await withVirtualTime { clock in
            let fleet = Fleet(clock)
            let repository = Repository.full(in: fleet.world)
            try await fleet.converge(repository)
            let workspace = fleet.workspace(repository)
            let (machine, aws) = try await target("cloud/aws.instance", of: workspace)
            let wished = Resource(machine.address, attributes: machine.attributes)
            _ = try await aws.update(machine, to: wished.with(["protect": false]))
            try await aws.delete(machine)
            try await fleet.store.exclusively(["cloud"], claim: Fleet.claim) { writer in
                try await writer.record(.forgotten, at: machine.address)
            }
            let plan = try await workspace.reconciler.plan(
                workspace.teardown(["cloud"], withData: true))
            let refusals = plan.violations(
                limits: Limits(), kinds: Workspace.kinds, withData: true, specified: [])
            return (plan.losses.flatMap(\.data).map(\.gibibytes), refusals.map(\.message))
        }
        #expect(losses == [20])
        #expect(refusals == ["cloud/aws.volume is protected, and the plan would delete it"])
    }
}
