import Foundation
import GitHub
import HTTP
import Resources
import Services
import Simulation
import TestSupport
import Testing

/// Every request is checked against GitHub's API description, where that is present.
@Suite struct EphemeralRunnerTests {
    private static let secret = "LAUNCH_ACME_WEB_RUNNER_TOKEN"
    private static let runner = GitHubFixture.runner(isEphemeral: true)

    private static func wanted(_ value: String = "token-1") -> Resource {
        Resource(
            ServiceSecret.runnerToken.address(in: "web"),
            attributes: [
                "name": .string(secret), "environment": "production", "intact": true,
                "value": .secret(Secret(value)),
            ])
    }

    private static func record(_ made: ObservedResource) -> RecordedResource {
        RecordedResource(
            address: made.address, id: made.id, attributes: made.attributes,
            createdAt: .distantPast, updatedAt: .distantPast)
    }

    private static func scope(_ made: ObservedResource) -> Scope {
        Scope(project: "acme", recorded: [record(made)], expected: [made.address])
    }

    private static func online(_ fixture: GitHubFixture, isEphemeral: Bool = true) {
        fixture.runners {
            $0.add(
                named: "launch-acme-web", labels: ["web", "production"], isEphemeral: isEphemeral)
        }
    }

    @Test func everyRegistrationIsTheSameRunner() async throws {
        try await withVirtualTime { clock in
            let fixture = GitHubFixture(clock)
            Self.online(fixture)
            let provider = fixture.provider()
            let made = try await provider.create(Self.runner, key: GitHubFixture.key)
            #expect(made.id == "launch-acme-web")
            #expect(made["ephemeral"] == true)
            fixture.runners { $0.remove(named: "launch-acme-web") }
            Self.online(fixture)
            var seen = made
            seen.attributes["machine"] = nil
            #expect(try await provider.observe(Self.scope(made)) == [seen])

            try await provider.delete(made)
            #expect(fixture.world.inventory == [:])
            try await provider.delete(made)
        }
    }

    @Test func anEphemeralRunnerHonoursTheContract() async throws {
        try await withVirtualTime { clock in
            let fixture = GitHubFixture(clock)
            try await ProviderContract(
                fixture.provider(), example: Self.runner,
                edited: GitHubFixture.runner(labels: ["staging", "web"], isEphemeral: true),
                project: "acme", in: fixture.world, prepare: { Self.online(fixture) }
            ).check()
        }
    }

    /// The runner registers again some seconds after its job.
    @Test(arguments: [(20, 1, 20.0), (90, 0, 60.0)])
    func aRunnerBetweenTwoJobsIsLookedForAgain(
        pause: Int, count: Int, seconds: Double
    ) async throws {
        try await withVirtualTime { clock in
            let fixture = GitHubFixture(clock)
            Self.online(fixture)
            let provider = fixture.provider()
            let made = try await provider.create(Self.runner, key: GitHubFixture.key)
            fixture.runners { $0.remove(named: "launch-acme-web") }
            let start = clock.now()
            let seen = try await withThrowingTaskGroup(of: [ObservedResource].self) { group in
                group.addTask { try await provider.observe(Self.scope(made)) }
                try await clock.sleep(for: .seconds(pause))
                Self.online(fixture)
                return try await group.next()
            }
            #expect(seen?.count == count)
            #expect(clock.now().timeIntervalSince(start) >= seconds)
        }
    }

    @Test func nobodyWaitsForARunnerThatStaysOrIsNotWanted() async throws {
        try await withVirtualTime { clock in
            let fixture = GitHubFixture(clock)
            let provider = fixture.provider()
            let start = clock.now()
            for isEphemeral in [false, true] {
                let left = ObservedResource(
                    Self.runner.address, id: "launch-acme-web",
                    attributes: ["ephemeral": .boolean(isEphemeral)])
                let scope = Scope(
                    project: "acme", recorded: [Self.record(left)],
                    expected: isEphemeral ? [] : [left.address])
                let seen = try await provider.observe(scope)
                #expect(seen.isEmpty)
            }
            #expect(clock.now() == start)
        }
    }

    /// Its machine is about to replace it.
    @Test func aRunnerThatLivesOtherwiseIsNotTheOneAwaited() async throws {
        let error = await #expect(throws: ProviderError.self) {
            try await withVirtualTime { clock in
                let fixture = GitHubFixture(clock)
                Self.online(fixture, isEphemeral: false)
                _ = try await fixture.provider(patience: .seconds(60))
                    .create(Self.runner, key: GitHubFixture.key)
            }
        }
        #expect(error?.detail == "runner launch-acme-web has not registered after 60 s")
    }

    // MARK: - The token

    @Test func aRenewalWritesAFreshTokenAndIsNoDrift() async throws {
        try await withVirtualTime { clock in
            let fixture = GitHubFixture(clock)
            let owner = BoxKeyPair()
            let opened = {
                fixture.world.locked {
                    $0.github?.secrets(of: GitHubFixture.repository, in: "production")?
                        .sealed(Self.secret).flatMap(owner.open)
                }.map { String(decoding: $0, as: UTF8.self) }
            }
            fixture.world.locked {
                $0.github?.secrets(of: GitHubFixture.repository, in: "production")?.publicKey =
                    owner.publicKey
            }
            let provider = fixture.provider(environments: ["production"])
            let cached = try await provider.secret(
                for: Ephemeral("github.registration_token", service: "web"))
            let made = try await provider.create(
                Self.wanted(cached.revealed), key: GitHubFixture.key)
            #expect(made.id == "production/\(Self.secret)")
            #expect(
                made["expires_at"]
                    == .string(clock.now().addingTimeInterval(3600).timestamp))
            #expect(opened() == cached.revealed)

            try await clock.sleep(for: .seconds(60))
            try await provider.renew(Self.wanted())
            let renewed = try #require(opened())
            #expect(renewed != cached.revealed)
            let isGood = fixture.runners {
                $0.register(
                    token: renewed, name: "a", labels: [], version: nil, isEphemeral: true)
            }
            #expect(isGood == true)
            let seen = try await provider.observe(Self.scope(made))
                .filter { $0.address == made.address }
            #expect(seen.map(\.id) == [made.id])
            #expect(seen.map { $0["intact"] } == [true])

            try await provider.delete(made)
            try await provider.delete(made)
            #expect(opened() == nil)
        }
    }

    @Test func theTokensSecretHonoursTheContract() async throws {
        try await withVirtualTime { clock in
            let fixture = GitHubFixture(clock)
            fixture.secrets { $0.overwrite("LAUNCH_ACME_WEB_RUNNER_TOKEN") }
            try await ProviderContract(
                fixture.provider(environments: ["production"]), example: Self.wanted(),
                edited: Self.wanted("token-2"), project: "acme", in: fixture.world,
                bystanders: { core in
                    let secrets = core.github?.secrets(of: GitHubFixture.repository)
                    return [secrets?.sealed(Self.secret)].map { "\(String(describing: $0))" }
                }
            ).check()
        }
    }

    /// The state remembers where it is when no spec does.
    @Test func aSecretIsFoundByItsRecord() async throws {
        try await withVirtualTime { clock in
            let fixture = GitHubFixture(clock)
            let made = try await fixture.provider().create(Self.wanted(), key: GitHubFixture.key)
            let gone = Scope(project: "acme", recorded: [Self.record(made)])
            #expect(try await fixture.provider().observe(gone).map(\.id) == [made.id])
        }
    }

    @Test func anEnvironmentThatIsNotThereIsNamed() async throws {
        try await withVirtualTime { clock in
            let fixture = GitHubFixture(clock)
            let provider = fixture.provider(environments: ["production"]) { world in
                EnvironmentsAway(base: world)
            }
            let seen = try await provider.observe(Scope(project: "acme"))
            #expect(seen.isEmpty)
            let error = await #expect(throws: ProviderError.self) {
                _ = try await provider.create(Self.wanted(), key: GitHubFixture.key)
            }
            #expect(error?.detail == "there is no environment production")
            #expect(
                error?.remedy == "Make it under Settings › Environments, or have the token see "
                    + "it: Environments: write on example/services.")
        }
    }

    @Test(arguments: [true, false])
    func theDoctorLooksAtTheEnvironmentsThatRunnersNeed(areThere: Bool) async throws {
        try await withVirtualTime { clock in
            let provider = GitHubFixture(clock).provider { world in
                areThere ? world : EnvironmentsAway(base: world)
            }
            let found = await provider.examine(for: [Self.runner, Self.wanted()])
                .filter { $0.subject == "GitHub environments" }
            #expect(
                found == [
                    areThere
                        ? .good(
                            "GitHub environments",
                            "the token may see the secrets of production")
                        : .warning(
                            "GitHub environments",
                            "production is not there, or the token may not see it",
                            remedy: "Make it under Settings › Environments, or have the token "
                                + "see it: Environments: write on example/services.")
                ])
        }
    }

    @Test func aServiceWithAnEphemeralRunnerHasASecretForItsToken() throws {
        let project = ProjectSpec(project: "acme", repository: "example/services")
        let service = ServiceSpec(
            name: "web", target: .aws, runnerLife: .ephemeral, environment: "staging")
        let resources = GitHubBlueprint().resources(for: service, in: project)
        #expect(resources.first?["ephemeral"] == true)
        #expect(
            resources.dropFirst() == [
                Resource(
                    Address(
                        service: "web", kind: KindName(.github, "secret"), key: "runner-token"),
                    attributes: [
                        "name": "LAUNCH_ACME_WEB_RUNNER_TOKEN", "environment": "staging",
                        "intact": true,
                        "value": .template([
                            .ephemeral(Ephemeral("github.registration_token", service: "web"))
                        ]),
                    ])
            ])
    }
}

/// A repository that has no environments.
private struct EnvironmentsAway: HTTPClient {
    let base: any HTTPClient

    func send(_ request: HTTPRequest) async throws -> HTTPResponse {
        guard request.url.contains("/environments/") else { return try await base.send(request) }
        return HTTPResponse(status: 404, body: Array(#"{"message": "Not Found"}"#.utf8))
    }
}
