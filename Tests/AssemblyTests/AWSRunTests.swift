import Assembly
import HTTP
import Planning
import Reconciling
import Resources
import ServiceFiles
import Services
import Simulation
import Synchronization
import TestSupport
import Testing

/// What a service on AWS learns only while the world runs.
@Suite struct AWSRunTests {
    private static let repository = Repository(
        project: ProjectSpec(
            project: "example", domain: "example.com", repository: "example/services"),
        services: [
            ServiceSpec(
                name: "web", target: .aws,
                publicAccess: PublicAccess(hostname: "web.example.com", port: 443),
                exposure: .direct)
        ])

    private static let machine = Address(service: "web", kind: KindName(.aws, "instance"))
    private static let aaaa = Address(
        service: "web", kind: KindName(.cloudflare, "dns_record"), key: "web.example.com/AAAA")

    @Test func aNewerImageWaitsUntilItIsAskedFor() async throws {
        let (before, noted, replaced, after, left) = try await withVirtualTime { clock in
            let fleet = Fleet(clock)
            try await fleet.converge(Self.repository)
            let before = try await fleet.plan(Self.repository)
            fleet.world.locked { _ = $0.aws?.publishImage("ubuntu-24.04") }
            let noted = try await fleet.plan(Self.repository)
            let workspace = fleet.workspace(Self.repository)
            let upgrade = workspace.goal(upgrading: ["web"])
            let replaced = try await workspace.reconciler.plan(upgrade)
            _ = try await workspace.reconciler.converge(upgrade, claim: Fleet.claim) { _ in }
            // Asked for once more, it finds nothing newer.
            let again = fleet.workspace(Self.repository)
            let after = try await again.reconciler.plan(again.goal(upgrading: ["web"]))
            return (
                before, noted, replaced, after,
                try await fleet.shortfalls(of: Self.repository)
            )
        }
        #expect(before.isEmpty && before.upgrades == [])
        #expect(noted.isEmpty)
        #expect(noted.upgrades == [Upgrade(Self.machine, offered: "ami-0a1b2c3d4e5f60011")])
        let change = try #require(replaced.effective.first { $0.address == Self.machine })
        #expect(change.action == .replace)
        #expect(change.reason == "image_id: ami-0a1b2c3d4e5f60001 → ami-0a1b2c3d4e5f60011")
        #expect(after.isEmpty && after.upgrades == [])
        #expect(left == [])
    }

    @Test func anIPv6AddressHasARecordAsLongAsItIsThere() async throws {
        let (none, made, stable, gone, left) = try await withVirtualTime { clock in
            let fleet = Fleet(clock)
            let first = try await fleet.converge(Self.repository)
            let none = try await fleet.store.read().resources[Self.aaaa]
            var problems = first.failures.map(\.message)
            problems += try await fleet.shortfalls(of: Self.repository)
            problems += try await fleet.destroy(Self.repository).failures.map(\.message)
            fleet.world.locked { $0.aws?.ec2.giveIPv6() }
            problems += try await fleet.converge(Self.repository).failures.map(\.message)
            let made = try await fleet.store.read().resources[Self.aaaa]
            let stable = try await fleet.shortfalls(of: Self.repository)
            fleet.world.locked { core in
                guard let ec2 = core.aws?.ec2,
                    let machine = ec2.instance(tagged: "launch:service", "web")
                else { return }
                ec2.takeIPv6(from: machine.id)
            }
            problems += try await fleet.converge(Self.repository).failures.map(\.message)
            let gone = try await fleet.store.read().resources[Self.aaaa]
            problems += try await fleet.shortfalls(of: Self.repository)
            problems += try await fleet.destroy(Self.repository).failures.map(\.message)
            return (
                none, made, stable, gone,
                problems + fleet.world.inventory.map { "left: \($0)" }
            )
        }
        #expect(none == nil)
        #expect(made?.attributes["content"]?.string?.hasPrefix("2600:1f18:0:") == true)
        #expect(stable == [])
        #expect(gone == nil)
        #expect(left == [])
    }

    @Test func cloudflaresNetworksAreAskedForOnceAndByWhoNeedsThem() async throws {
        let (direct, tunnelled, origin) = try await withVirtualTime { clock in
            let fleet = Fleet(clock)
            let direct = NetworksCounter(fleet.world)
            try await fleet.converge(Self.repository, http: direct)
            let plan = try await fleet.plan(Self.repository)
            let group = plan.changes.first { $0.address.kind == KindName(.aws, "security_group") }
            let repository = Self.repository.with { $0.exposure = .tunnel }
            let tunnelled = NetworksCounter(fleet.world)
            try await fleet.converge(repository, http: tunnelled)
            return (direct.count, tunnelled.count, group?.desired?.origins["ingress"])
        }
        #expect(direct == 1)
        #expect(tunnelled == 0)
        #expect(origin == "Cloudflare's networks, as published now")
    }

    private static let group = Address(service: "web", kind: KindName(.aws, "security_group"))

    /// The ranges that reach 443 of the service's machine.
    private static func letIn(_ fleet: Fleet) async throws -> Set<String> {
        let recorded = try await fleet.store.read().resources[group]
        let rules = recorded?.attributes["ingress"]?.list ?? []
        return Set(rules.filter { $0["to_port"] == 443 }.compactMap { $0["peer"]?.string })
    }

    private static let builtIn = Set(CloudflareProxies.networks)

    /// A range comes, another goes, and the group stays.
    @Test func aChangedListIsFollowedInPlace() async throws {
        let changed = Self.builtIn.subtracting(["131.0.72.0/22"]).union(["198.18.0.0/15"])
        let (before, plan, after, isDone, isStill) = try await withVirtualTime { clock in
            let fleet = Fleet(clock)
            try await fleet.converge(Self.repository)
            let before = try await Self.letIn(fleet)
            let list = NetworksList(fleet.world, changed)
            let workspace = fleet.workspace(Self.repository, http: list)
            let plan = try await workspace.reconciler.plan(workspace.goal())
            try await fleet.converge(Self.repository, http: list)
            let next = fleet.workspace(Self.repository, http: list)
            let isDone = try await next.reconciler.plan(next.goal()).isEmpty
            let drift = try await next.reconciler.drift(next.goal()).findings
            return (
                before, plan.effective, try await Self.letIn(fleet), isDone, drift.isEmpty
            )
        }
        #expect(before == Self.builtIn)
        #expect(plan.map(\.address) == [Self.group])
        #expect(plan.map(\.action) == [.update])
        #expect(plan.first?.fields.map(\.path) == ["ingress"])
        #expect(after == changed)
        #expect(isDone && isStill)
    }

    /// What was let in by the last list that could be read stays.
    @Test(arguments: [nil, []] as [Set<String>?])
    func aListThatCannotBeReadChangesNothing(_ answer: Set<String>?) async throws {
        let changed = Self.builtIn.union(["198.18.0.0/15"])
        let (plan, origin, report, after) = try await withVirtualTime { clock in
            let fleet = Fleet(clock)
            try await fleet.converge(Self.repository, http: NetworksList(fleet.world, changed))
            let unreadable = NetworksList(fleet.world, answer)
            let workspace = fleet.workspace(Self.repository, http: unreadable)
            let plan = try await workspace.reconciler.plan(workspace.goal())
            let report = try await fleet.converge(
                Self.repository.with {
                    $0.ingress = [IngressRule(port: 22, sources: ["10.0.0.0/8"])]
                },
                http: unreadable)
            let group = plan.changes.first { $0.address == Self.group }
            return (
                plan.effective.map(\.address), group?.desired?.origins["ingress"], report,
                try await Self.letIn(fleet)
            )
        }
        #expect(plan == [])
        #expect(origin == "Cloudflare's networks, as last published")
        #expect(report.isSuccess)
        #expect(after == changed)
    }

    @Test func aFirstGroupGoesByTheListThatTheProgramKnows() async throws {
        let (report, letIn) = try await withVirtualTime { clock in
            let fleet = Fleet(clock)
            let report = try await fleet.converge(
                Self.repository, http: NetworksList(fleet.world, nil))
            return (report, try await Self.letIn(fleet))
        }
        #expect(report.isSuccess)
        #expect(letIn == Self.builtIn)
    }
}

/// Counts how often Cloudflare's list of networks is asked for.
private final class NetworksCounter: HTTPClient {
    private let base: any HTTPClient
    private let seen = Mutex(0)

    init(_ base: any HTTPClient) { self.base = base }

    var count: Int { seen.withLock { $0 } }

    func send(_ request: HTTPRequest) async throws -> HTTPResponse {
        if request.url.hasSuffix("/ips") { seen.withLock { $0 += 1 } }
        return try await base.send(request)
    }
}

extension Fleet {
    fileprivate func plan(_ repository: Repository) async throws -> Plan {
        let workspace = workspace(repository)
        return try await workspace.reconciler.plan(workspace.goal())
    }
}

/// A world where Cloudflare publishes another list of networks; `nil` is none.
private struct NetworksList: HTTPClient {
    private let base: any HTTPClient
    private let blocks: Set<String>?

    init(_ base: any HTTPClient, _ blocks: Set<String>?) {
        self.base = base
        self.blocks = blocks
    }

    func send(_ request: HTTPRequest) async throws -> HTTPResponse {
        guard request.url.hasSuffix("/ips") else { return try await base.send(request) }
        guard let blocks else {
            return HTTPResponse(status: 403, body: Array(#"{"success":false}"#.utf8))
        }
        func list(_ isIPv6: Bool) -> Value {
            .list(blocks.filter { $0.contains(":") == isIPv6 }.sorted().map(Value.string))
        }
        let answer: Value = [
            "success": true, "errors": [], "messages": [],
            "result": ["ipv4_cidrs": list(false), "ipv6_cidrs": list(true)],
        ]
        return HTTPResponse(status: 200, body: Array(answer.jsonText().utf8))
    }
}
