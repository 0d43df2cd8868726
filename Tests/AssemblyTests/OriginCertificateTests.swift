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

/// Certificates of services that are exposed directly, from their issue to their end.
@Suite struct OriginCertificateTests {
    private static let repository = Repository(
        project: ProjectSpec(
            project: "example", domain: "example.com", repository: "example/services"),
        services: [
            ServiceSpec(
                name: "edge", target: .aws,
                publicAccess: PublicAccess(hostname: "edge.example.com", port: 443), port: 443,
                exposure: .direct)
        ])
    private static let secret = "LAUNCH_EXAMPLE_EDGE_ORIGIN_CERTIFICATE"
    private static let certificate = "edge/cloudflare.origin_certificate"
    private static let keeper = "edge/github.secret/origin-certificate"

    private static func repository(_ change: (inout ServiceSpec) -> Void) -> Repository {
        repository.with(change)
    }

    private static func plan(
        _ fleet: Fleet, _ repository: Repository = repository
    ) async throws -> [String] {
        let workspace = fleet.workspace(repository)
        return try await workspace.reconciler.plan(workspace.goal()).effective
            .map { "\($0.action) \($0.address): \($0.reason)" }
    }

    private static func drift(_ fleet: Fleet) async throws -> [String] {
        let workspace = fleet.workspace(repository)
        return try await workspace.reconciler.drift(workspace.goal()).findings.map(\.summary)
    }

    private static func live(in fleet: Fleet) -> [Value] {
        fleet.world.locked { $0.cloudflare?.certificates.live ?? [] }
    }

    /// Converges, and has the machine get what converge has left for it: then all is well.
    private static func settle(
        _ fleet: Fleet, _ repository: Repository = repository
    ) async throws {
        let report = try await fleet.converge(repository)
        #expect(report.failures.map(\.message) == [])
        #expect(try await fleet.shortfalls(of: repository) == [])
        fleet.push("edge")
        #expect(try await fleet.wait(repository).map { $0.failure?.message } == [nil])
    }

    /// In the mode `strict` the edge goes on only to an origin that proves itself.
    private static func strictFleet(_ clock: VirtualClock) -> Fleet {
        let fleet = Fleet(clock)
        fleet.world.locked {
            $0.cloudflare?.zones.setSetting("ssl", to: "strict", zone: "example.com")
        }
        return fleet
    }

    @Test(arguments: [true, false]) func itServesInStrictModeWithItsCertificateAlone(
        isIssued: Bool
    ) async throws {
        let failures = try await withVirtualTime { clock in
            let repository = Self.repository {
                $0.publicAccess?.certificate = isIssued ? .origin : .own
            }
            let fleet = Self.strictFleet(clock)
            fleet.push("edge")
            #expect(try await fleet.converge(repository).isSuccess)
            return try await fleet.wait(repository).map { $0.failure?.message }
        }
        #expect(
            failures == [
                isIssued
                    ? nil
                    : "name answers was not reached within 300 s: Cloudflare answers 526: "
                        + "the origin's certificate is not accepted"
            ])
    }

    @Test func theKeyIsSealedWithItsCertificate() async throws {
        try await withVirtualTime { clock in
            let fleet = Fleet(clock)
            let owner = BoxKeyPair()
            fleet.world.locked {
                $0.github?.secrets(of: "example/services")?.publicKey = owner.publicKey
            }
            try await Self.settle(fleet)
            let box = fleet.world.locked {
                $0.github?.secrets(of: "example/services")?.sealed(Self.secret)
            }
            let pair = String(decoding: try #require(box.flatMap(owner.open)), as: UTF8.self)
            let shown = try #require(Self.live(in: fleet).first?["certificate"]?.string)
            #expect(pair.hasPrefix("-----BEGIN PRIVATE KEY-----\n"))
            #expect(pair.hasSuffix(shown))
        }
    }

    private struct Loss: CustomTestStringConvertible, Sendable {
        let testDescription: String
        /// What the plan says of the certificate and of the secret.
        let plan: [String]
        let drift: [String]
        let happen: @Sendable (WorldCore) -> Void
    }

    private static let losses = [
        Loss(
            testDescription: "the secret was removed",
            plan: [
                "update \(certificate): its key is nowhere but in \(keeper), which is missing",
                "create \(keeper): missing: removed outside of Launch",
            ], drift: ["\(keeper) missing"],
            happen: { $0.github?.secrets(of: "example/services")?.remove(secret) }),
        Loss(
            testDescription: "a stranger wrote the secret",
            plan: [
                "update \(certificate): its key is nowhere but in \(keeper), which somebody else "
                    + "has changed",
                "update \(keeper): source follows \(certificate) (public), intact: false → true "
                    + "(not as Launch left it), value changed",
            ], drift: ["\(keeper) changed intact"],
            happen: { $0.github?.secrets(of: "example/services")?.overwrite(secret) }),
        Loss(
            testDescription: "a stranger revoked the certificate",
            plan: [
                "create \(certificate): missing: removed outside of Launch",
                "update \(keeper): source follows \(certificate) (public), value changed",
            ], drift: ["\(certificate) missing"],
            happen: { $0.cloudflare?.certificates.revoke(for: "edge.example.com") }),
    ]

    @Test(arguments: losses) private func whatIsLostIsMadeAnew(_ loss: Loss) async throws {
        try await withVirtualTime { clock in
            let fleet = Self.strictFleet(clock)
            try await Self.settle(fleet)
            try await clock.sleep(for: .seconds(60))
            fleet.world.locked(loss.happen)
            #expect(try await Self.plan(fleet) == loss.plan)
            #expect(try await Self.drift(fleet) == loss.drift)
            try await Self.settle(fleet)
            #expect(Self.live(in: fleet).count == 1)
        }
    }

    @Test func itIsRenewedNinetyDaysBeforeItsEnd() async throws {
        try await withVirtualTime { clock in
            let fleet = Self.strictFleet(clock)
            try await Self.settle(fleet)
            let first = Self.live(in: fleet).map { $0["id"] }
            try await clock.sleep(for: .seconds(274 * 86_400))
            #expect(try await Self.plan(fleet) == [])
            try await clock.sleep(for: .seconds(86_400))
            #expect(
                try await Self.plan(fleet) == [
                    "update \(Self.certificate): current: false → true (not as Launch left it)",
                    "update \(Self.keeper): source follows \(Self.certificate) (public), "
                        + "value changed",
                ])
            #expect(try await Self.drift(fleet) == ["\(Self.certificate) changed current"])
            let report = try await fleet.converge(Self.repository)
            #expect(report.failures.isEmpty)
            // The machine goes on with the one that it has.
            #expect(try await fleet.wait(Self.repository).map { $0.failure?.message } == [nil])
            #expect(Self.live(in: fleet).map { $0["id"] }.starts(with: first))
            #expect(Self.live(in: fleet).count == 2)
            try await Self.settle(fleet)
            try await clock.sleep(for: .seconds(90 * 86_400))
            #expect(try await fleet.wait(Self.repository).map { $0.failure?.message } == [nil])
            #expect(Self.live(in: fleet).count == 1)
        }
    }

    @Test func anotherHostnameHasAnotherOne() async throws {
        try await withVirtualTime { clock in
            let fleet = Self.strictFleet(clock)
            try await Self.settle(fleet)
            let renamed = Self.repository { $0.publicAccess?.hostname = "*.example.com" }
            let plan = try await Self.plan(fleet, renamed)
            #expect(
                plan.filter { $0.contains(Self.certificate + ":") } == [
                    "update \(Self.certificate): hostnames: [edge.example.com] → [*.example.com] "
                        + "(public)"
                ])
            try await Self.settle(fleet, renamed)
            #expect(
                Self.live(in: fleet).map { $0["hostnames"] } == [
                    ["*.example.com", "edge.example.launch.example.com"]
                ])
        }
    }

    @Test(arguments: ServiceSpec.Exposure.allCases)
    func whoWantsNoneHasItRevoked(exposure: ServiceSpec.Exposure) async throws {
        try await withVirtualTime { clock in
            let fleet = Fleet(clock)
            try await Self.settle(fleet)
            let other = Self.repository {
                $0.exposure = exposure
                $0.publicAccess?.certificate = exposure == .direct ? .own : .origin
            }
            try await Self.settle(fleet, other)
            #expect(Self.live(in: fleet).isEmpty)
            let names = fleet.world.locked {
                $0.github?.secrets(of: "example/services")?.names ?? []
            }
            #expect(!names.contains(Self.secret))
        }
    }

    /// The marks bring it back; what it was given to keep the state has to take the specs' word.
    @Test func aLostStateIsRebuilt() async throws {
        try await withVirtualTime { clock in
            let fleet = Fleet(clock)
            try await Self.settle(fleet)
            let bereft = fleet.withoutState()
            try await bereft.rebuild(Self.repository)
            #expect(try await bereft.shortfalls(of: Self.repository) == [])
        }
    }

    /// Without a rebuild nobody knows what the secret keeps.
    @Test func withoutAStateItsKeyIsNotTrusted() async throws {
        try await withVirtualTime { clock in
            let fleet = Fleet(clock)
            try await Self.settle(fleet)
            let bereft = fleet.withoutState()
            #expect(
                try await Self.plan(bereft).filter { $0.hasPrefix("update") } == [
                    "update \(Self.certificate): its key is nowhere but in \(Self.keeper), which "
                        + "no run has finished writing",
                    "update \(Self.keeper): value changed",
                ])
            try await Self.settle(bereft)
            #expect(Self.live(in: bereft).count == 1)
        }
    }

    /// Without a repository nobody could hand a key over.
    @Test func aProjectWithoutARepositoryHasNone() async throws {
        try await withVirtualTime { clock in
            let fleet = Fleet(clock)
            var project = Self.repository.project
            project.repository = nil
            let repository = Repository(project: project, services: Self.repository.services)
            #expect(
                fleet.workspace(repository).goal().desired.map(\.address.description)
                    .filter { $0.contains("certificate") } == [])
        }
    }
}
