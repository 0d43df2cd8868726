import Assembly
import Foundation
import Planning
import Reconciling
import Resources
import ServiceFiles
import Services
import Simulation
import TestSupport
import Testing

/// Machines that booted so late that their registration token had expired.
@Suite struct StrandedTests {
    private static let services = [
        ServiceSpec(name: "web", target: .proxmox),
        ServiceSpec(name: "web", target: .proxmox, guest: .lxc),
        ServiceSpec(name: "web", target: .aws),
        ServiceSpec(name: "web", target: .aws, spot: true),
    ]

    private static func repository(_ service: ServiceSpec) -> Repository {
        Repository(
            project: ProjectSpec(
                project: "example", domain: "example.com", repository: "example/services"),
            services: [service])
    }

    /// A fleet whose machine could not register its runner while its token was good.
    private static func stranded(
        _ repository: Repository, _ clock: VirtualClock
    ) async throws -> (Fleet, machine: String?) {
        let fleet = Fleet(clock)
        fleet.world.locked { $0.guests.failingStages = ["runner_registration"] }
        let report = try await fleet.converge(repository)
        #expect(report.failures.map(\.address.kind.description) == ["github.runner"])
        try await clock.sleep(for: .seconds(3600))
        fleet.world.locked { $0.guests.failingStages = [] }
        return (fleet, try await Self.machine(in: fleet))
    }

    private static func machine(in fleet: Fleet) async throws -> String? {
        try await fleet.store.read().resources.values.first { $0.address.isMachine }?.id
    }

    @Test(arguments: services) func aLateMachineGetsAnotherSeed(_ service: ServiceSpec)
        async throws
    {
        let repository = Self.repository(service)
        try await withVirtualTime { clock in
            let (fleet, before) = try await Self.stranded(repository, clock)
            let plan = try await fleet.workspace(repository).reconciler.plan(
                fleet.workspace(repository).goal())
            let change = try #require(plan.effective.first { $0.address.isMachine })
            #expect(change.action == (service.spot ? .replace : .update))
            #expect(change.restarts == !service.spot)
            let reason = try #require(
                change.reason.wholeMatch(
                    of: /its runner never came online; its registration token expired at (\S+Z).*/))
            let expiry = try Date(String(reason.1), strategy: .iso8601)
            #expect((900...960).contains(clock.now().timeIntervalSince(expiry)))

            let report = try await fleet.converge(repository)
            #expect(report.failures.map(\.message) == [])
            #expect((try await Self.machine(in: fleet) == before) == !service.spot)
            #expect(try await fleet.shortfalls(of: repository) == [])
        }
    }

    /// The token may still serve: the next run waits for the runner and restarts nothing.
    @Test(arguments: services) func whileTheTokenLivesTheMachineIsLeftAlone(
        _ service: ServiceSpec
    ) async throws {
        let repository = Self.repository(service)
        try await withVirtualTime { clock in
            let fleet = Fleet(clock)
            fleet.world.locked { $0.guests.failingStages = ["runner_registration"] }
            try await fleet.converge(repository)
            fleet.world.locked { $0.guests.failingStages = [] }
            let plan = try await fleet.workspace(repository).reconciler.plan(
                fleet.workspace(repository).goal())
            #expect(plan.effective.filter { $0.address.isMachine } == [])
            #expect(try await fleet.converge(repository).failures.map(\.message) == [])
            #expect(try await fleet.shortfalls(of: repository) == [])
        }
    }

    /// It came online while a person read the plan.
    @Test(arguments: services.prefix(3)) func aMachineThatCameOnlineAfterThePlanIsNotRestarted(
        _ service: ServiceSpec
    ) async throws {
        let repository = Self.repository(service)
        try await withVirtualTime { clock in
            let (fleet, _) = try await Self.stranded(repository, clock)
            let workspace = fleet.workspace(repository)
            let report = try await workspace.reconciler.converge(
                workspace.goal(), claim: Fleet.claim
            ) { _ in
                fleet.world.locked {
                    $0.github?.runners(of: "example/services")?.add(
                        named: "launch-example-web", labels: ["web", "production"])
                }
            }
            #expect(report.failures.map(\.message) == [])
            #expect(fleet.world.locked { $0.guests.boots } == 1)
        }
    }

    /// Made by an older Launch, or adopted: nothing says that it would look at another seed.
    @Test func anInstanceThatDoesNotTakeAnotherSeedIsReplaced() async throws {
        let repository = Self.repository(Self.services[2])
        try await withVirtualTime { clock in
            let (fleet, before) = try await Self.stranded(repository, clock)
            fleet.world.locked {
                $0.aws?.ec2.setTag("launch:seeding", to: nil, on: before ?? "")
            }
            #expect(try await fleet.converge(repository).failures.map(\.message) == [])
            #expect(try await Self.machine(in: fleet) != before)
            #expect(try await fleet.shortfalls(of: repository) == [])
        }
    }

    @Test func anInstanceThatAnotherSeedDidNotHelpIsReplaced() async throws {
        let repository = Self.repository(Self.services[2])
        try await withVirtualTime { clock in
            let (fleet, before) = try await Self.stranded(repository, clock)
            fleet.world.locked { $0.guests.failingStages = ["runner_registration"] }
            #expect(!(try await fleet.converge(repository)).isSuccess)
            #expect(try await Self.machine(in: fleet) == before)
            try await clock.sleep(for: .seconds(3600))
            fleet.world.locked { $0.guests.failingStages = [] }
            #expect(try await fleet.converge(repository).failures.map(\.message) == [])
            #expect(try await Self.machine(in: fleet) != before)
            #expect(try await fleet.shortfalls(of: repository) == [])
        }
    }

    @Test(arguments: services.prefix(2)) func aSeedThatARunDidNotGetToGiveIsExplained(
        _ service: ServiceSpec
    ) async throws {
        let repository = Self.repository(service)
        try await withVirtualTime { clock in
            let (fleet, machine) = try await Self.stranded(repository, clock)
            fleet.world.locked { $0.proxmox?.pullPlug(of: Int(machine ?? "") ?? 0) }
            let workspace = fleet.workspace(repository)
            let plan = try await workspace.reconciler.plan(workspace.goal())
            let reason = plan.effective.first { $0.address.isMachine }?.reason
            #expect(
                reason?.hasPrefix(
                    "an earlier run broke off while it gave it another seed: "
                        + "its runner never came online; ") == true)
            #expect(try await fleet.converge(repository).failures.map(\.message) == [])
            #expect(try await fleet.shortfalls(of: repository) == [])
        }
    }

    @Test func driftTellsOfALateMachine() async throws {
        let repository = Self.repository(Self.services[0])
        try await withVirtualTime { clock in
            let (fleet, _) = try await Self.stranded(repository, clock)
            let workspace = fleet.workspace(repository)
            let drift = try await workspace.reconciler.drift(workspace.goal())
            let finding = try #require(drift.findings.first { $0.address.isMachine })
            #expect(finding.kind == .pending)
            #expect(finding.reason?.hasPrefix("its runner never came online; ") == true)
        }
    }
}
