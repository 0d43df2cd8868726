import Assembly
import HTTP
import Planning
import Resources
import ServiceFiles
import Services
import Simulation
import TestSupport
import Testing

@testable import Reconciling

/// Services that are let go and taken over again, with everything that a service can have.
@Suite struct HandoverTests {
    /// Nothing is made, changed or deleted by it, and everything is the project's again afterwards.
    @Test func everythingIsLetGoAndTakenOverAgain() async throws {
        let problems = try await withVirtualTime { clock in
            let fleet = Fleet(clock)
            let repository = Repository.full(in: fleet.world)
            try await fleet.converge(repository)
            let before = try await fleet.handable()
            let inventory = fleet.world.inventory
            let forgetting = try await fleet.forget(repository)
            var problems = forgetting.entries.filter { $0.fate == .gone }
                .map { "gone: \($0.address)" }
            problems += try await fleet.remains(of: repository)

            try await fleet.takeOver(before, for: repository)
            let workspace = fleet.workspace(repository)
            let plan = try await workspace.reconciler.plan(workspace.goal(withData: true))
            // What a secret holds is not known, so it is written again, and a certificate for it.
            problems += plan.effective.filter { $0.action != .adopt && !$0.address.isNamed }
                .map { "planned: \($0.action) \($0.address): \($0.reason)" }
            if fleet.world.inventory != inventory { problems.append("\(fleet.world.inventory)") }
            return problems
        }
        #expect(problems == [])
    }

    /// A forgetting is killed at each of its moments; nothing is planned until it is ended.
    @Test(arguments: [ServiceSpec.Target.aws, .proxmox])
    func aBrokenOffForgettingIsEndedByAnother(target: ServiceSpec.Target) async throws {
        let moments = try await Self.forget(target, killAt: nil)
        #expect(moments > 8)
        for moment in 1...moments { _ = try await Self.forget(target, killAt: moment) }
    }

    private static func repository(_ target: ServiceSpec.Target) -> Repository {
        Repository(
            project: ProjectSpec(
                project: "example", domain: "example.com", repository: "example/services"),
            services: [ServiceSpec(name: "web", target: target, guest: .lxc)])
    }

    /// - Returns: how many moments the run had.
    private static func forget(
        _ target: ServiceSpec.Target, killAt moment: Int?
    ) async throws -> Int {
        let repository = repository(target)
        return try await withVirtualTime { clock in
            let holder = SwitchHolder(KillSwitch())
            let fleet = Fleet(clock) { holder.value }
            try await fleet.converge(repository)
            let inventory = fleet.world.inventory
            let killSwitch = KillSwitch(at: moment)
            holder.value = killSwitch
            let client = SwitchedHTTPClient(fleet.world, holder)
            _ = try? await fleet.forget(repository, http: client)
            holder.value = KillSwitch()

            let context: Comment = "killed at moment \(moment ?? 0)"
            let workspace = fleet.workspace(repository)
            let document = try await fleet.store.read()
            if document.intents.isEmpty {
                let plan = try await workspace.reconciler.plan(workspace.goal())
                let missing = plan.changes.filter {
                    $0.action == .create && document.resources[$0.address] != nil
                }
                #expect(missing == [], context)
            } else {
                await #expect(throws: ReconcilingError.halfReleased(["web"]), context) {
                    _ = try await workspace.reconciler.plan(workspace.goal())
                }
                await #expect(throws: ReconcilingError.halfReleased(["web"]), context) {
                    _ = try await fleet.converge(repository)
                }
            }
            try await fleet.forget(repository)
            #expect(try await fleet.remains(of: repository) == [], context)
            #expect(try await fleet.store.leases() == [], context)
            #expect(fleet.world.inventory == inventory, context)
            return killSwitch.moments
        }
    }

    /// An object of a service that is half let go is taken back by its id.
    @Test func whatIsHalfLetGoIsTakenBack() async throws {
        let repository = Self.repository(.proxmox)
        let problems = try await withVirtualTime { clock in
            let fleet = Fleet(clock)
            try await fleet.converge(repository)
            let made = try await fleet.store.read().resources
            fleet.world.setFaults(
                .matching(.status(403, retryAfter: nil)) {
                    $0.method == "PUT" && $0.path.hasSuffix("/config")
                })
            await #expect(throws: ProviderError.self) { try await fleet.forget(repository) }
            fleet.world.setFaults(.none)
            let open = Set(try await fleet.store.read().intents.map(\.address))
            try await fleet.takeOver(made.filter { open.contains($0.key) }, for: repository)
            let failures = try await fleet.converge(repository).failures.map(\.message)
            return failures + (try await fleet.shortfalls(of: repository))
                + (open.isEmpty ? ["nothing was open"] : [])
        }
        #expect(problems == [])
    }

    /// Three requests in ten go wrong, and running it again gets there.
    @Test(arguments: UInt64(1)...8) func faultsOnTheWayDoNoHarm(seed: UInt64) async throws {
        let problems = try await withVirtualTime(seed: seed) { clock in
            let fleet = Fleet(clock)
            let repository = Repository.full(in: fleet.world)
            try await fleet.converge(repository)
            let made = try await fleet.handable()
            let inventory = fleet.world.inventory
            let faults = FaultPlan.random(
                rate: 0.3, seed: seed,
                kinds: [.reset, .lostReply, .status(503, retryAfter: nil), .vendor(.throttled)])
            fleet.world.setFaults(faults)
            try await persisting { try await fleet.forget(repository) }
            fleet.world.setFaults(.none)
            var problems = try await fleet.remains(of: repository)
            fleet.world.setFaults(faults)
            for object in made.sorted(by: { Fleet.comesFirst($0.key, $1.key) }) {
                try await persisting { try await fleet.takeOver([object], for: repository) }
            }
            fleet.world.setFaults(.none)
            let rebuilt = try await fleet.withoutState().rebuild(repository)
            let found = Set(rebuilt.entries.map { "\($0.address) \($0.id)" })
            problems += made.values.map { "\($0.address) \($0.id)" }
                .filter { !found.contains($0) }.map { "not taken over: \($0)" }
            if fleet.world.inventory != inventory { problems.append("\(fleet.world.inventory)") }
            return problems
        }
        #expect(problems == [])
    }

    private func persisting(_ body: () async throws -> Void) async throws {
        for _ in 1..<20 {
            do { return try await body() } catch is ProviderError {}
        }
        try await body()
    }

    /// What is let go is found by its name, each with the address that it had.
    @Test func whatIsNobodysIsDiscovered() async throws {
        let (wrong, found, none) = try await withVirtualTime { clock in
            let fleet = Fleet(clock)
            let repository = Repository.full(in: fleet.world)
            try await fleet.converge(repository)
            let none = try await fleet.workspace(repository).lookalikes(of: nil)
            let made = try await fleet.store.read().resources
            try await fleet.forget(repository)
            let found = try await fleet.workspace(repository).lookalikes(of: nil)
            return (
                found.filter { made[$0.address]?.id != $0.id },
                Set(found.map(\.address.kind.description)), none
            )
        }
        #expect(none == [])
        #expect(wrong == [])
        // A tunnel has another name then.
        #expect(
            found == [
                "aws.elastic_ip", "aws.instance", "aws.instance_profile", "aws.security_group",
                "aws.volume", "cloudflare.dns_record", "github.runner", "proxmox.lxc",
                "proxmox.vm",
            ])
    }
}

extension Address {
    /// True for what says whose it is by a name that stays.
    fileprivate var isNamed: Bool {
        ["origin_certificate", "secret", "budget"].contains(kind.name)
    }
}

extension Fleet {
    /// Lets every service of the repository go, and waits until everybody has heard of it.
    @discardableResult
    fileprivate func forget(
        _ repository: Repository, http: (any HTTPClient)? = nil
    ) async throws -> Forgetting {
        let workspace = workspace(repository, http: http)
        let services = Set(repository.services.map(\.name))
        let forgetting = try await workspace.reconciler.forget(
            workspace.teardown(services, withData: true), claim: Self.claim
        ) { _ in }
        try await time.sleep(for: .seconds(60))
        return forgetting
    }

    /// What is recorded and can change hands.
    fileprivate func handable() async throws -> [Address: RecordedResource] {
        try await store.read().resources.filter { !$0.key.isNamed }
    }

    /// Adopts the objects at the addresses that they had.
    fileprivate func takeOver(
        _ objects: some Sequence<(key: Address, value: RecordedResource)>,
        for repository: Repository
    ) async throws {
        for (address, record) in objects.sorted(by: { Self.comesFirst($0.key, $1.key) }) {
            try await workspace(repository).adopt(record.id, as: address, claim: Self.claim)
        }
        try await time.sleep(for: .seconds(60))
    }

    /// Guests before their firewalls.
    fileprivate static func comesFirst(_ left: Address, _ right: Address) -> Bool {
        (left.kind.name == "firewall" ? 1 : 0, left)
            < (right.kind.name == "firewall" ? 1 : 0, right)
    }

    /// What is still recorded, begun, or marked though it was let go.
    fileprivate func remains(of repository: Repository) async throws -> [String] {
        let services = Set(repository.services.map(\.name))
        let document = try await store.read()
        let rebuilt = try await withoutState().rebuild(repository.emptied)
        return document.resources.keys.filter { services.contains($0.service) }
            .map { "recorded: \($0)" }
            + document.intents.map { "open: \($0.action) \($0.address)" }
            + rebuilt.entries.map(\.address)
            .filter { services.contains($0.service) && !$0.isNamed }.map { "seen: \($0)" }
    }
}
