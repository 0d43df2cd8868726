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
        name: "web", target: .aws, data: DataVolume(gibibytes: 7))

    @Test(arguments: [
        Fault.lostReply, .reset, .status(503, retryAfter: 1), .vendor(.throttled),
    ])
    func oneFaultLeavesOneOfEverything(fault: Fault) async throws {
        var problems: [String] = []
        let undisturbed = try await life(with: .none)
        for index in 0..<undisturbed.requests {
            let disturbed = try await life(with: .at(index, fault))
            problems += disturbed.problems.map { "fault at request \(index): \($0)" }
        }
        #expect(undisturbed.problems + problems == [])
        #expect(undisturbed.requests > 20)
    }

    /// Creates the service's objects and removes them.
    private func life(
        with faults: FaultPlan
    ) async throws -> (problems: [String], requests: Int) {
        try await withVirtualTime { clock in
            let world = SimulatedWorld(
                time: clock, random: SeededRandom(seed: 3), digests: OpenSSLDigests()
            ) { _ in [:] }
            let aws = AWSProvider(
                Self.engine.project, environment: world.environment, http: world, time: clock,
                random: SeededRandom(seed: 1), digests: OpenSSLDigests())
            world.setFaults(faults)
            _ = try await Self.engine.create(Self.service, on: aws)
            var problems = try await Self.engine.drift(Self.service, on: aws)
            let whole = ["ec2 security group": 1, "ec2 instance": 1, "ec2 volume": 2]
            if world.inventory != whole { problems.append("there is \(world.inventory)") }
            try await Self.engine.removeAll(from: aws)
            if !world.inventory.isEmpty { problems.append("left is \(world.inventory)") }
            return (problems, world.requestCount)
        }
    }
}
