import Cryptography
import Resources
import Services
import Simulation
import Testing

@testable import AWS

/// A whole service on the simulated EC2, with one fault at each request in turn.
@Suite struct AWSAgainstSimulationTests {
    private static let engine = TestEngine(project: ProjectSpec(project: "demo"))
    private static let service = ServiceSpec(
        name: "web", target: .aws,
        publicAccess: PublicAccess(hostname: "web.example.com", port: 443),
        data: DataVolume(gibibytes: 7), exposure: .direct)

    /// Every request has its effect and no answer, and in turn does not arrive, is refused for a
    /// while, and is told to slow down.
    @Test func oneFaultLeavesOneOfEverything() async throws {
        let turns = [Fault.reset, .status(503, retryAfter: 1), .vendor(.throttled)]
        var problems: [String] = []
        let undisturbed = try await life(with: .none)
        for index in 0..<undisturbed.requests {
            for fault in [.lostReply, turns[index % turns.count]] {
                let disturbed = try await life(with: .at(index, fault))
                problems += disturbed.problems.map { "\(fault) at request \(index): \($0)" }
            }
        }
        #expect(undisturbed.problems + problems == [])
        #expect(undisturbed.requests > 20)
    }

    /// What was just made is unknown to the next call, and profiles to EC2.
    @Test(arguments: [3, 20]) func newsTravelsSlowly(seconds: Int) async throws {
        var configuration = WorldConfiguration()
        configuration.eventualConsistency = .seconds(seconds)
        configuration.pageSize = 5
        let outcome = try await life(with: .none, configuration)
        #expect(outcome.problems == [])
    }

    /// All that goes wrong in a cloud, at once: faults and throttling, news that travels slowly,
    /// lists in pages, room in few places, and a machine that is taken back.
    @Test(arguments: 1...12) func oneOfEverythingOutlastsABadDay(seed: Int) async throws {
        var configuration = WorldConfiguration()
        configuration.eventualConsistency = .seconds(5)
        configuration.pageSize = 5
        let outcome = try await withVirtualTime { [configuration] clock in
            let (world, aws) = Self.surroundings(clock, configuration)
            let faults = FaultPlan.random(
                rate: 0.15, seed: UInt64(seed),
                kinds: [.lostReply, .reset, .status(503, retryAfter: 1), .vendor(.throttled)])
            Self.leaveLittleRoom(in: world)
            var spot = Self.service
            spot.spot = true
            spot.data = nil
            var whole = Self.whole
            whole["ec2 volume"] = 1
            var problems: [String] = []
            for _ in 1...2 {
                world.setFaults(faults)
                try await Self.insisting { _ = try await Self.engine.create(spot, on: aws) }
                world.setFaults(.none)
                try await clock.sleep(for: .seconds(60))
                problems += try await Self.engine.drift(spot, on: aws)
                if world.inventory != whole { problems.append("there is \(world.inventory)") }
                Self.interruptMachine(in: world)
                try await clock.sleep(for: .seconds(60))
            }
            world.setFaults(faults)
            try await Self.insisting { try await Self.engine.removeAll(from: aws) }
            return problems + world.inventory.map { "left: \($0)" }
        }
        #expect(outcome == [])
    }

    /// As people do: they run it again.
    private static func insisting(_ body: () async throws -> Void) async throws {
        for _ in 1...5 {
            do {
                return try await body()
            } catch is ProviderError {}
        }
        try await body()
    }

    /// Room only in the last zone, and not for what was asked for.
    @Test func aSpotMachineIsMadeWhereThereIsRoom() async throws {
        try await withVirtualTime { clock in
            let (world, aws) = Self.surroundings(clock)
            Self.leaveLittleRoom(in: world)
            var spot = Self.service
            spot.spot = true
            spot.data = nil
            let made = try await Self.engine.create(spot, on: aws)
            let machine = made.first { $0.address.kind == Instance.kind.name }
            #expect(machine?["availability_zone"] == "us-east-1c")
            let type = world.locked { $0.aws?.ec2.instance(tagged: "launch:service", "web")?.type }
            #expect(type == "c6i.large")
            try await Self.engine.expectNoDrift(spot, on: aws)
            try await Self.engine.removeAll(from: aws)
            #expect(world.inventory.isEmpty)
        }
    }

    /// AWS takes the machine back: it is missing, and a new one takes over address and data.
    @Test func anInterruptedSpotMachineIsMadeAnew() async throws {
        try await withVirtualTime { clock in
            let (world, aws) = Self.surroundings(clock)
            var spot = Self.service
            spot.spot = true
            let made = try await Self.engine.create(spot, on: aws)
            Self.interruptMachine(in: world)
            try await clock.sleep(for: .seconds(60))
            let left = try await Self.engine.observed(aws)
            #expect(!left.contains { $0.address.kind == Instance.kind.name })
            let again = try await Self.engine.create(spot, on: aws)
            func part(_ name: String, of all: [ObservedResource]) -> Value? {
                all.first { $0.address.kind == Instance.kind.name }?[name]
            }
            #expect(part("id", of: again) != part("id", of: made))
            for name in ["public_ipv4", "data_volume", "instance_profile", "elastic_ip"] {
                #expect(part(name, of: again) == part(name, of: made))
            }
            try await Self.engine.expectNoDrift(spot, on: aws)
        }
    }

    /// What somebody made by hand becomes the service's own, and stays what it is.
    @Test func anObjectIsAdoptedByItsID() async throws {
        try await withVirtualTime { clock in
            let (world, aws) = Self.surroundings(clock)
            let made: VolumeDocument = try await aws.ec2.call(
                "CreateVolume",
                ["AvailabilityZone": "us-east-1b", "Size": 7, "VolumeType": "gp3"])
            let id = made.volumeId
            let desired = try #require(
                Self.engine.resolved(Self.service, []).first {
                    $0.address.kind == Volume.kind.name
                })
            try await clock.sleep(for: .seconds(60))
            try await aws.adopt(id, as: desired)
            try await aws.adopt(id, as: desired)
            let found = try await Self.engine.observed(aws)
            #expect(found.map(\.id) == [id])
            #expect(found.first?["name"] == desired["name"])
            #expect(world.inventory == ["ec2 volume": 1])

            let other = AWSProvider(
                ProjectSpec(project: "other"), environment: world.environment, http: world,
                time: clock, random: SeededRandom(seed: 1), digests: OpenSSLDigests())
            let taken = try await providerError {
                try await other.adopt(id, as: desired)
            }
            #expect(taken?.reason == .conflict)
            #expect(taken?.detail == "it belongs to web/aws.volume of the project demo")
            let missing = try await providerError {
                try await aws.adopt("vol-00000000", as: desired)
            }
            #expect(missing?.reason == .notFound)

            // Only who owns it lets it go.
            let owned = try #require(found.first)
            try await other.release(owned)
            #expect(try await Self.engine.observed(aws).map(\.id) == [id])
            for _ in 1...2 { try await aws.release(owned) }
            #expect(try await Self.engine.observed(aws) == [])
            #expect(
                try await other.lookalikes(of: [desired]) == [
                    Lookalike(desired.address, id: id, name: "demo-web-data")
                ])
        }
    }

    /// What bears another service's mark is not taken over, whatever it is.
    @Test func anotherServicesObjectsAreLeftToIt() async throws {
        try await withVirtualTime { clock in
            let (world, aws) = Self.surroundings(clock)
            let made = try await Self.engine.create(Self.service, on: aws)
            let inventory = world.inventory
            var renamed = Self.service
            renamed.name = "shop"
            for desired in Self.engine.resolved(renamed, made) {
                let former = Address(service: "web", kind: desired.address.kind)
                guard let object = made.first(where: { $0.address == former }) else { continue }
                let refused = try await providerError {
                    try await aws.adopt(object.id, as: desired)
                }
                let isRole = former.kind == InstanceProfile.kind.name
                #expect(refused?.reason == (isRole ? .unsupported : .conflict))
            }
            let found = try await Self.engine.observed(aws)
            #expect(
                found.map { "\($0.address) \($0.id)" }.sorted()
                    == made.map { "\($0.address) \($0.id)" }.sorted())
            #expect(world.inventory == inventory)
        }
    }

    /// In the last zone alone, and not for what was asked for.
    private static func leaveLittleRoom(in world: SimulatedWorld) {
        world.locked {
            $0.aws?.ec2.lacksRoom = { type, zone in type == "t3.small" || !zone.hasSuffix("c") }
        }
    }

    /// AWS takes a spot machine back.
    private static func interruptMachine(in world: SimulatedWorld) {
        world.locked { core in
            guard let ec2 = core.aws?.ec2,
                let machine = ec2.instance(tagged: "launch:service", "web")
            else { return }
            ec2.interrupt(machine.id)
        }
    }

    /// What the service is made of.
    private static let whole = [
        "ec2 security group": 1, "ec2 instance": 1, "ec2 volume": 2, "ec2 elastic ip": 1,
        "iam role": 1, "iam instance profile": 1,
    ]

    private static func surroundings(
        _ clock: VirtualClock, _ configuration: WorldConfiguration = WorldConfiguration()
    ) -> (SimulatedWorld, AWSProvider) {
        let world = SimulatedWorld(
            configuration, time: clock, random: SeededRandom(seed: 3), digests: OpenSSLDigests()
        ) { _ in [:] }
        let aws = AWSProvider(
            engine.project, environment: world.environment, http: world, time: clock,
            random: SeededRandom(seed: 1), digests: OpenSSLDigests())
        return (world, aws)
    }

    /// Creates the service's objects and removes them.
    private func life(
        with faults: FaultPlan, _ configuration: WorldConfiguration = WorldConfiguration()
    ) async throws -> (problems: [String], requests: Int) {
        try await withVirtualTime { clock in
            let (world, aws) = Self.surroundings(clock, configuration)
            world.setFaults(faults)
            _ = try await Self.engine.create(Self.service, on: aws)
            var problems = try await Self.engine.drift(Self.service, on: aws)
            if world.inventory != Self.whole { problems.append("there is \(world.inventory)") }
            try await Self.engine.removeAll(from: aws)
            if !world.inventory.isEmpty { problems.append("left is \(world.inventory)") }
            return (problems, world.requestCount)
        }
    }
}
