import Foundation
import GitHub
import HTTP
import Resources
import Simulation
import TestSupport
import Testing

/// Every request is checked against GitHub's API description, where that is present.
@Suite struct GitHubAppTests {
    private static let pair = RSAKeyPair()
    private static let token = Ephemeral("github.registration_token", service: "web")

    private static func environment(
        id: String = "Iv23li", key: Secret = pair.privateKey()
    ) -> [String: String] {
        ["LAUNCH_GITHUB_APP_ID": id, "LAUNCH_GITHUB_APP_KEY": key.revealed, "GITHUB_TOKEN": "weak"]
    }

    private static func install(_ fixture: GitHubFixture, on repositories: Set<String>) {
        fixture.world.locked {
            $0.github?.app = SimulatedApp(id: "Iv23li", on: repositories) {
                pair.verifies($0, $1)
            }
        }
    }

    /// It goes before the token, which in a workflow is always there.
    @Test func anAppRegistersRunnersWithOneTokenAnHour() async throws {
        try await withVirtualTime { clock in
            let fixture = GitHubFixture(clock)
            Self.install(fixture, on: [GitHubFixture.repository])
            let provider = fixture.provider(Self.environment())
            let issued = { fixture.world.locked { $0.github?.app?.tokensIssued } }
            try await withThrowingDiscardingTaskGroup { group in
                for _ in 1...8 {
                    group.addTask { _ = try await provider.observe(GitHubFixture.scope) }
                }
            }
            #expect(issued() == 1)
            try await clock.sleep(for: .seconds(54 * 60))
            _ = try await provider.secret(for: Self.token)
            #expect(issued() == 1)
            try await clock.sleep(for: .seconds(2 * 60))
            _ = try await provider.observe(GitHubFixture.scope)
            #expect(issued() == 2)
        }
    }

    @Test func anAppWorksAtAServerOfOnesOwn() async throws {
        try await withVirtualTime { clock in
            let fixture = GitHubFixture(clock, server: "github.example.net")
            Self.install(fixture, on: [GitHubFixture.repository])
            let provider = fixture.provider(Self.environment())
            let token = try await provider.secret(for: Self.token)
            let registers = { (server: String) in
                fixture.world.locked {
                    $0.runnerRegistry?.register(
                        url: "https://\(server)/example/services", token: token.revealed,
                        name: "launch-acme-web", labels: ["web"], version: nil)
                }
            }
            #expect(registers("github.com") == false)
            #expect(registers("github.example.net") == true)
            let seen = try await provider.observe(GitHubFixture.scope)
            #expect(seen.map { $0["name"] } == ["launch-acme-web"])
        }
    }

    /// To ask for what an App was not given is refused.
    @Test(arguments: [true, false])
    func environmentsAreAskedForWhereTheAppMayChangeThem(isGranted: Bool) async throws {
        let permissions: Value = isGranted ? ["environments": "write"] : ["metadata": "read"]
        let installation: Value = ["id": 7, "permissions": permissions]
        let github = ScriptedHTTPClient(
            HTTPResponse(status: 200, body: Array(installation.jsonText().utf8)),
            HTTPResponse(status: 422))
        try await withVirtualTime { clock in
            let provider = GitHubFixture(clock).provider(Self.environment()) { _ in github }
            _ = try? await provider.secret(for: Self.token)
        }
        guard case .bytes(let body)? = github.requests.dropFirst().first?.body else {
            Issue.record("no token was asked for")
            return
        }
        #expect(String(decoding: body, as: UTF8.self).contains("environments") == isGranted)
    }

    /// Secrets of CI systems often lose their line ends.
    @Test(arguments: [true, false])
    func theKeyMayBeOnOneLineAndInEitherForm(isPKCS1: Bool) async throws {
        try await withVirtualTime { clock in
            let fixture = GitHubFixture(clock)
            Self.install(fixture, on: [GitHubFixture.repository])
            let key = Self.pair.privateKey(traditional: isPKCS1).revealed
            let oneLine = Secret(key.replacing("\n", with: "\\n"))
            let provider = fixture.provider(Self.environment(key: oneLine))
            let seen = try await provider.observe(GitHubFixture.scope)
            #expect(seen.isEmpty)
        }
    }

    @Test(arguments: [
        (
            "Iv23li", Optional<String>.none, [String](),
            "the GitHub App is not installed on example/services (HTTP status 403)"
        ),
        (
            "Iv23li", "no key", [GitHubFixture.repository],
            "LAUNCH_GITHUB_APP_KEY is no private RSA key in PEM"
        ),
        (
            "other", nil, [GitHubFixture.repository], "Integration not found (HTTP status 404)"
        ),
        (
            "Iv23li", RSAKeyPair().privateKey().revealed, [GitHubFixture.repository],
            "A JSON web token could not be decoded (HTTP status 401)"
        ),
    ])
    func whatIsWrongWithAnAppIsSaid(
        id: String, key: String?, installed: [String], detail: String
    ) async throws {
        let error = await #expect(throws: ProviderError.self) {
            try await withVirtualTime { clock in
                let fixture = GitHubFixture(clock)
                Self.install(fixture, on: Set(installed))
                let secret = key.map(Secret.init) ?? Self.pair.privateKey()
                _ = try await fixture.provider(Self.environment(id: id, key: secret))
                    .observe(GitHubFixture.scope)
            }
        }
        #expect(error?.detail == detail)
    }
}
