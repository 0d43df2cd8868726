import TestSupport
import HTTP
import Assembly
import Planning
import Reconciling
import Resources
import ServiceFiles
import Services
import Simulation
import Testing

@Suite struct ConvergeTests {
    @Test func theExamplesConvergeAndStayAsTheyAre() async throws {
        let repository = try Repository.examples()
        let problems = try await withVirtualTime { clock in
            let fleet = Fleet(clock)
            var problems = try await fleet.converge(repository).failures.map(\.message)
            let workspace = fleet.workspace(repository)
            let plan = try await workspace.reconciler.plan(workspace.goal())
            if !plan.isEmpty { problems.append("planned: \(plan.effective.map(\.reason))") }
            let writes = workspace.meter.byProvider.mapValues(\.writes).filter { $0.value > 0 }
            if !writes.isEmpty { problems.append("a plan wrote: \(writes)") }
            problems += try await fleet.shortfalls(of: repository)
            problems += try await fleet.destroy(repository).failures.map(\.message)
            return problems + fleet.world.inventory.map { "left: \($0)" }
        }
        #expect(problems == [])
    }

    /// A machine's runner updates itself, so a newer one is no reason to change anything.
    @Test func aNewerRunnerChangesNothing() async throws {
        let repository = try Repository.examples()
        let (problems, versions) = try await withVirtualTime { clock in
            let fleet = Fleet(clock)
            try await fleet.converge(repository)
            fleet.world.locked {
                $0.github?.runners(of: "example/services")?.newestVersion = "2.400.0"
            }
            let problems = try await fleet.shortfalls(of: repository)
            let larger = repository.with { $0.size = .named(.large) }
            try await fleet.converge(larger)
            let machines = try await fleet.store.read().resources.values
                .filter { $0.address.isMachine }
            return (
                problems + (try await fleet.shortfalls(of: larger)),
                machines.map { $0.attributes["runner_version"] }
            )
        }
        #expect(problems == [])
        #expect(versions == ["2.336.0", "2.336.0", "2.336.0"])
    }

    /// Drift tells of it run for run, and no plan claims to mend it.
    @Test func aRunnerThatIsTooOldIsDriftAndNoChange() async throws {
        let repository = try Repository.examples()
        let (first, again) = try await withVirtualTime { clock in
            let fleet = Fleet(clock)
            try await fleet.converge(repository)
            fleet.world.locked {
                $0.github?.runners(of: "example/services")?
                    .setVersion("2.320.0", named: "launch-example-worker")
            }
            let first = try await fleet.shortfalls(of: repository)
            try await fleet.converge(repository)
            return (first, try await fleet.shortfalls(of: repository))
        }
        #expect(first == ["worker/github.runner changed"])
        #expect(again == first)
    }

    @Test func aPlanWithNothingToDoCostsListsAndForcedReads() async throws {
        let repository = try Repository.examples()
        let requests = try await withVirtualTime { clock in
            let fleet = Fleet(clock)
            try await fleet.converge(repository)
            let workspace = fleet.workspace(repository)
            _ = try await workspace.reconciler.plan(workspace.goal())
            return workspace.meter.byProvider.mapValues(\.total)
        }
        #expect(
            requests == [
                // Instances, security groups, volumes, addresses; IAM's roles; the newest image.
                .aws: 6,
                // The zones, their records, the tunnels, and the rules of each of two tunnels.
                .cloudflare: 5,
                // The repository's runners and secrets.
                .github: 2,
                // The guests, and of each of two its options, firewall options and rules.
                .proxmox: 7,
            ])
    }

    @Test func oneServiceTouchesNothingOfTheOthers() async throws {
        let repository = try Repository.examples()
        let (touched, changed) = try await withVirtualTime { clock in
            let fleet = Fleet(clock)
            try await fleet.converge(repository)
            let before = try await fleet.store.read().services
            let larger = repository.with { $0.size = .named(.large) }
            let report = try await fleet.converge(larger, services: ["worker"])
            let after = try await fleet.store.read().services
            return (
                Set(report.done.map(\.address.service)),
                before.keys.filter { before[$0] != after[$0] }
            )
        }
        #expect(touched == ["worker"])
        #expect(changed == ["worker"])
    }
}
