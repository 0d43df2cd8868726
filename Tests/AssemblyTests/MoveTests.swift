import Assembly
import Planning
import Reconciling
import Resources
import Rollout
import ServiceFiles
import Services
import Simulation
import TestSupport
import Testing

/// Services that move from one target to another, with the whole program.
@Suite struct MoveTests {
    private static func web(_ change: (inout ServiceSpec) -> Void) -> ServiceSpec {
        var spec = ServiceSpec(
            name: "web", target: .aws,
            publicAccess: PublicAccess(hostname: "web.example.com", port: 443), port: 443)
        change(&spec)
        return spec
    }

    private static func repository(_ service: ServiceSpec) -> Repository {
        Repository(
            project: ProjectSpec(
                project: "example", domain: "example.com", repository: "example/services"),
            services: [service])
    }

    /// The same service at the other target.
    private static func moved(_ service: ServiceSpec) -> ServiceSpec {
        var spec = service
        spec.target = service.target == .aws ? .proxmox : .aws
        return spec
    }

    static let services = [
        web { _ in },
        web { $0.target = .proxmox },
        web {
            $0.target = .proxmox
            $0.guest = .lxc
        },
        web { $0.exposure = .direct },
        web {
            $0.target = .proxmox
            $0.exposure = .direct
        },
        web {
            $0.publicAccess = nil
            $0.kind = .worker
        },
    ]

    private static func phase(
        _ repository: Repository, in fleet: Fleet
    ) async throws -> [Succession.Phase] {
        let workspace = fleet.workspace(repository)
        return try await workspace.reconciler.plan(workspace.goal()).successions.map(\.phase)
    }

    /// What the state says of whether machines run.
    private static func running(in fleet: Fleet) async throws -> [String: Value?] {
        let machines = try await fleet.store.read().resources.values.filter(\.address.isMachine)
        return Dictionary(
            uniqueKeysWithValues: machines.map {
                ($0.address.kind.description, $0.attributes["running"])
            })
    }

    /// Where the service's name leads.
    private static func destination(in fleet: Fleet) async throws -> Value? {
        try await fleet.store.read().resources.values
            .first { $0.address.kind.name == "dns_record" && $0.attributes["type"] != "AAAA" }?
            .attributes["content"]
    }

    private static func deploy(
        _ repository: Repository, in fleet: Fleet, at place: SourceLocation = #_sourceLocation
    ) async throws {
        fleet.push("web")
        let failures = try await fleet.wait(repository).compactMap(\.failure?.message)
        #expect(failures == [], sourceLocation: place)
    }

    private static func converge(
        _ repository: Repository, in fleet: Fleet, at place: SourceLocation = #_sourceLocation
    ) async throws {
        let failures = try await fleet.converge(repository).failures.map(\.message)
        #expect(failures == [], sourceLocation: place)
    }

    private static func expectNothingLeft(
        of repository: Repository, in fleet: Fleet, at place: SourceLocation = #_sourceLocation
    ) async throws {
        let shortfalls = try await fleet.shortfalls(of: repository)
        #expect(shortfalls == [], sourceLocation: place)
    }

    @Test(arguments: services) func theOldMachineStaysUntilTheNewOneServes(
        _ service: ServiceSpec
    ) async throws {
        let (before, after) = (Self.repository(service), Self.repository(Self.moved(service)))
        try await withVirtualTime { clock in
            let fleet = Fleet(clock)
            try await Self.converge(before, in: fleet)
            try await Self.deploy(before, in: fleet)
            let oldDestination = try await Self.destination(in: fleet)
            let old = service.machine.kind.description
            let new = Self.moved(service).machine.kind.description

            try await Self.converge(after, in: fleet)
            #expect(try await Self.running(in: fleet) == [old: true, new: true])
            #expect(try await Self.destination(in: fleet) == oldDestination)
            #expect(try await Self.phase(after, in: fleet) == [.arriving])
            try await Self.expectNothingLeft(of: after, in: fleet)

            try await Self.deploy(after, in: fleet)
            try await Self.converge(after, in: fleet)
            #expect(try await Self.running(in: fleet) == [old: false, new: true])
            if service.exposure == .direct {
                #expect(try await Self.destination(in: fleet) != oldDestination)
            }
            try await Self.expectNothingLeft(of: after, in: fleet)

            try await clock.sleep(for: .seconds(86_400))
            #expect(try await Self.phase(after, in: fleet) == [.over])
            try await Self.converge(after, in: fleet)
            #expect(try await Self.running(in: fleet) == [new: true])
            #expect(try await Self.phase(after, in: fleet) == [])
            try await Self.expectNothingLeft(of: after, in: fleet)
            let fresh = Fleet(clock)
            #expect(try await fresh.converge(after).isSuccess)
            #expect(fleet.world.inventory == fresh.world.inventory)
        }
    }

    @Test(arguments: zip(services, [true, false, true, true, false, true])) func thereIsAWayBack(
        _ service: ServiceSpec, afterTheSwitch: Bool
    ) async throws {
        let (before, after) = (Self.repository(service), Self.repository(Self.moved(service)))
        try await withVirtualTime { clock in
            let fleet = Fleet(clock)
            try await Self.converge(before, in: fleet)
            try await Self.deploy(before, in: fleet)
            let id = try await fleet.store.read().resources[service.machine]?.id
            try await clock.sleep(for: .seconds(7200))
            try await Self.converge(after, in: fleet)
            if afterTheSwitch {
                try await Self.deploy(after, in: fleet)
                try await Self.converge(after, in: fleet)
            }

            try await Self.converge(before, in: fleet)
            let returned = try await fleet.store.read().resources[service.machine]
            #expect(returned?.id == id)
            try await Self.deploy(before, in: fleet)
            try await Self.converge(before, in: fleet)
            try await clock.sleep(for: .seconds(86_400))
            try await Self.converge(before, in: fleet)
            try await Self.expectNothingLeft(of: before, in: fleet)
            let fresh = Fleet(clock)
            #expect(try await fresh.converge(before).isSuccess)
            #expect(fleet.world.inventory == fresh.world.inventory)
        }
    }

    @Test(arguments: services.prefix(3)) func dataAndProtectedMachinesStay(
        _ service: ServiceSpec
    ) async throws {
        var service = service
        service.data = DataVolume(gibibytes: 5)
        service.protect = true
        let before = Self.repository(service)
        let after = Self.repository(Self.moved(service))
        let open = after.with { $0.protect = false }
        let old = service.machine
        try await withVirtualTime { clock in
            let fleet = Fleet(clock)
            try await Self.converge(before, in: fleet)
            try await Self.converge(after, in: fleet)
            try await Self.deploy(after, in: fleet)
            try await Self.converge(after, in: fleet)
            try await clock.sleep(for: .seconds(90_000))
            let keeping = fleet.workspace(after)
            let report = try await keeping.reconciler.converge(
                keeping.goal(), claim: Fleet.claim
            ) { _ in }
            #expect(report.failures.map(\.message) == [])
            let resting = try await fleet.store.read().resources[old]
            #expect(resting?.attributes["running"] == false)

            try await Self.converge(open, in: fleet)
            try await Self.converge(open, in: fleet)
            let left = try await fleet.store.read().resources[old]
            #expect(left == nil)
            try await Self.expectNothingLeft(of: open, in: fleet)
        }
    }

    @Test func onlyServicesThatMoveAreFinished() async throws {
        let service = Self.services[0]
        let (before, after) = (Self.repository(service), Self.repository(Self.moved(service)))
        try await withVirtualTime { clock in
            let fleet = Fleet(clock)
            try await Self.converge(before, in: fleet)
            let nobody = try await fleet.workspace(before).movingServices(nil)
            #expect(nobody == [])
            try await Self.converge(after, in: fleet)
            let moving = fleet.workspace(after)
            let (all, others) = (
                try await moving.movingServices(nil), try await moving.movingServices(["other"])
            )
            #expect(all == ["web"])
            #expect(others == [])
        }
    }
}
