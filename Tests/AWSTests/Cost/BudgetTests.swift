import Cryptography
import CurlHTTP
import HTTP
import Logging
import Resources
import Services
import TestSupport
import Testing

@testable import AWS
@testable import Simulation

@Suite struct BudgetTests {
    private static let project = ProjectSpec(
        project: "demo",
        budget: BudgetSpec(
            monthlyUSD: 50,
            notify: ["ops@example.com", "arn:aws:sns:us-east-1:123456789012:bills"]))

    private static func desired(_ change: (inout BudgetSpec) -> Void = { _ in }) -> Resource {
        var project = project
        if var budget = project.budget {
            change(&budget)
            project.budget = budget
        }
        return BudgetBlueprint().resources(for: project)[0]
    }

    @Test func aBudgetHonoursTheContract() async throws {
        let edited = Self.desired {
            $0.monthlyUSD = 80
            $0.notify = ["ops@example.com", "boss@example.com"]
            $0.alertAt = [50, 100]
            $0.watched = .account
        }.with(["environment": "staging"])
        let left = try await withVirtualTime { clock in
            let world = Self.world(clock)
            world.locked { $0.aws?.budgets.give(.stranger("launch-other", tags: Self.otherTags)) }
            let contract = ProviderContract(
                Self.provider(world, clock), example: Self.desired(), edited: edited,
                project: "demo", in: world,
                bystanders: { core in
                    (core.aws?.budgets.all ?? []).map { "\($0)" }.filter {
                        $0.contains("launch-other")
                    }
                })
            try await contract.check()
            return contract.fieldsLeftAlone
        }
        #expect(left == [])
    }

    private static let otherTags = ["launch:project": "other", "launch:service": "_project"]

    @Test(arguments: [[:], otherTags])
    func aBudgetOfSomebodyElseIsLeftAlone(tags: [String: String]) async throws {
        let (error, found, after) = try await withVirtualTime { clock in
            let world = Self.world(clock)
            world.locked { $0.aws?.budgets.give(.stranger("launch-demo", tags: tags)) }
            let aws = Self.provider(world, clock)
            let error = try await providerError {
                try await aws.create(Self.desired(), key: IdempotencyKey("k"))
            }
            let found = try await aws.observe(Scope(project: "demo"))
            return (error, found, world.locked { "\($0.aws?.budgets.all as Any)" })
        }
        #expect(error?.reason == .conflict)
        #expect(error?.remedy == "Delete or rename the account's other budget of that name.")
        #expect(found == [])
        #expect(after.contains("launch-demo") && !after.contains("ops@example.com"))
    }

    /// A project without a budget costs no requests to Budgets, and needs no permission there.
    @Test func aBudgetIsLookedForOnlyWhereOneMayBe() async throws {
        let counts = try await withVirtualTime { clock in
            let world = Self.world(clock)
            let plain = Self.provider(world, clock, ProjectSpec(project: "demo"))
            func requests(_ scope: Scope) async throws -> Int {
                let before = world.locked { $0.requestCount }
                _ = try await plain.observe(scope)
                return world.locked { $0.requestCount } - before
            }
            return [
                try await requests(Scope(project: "demo")),
                try await requests(Scope(project: "demo", expected: [Budget.address])),
                try await requests(
                    Scope(project: "demo", services: ["web"], expected: [Budget.address])),
            ]
        }
        #expect(counts == [5, 7, 5])
    }

    private static func world(_ clock: VirtualClock) -> SimulatedWorld {
        SimulatedWorld(time: clock, random: SeededRandom(seed: 3), digests: OpenSSLDigests()) { _ in
            [:]
        }
    }

    private static func provider(
        _ world: SimulatedWorld, _ clock: VirtualClock, _ project: ProjectSpec = project
    ) -> AWSProvider {
        AWSProvider(
            project, environment: world.environment, http: world, time: clock,
            random: SeededRandom(seed: 1), digests: OpenSSLDigests())
    }
}

/// What moto knows of Budgets, over real HTTP: neither tags, nor subscribers, nor updates.
@Suite(.enabled(if: MotoServer.python != nil, "\(MotoServer.reason)"))
struct MotoBudgetTests {
    private static let name = "launch-demo"
    private static let alert = BudgetAlert(.actual, percent: 80, notify: ["ops@example.com"])
    private static let document: Value = [
        "BudgetName": .string(name), "BudgetType": "COST", "TimeUnit": "MONTHLY",
        "BudgetLimit": ["Amount": "50", "Unit": "USD"],
        "CostFilters": ["TagKeyValue": ["user:launch:project$demo"]],
    ]

    @Test func aBudgetIsMadeFoundAndDeleted() async throws {
        let moto = try MotoServer()
        defer { moto.stop() }
        let http = CurlHTTPClient(environment: [:], logger: Logger(label: "moto"))
        defer { http.close() }
        try await withVirtualTime { clock in
            let aws = AWSProvider(
                ProjectSpec(project: "demo"), environment: moto.environment, http: http,
                time: clock, random: SeededRandom(seed: 1), digests: OpenSSLDigests())
            let budgets = Budgets(api: aws.ec2.api, account: try await aws.identity())
            #expect(try await budgets.budget(Self.name) == nil)
            try await budgets.create(
                Self.document, alerts: [Self.alert], tags: ["launch:project": "demo"])
            let found = try #require(try await budgets.budget(Self.name))
            #expect(found["BudgetLimit"] == Self.document["BudgetLimit"])
            #expect(found["CostFilters"] == Self.document["CostFilters"])
            await #expect(throws: (any Error).self) {
                try await budgets.create(Self.document, alerts: [], tags: [:])
            }
            let second = BudgetAlert(.forecast, percent: 100, notify: ["ops@example.com"])
            try await budgets.add(second, to: Self.name)
            try await budgets.remove(Self.alert.notification, from: Self.name)
            try await budgets.delete(Self.name)
            try await budgets.delete(Self.name)
            #expect(try await budgets.budget(Self.name) == nil)
        }
    }
}

extension SimulatedBudget {
    fileprivate static func stranger(_ name: String, tags: [String: String]) -> SimulatedBudget {
        SimulatedBudget(
            name: name, document: ["BudgetType": "COST"], notifications: [], tags: tags)
    }
}
