import Assembly
import Foundation
import Planning
import Reconciling
import Resources
import Rollout
import ServiceFiles
import Services
import Simulation
import TestSupport
import Testing

/// Services whose runners take one job and register anew, with the whole program.
@Suite struct EphemeralRunnerTests {
    private static let services = [
        ServiceSpec(name: "web", target: .proxmox, runnerLife: .ephemeral),
        ServiceSpec(name: "web", target: .proxmox, guest: .lxc, runnerLife: .ephemeral),
        ServiceSpec(name: "web", target: .aws, runnerLife: .ephemeral),
    ]

    private static func repository(_ service: ServiceSpec) -> Repository {
        Repository(
            project: ProjectSpec(
                project: "example", domain: "example.com", repository: "example/services"),
            services: [service])
    }

    private static func machine(in fleet: Fleet) async throws -> String? {
        try await fleet.store.read().resources.values.first { $0.address.isMachine }?.id
    }

    @Test(arguments: services) func theRunnerIsThereForEveryDeploy(
        _ service: ServiceSpec
    ) async throws {
        let repository = Self.repository(service)
        try await withVirtualTime { clock in
            let fleet = Fleet(clock)
            #expect(try await fleet.converge(repository).failures.map(\.message) == [])
            #expect(try await fleet.shortfalls(of: repository) == [])
            var numbers = [fleet.runnerNumber]
            for _ in 1...3 {
                try await clock.sleep(for: .seconds(7200))
                try await fleet.renew(service, in: repository)
                #expect(try await fleet.shortfalls(of: repository) == [], "a token is no drift")
                fleet.push("web")
                try await clock.sleep(for: .seconds(22))
                #expect(fleet.runnerNumber == nil, "the job has just ended")
                #expect(try await fleet.shortfalls(of: repository) == [])
                numbers.append(fleet.runnerNumber)
                #expect(try await fleet.converge(repository).done == [])
            }
            #expect(Set(numbers).count == 4 && !numbers.contains(nil), "\(numbers)")
            #expect(fleet.world.locked { $0.guests.boots } == 1)
            #expect(try await fleet.wait(repository).compactMap(\.failure?.message) == [])
            #expect(try await fleet.destroy(repository).isSuccess)
            #expect(fleet.world.inventory == [:])
        }
    }

    @Test(arguments: services) func aBrokenChainIsMended(_ service: ServiceSpec) async throws {
        let repository = Self.repository(service)
        try await withVirtualTime { clock in
            let fleet = Fleet(clock)
            try await fleet.converge(repository)
            let before = try await Self.machine(in: fleet)
            for _ in 1...2 {
                try await Self.breakAndMend(fleet, service, repository)
                #expect(try await Self.machine(in: fleet) == before)
            }
        }
    }

    private static func breakAndMend(
        _ fleet: Fleet, _ service: ServiceSpec, _ repository: Repository
    ) async throws {
        try await fleet.time.sleep(for: .seconds(7200))
        try await fleet.renew(service, in: repository)
        fleet.cancelJobs(["web"])
        fleet.push("web")
        try await fleet.time.sleep(for: .seconds(600))
        #expect(fleet.runnerNumber == nil)
        // The token may still be on its way.
        let early = try await fleet.workspace(repository).reconciler.plan(
            fleet.workspace(repository).goal())
        #expect(early.effective.map(\.address) == [service.runner])

        try await fleet.time.sleep(for: .seconds(3000))
        let plan = try await fleet.workspace(repository).reconciler.plan(
            fleet.workspace(repository).goal())
        let change = try #require(plan.effective.first { $0.address.isMachine })
        #expect(change.action == .update && change.restarts)
        #expect(
            change.reason.hasPrefix(
                "its runner did not register after its last job; its newest token expired at "))

        fleet.cancelJobs([])
        #expect(try await fleet.converge(repository).failures.map(\.message) == [])
        #expect(try await fleet.shortfalls(of: repository) == [])
        try await fleet.renew(service, in: repository)
        fleet.push("web")
        try await fleet.time.sleep(for: .seconds(60))
        #expect(try await fleet.wait(repository).compactMap(\.failure?.message) == [])
        #expect(try await fleet.shortfalls(of: repository) == [])
    }

    @Test func aTokenThatExpiresWhileTheJobWaitsBreaksTheChainToo() async throws {
        let repository = Self.repository(Self.services[0])
        try await withVirtualTime { clock in
            let fleet = Fleet(clock)
            try await fleet.converge(repository)
            try await clock.sleep(for: .seconds(7200))
            fleet.push("web")
            try await clock.sleep(for: .seconds(120))
            #expect(fleet.runnerNumber == nil)
            #expect(try await fleet.converge(repository).failures.map(\.message) == [])
            #expect(fleet.runnerNumber != nil)
            #expect(try await fleet.shortfalls(of: repository) == [])
        }
    }

    /// A restart finds its token used, and the runner as it was.
    @Test func aRestartKeepsTheRegistration() async throws {
        let repository = Self.repository(Self.services[0])
        try await withVirtualTime { clock in
            let fleet = Fleet(clock)
            try await fleet.converge(repository)
            let number = fleet.runnerNumber
            try await clock.sleep(for: .seconds(7200))
            let larger = repository.with { $0.size = .named(.medium) }
            #expect(try await fleet.converge(larger).failures.map(\.message) == [])
            #expect(fleet.runnerNumber == number)
            #expect(try await fleet.shortfalls(of: larger) == [])
        }
    }

    /// In place, also on an instance that has had another seed before, and its runner from that.
    @Test(arguments: services) func theWayOfLifeChangesAndChangesBack(
        _ service: ServiceSpec
    ) async throws {
        let ephemeral = Self.repository(service)
        let staying = ephemeral.with { $0.runnerLife = .persistent }
        try await withVirtualTime { clock in
            let fleet = Fleet(clock)
            try await fleet.converge(staying)
            let first = try await Self.machine(in: fleet)
            for (repository, words) in [
                (ephemeral, "its runner is to register anew after each job"),
                (staying, "its runner is to stay registered"),
            ] {
                try await clock.sleep(for: .seconds(600))
                let workspace = fleet.workspace(repository)
                let plan = try await workspace.reconciler.plan(workspace.goal())
                let change = try #require(plan.effective.first { $0.address.isMachine })
                #expect(change.reason.hasPrefix(words))
                #expect(try await fleet.converge(repository).failures.map(\.message) == [])
                #expect(try await fleet.shortfalls(of: repository) == [])
                #expect(fleet.world.inventory["github runner"] == 1)
            }
            #expect(fleet.world.inventory["github secret"] == nil)
            #expect(try await Self.machine(in: fleet) == first)
        }
    }

    @Test func aNewEnvironmentGetsTheTokenAndTheOldOneLosesIt() async throws {
        let repository = Self.repository(Self.services[1])
        try await withVirtualTime { clock in
            let fleet = Fleet(clock)
            try await fleet.converge(repository)
            let moved = repository.with { $0.environment = "staging" }
            #expect(try await fleet.converge(moved).failures.map(\.message) == [])
            #expect(try await fleet.shortfalls(of: moved) == [])
            let names = fleet.world.locked { core in
                ["production", "staging"].map {
                    core.github?.secrets(of: "example/services", in: $0)?.names
                }
            }
            #expect(names == [[], ["LAUNCH_EXAMPLE_WEB_RUNNER_TOKEN"]])
        }
    }

    @Test func aLostStateIsRebuiltWithIt() async throws {
        let repository = Self.repository(Self.services[0])
        try await withVirtualTime { clock in
            let fleet = Fleet(clock)
            try await fleet.converge(repository)
            let lost = fleet.withoutState()
            try await lost.rebuild(repository)
            #expect(try await lost.shortfalls(of: repository) == [])
            #expect(
                try await Set(lost.store.read().resources.keys)
                    == Set(fleet.store.read().resources.keys))
        }
    }

    @Test func aRunnerThatStaysNeedsNoRenewal() async throws {
        let staying = ServiceSpec(name: "web", target: .aws)
        try await withVirtualTime { clock in
            let fleet = Fleet(clock)
            let isRenewed = try await fleet.renew(staying, in: Self.repository(staying))
            #expect(!isRenewed)
            #expect(fleet.world.requestCount == 0)
        }
    }
}

extension Fleet {
    @discardableResult
    fileprivate func renew(
        _ service: ServiceSpec, in repository: Repository
    ) async throws -> Bool {
        try await RunnerRenewal(
            repository,
            surroundings: Surroundings(
                http: world, time: time, random: random, environment: world.environment)
        ).renew(service)
    }

    /// The runner's number at GitHub; `nil` while there is none.
    fileprivate var runnerNumber: Int? {
        world.locked { $0.github?.runners(of: "example/services")?.all.first?["id"]?.integer }
    }

    fileprivate func cancelJobs(_ services: Set<String>) {
        world.locked { $0.github?.actions(of: "example/services")?.jobs.cancelled = services }
    }
}
