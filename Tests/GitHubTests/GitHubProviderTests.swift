import Foundation
import GitHub
import HTTP
import Resources
import Simulation
import TestSupport
import Testing

@Suite struct GitHubProviderTests {
    private static let token = Ephemeral("github.registration_token", service: "web")

    @Test func creatingWaitsUntilTheMachineBringsItsRunnerOnline() async throws {
        try await withVirtualTime { clock in
            let fixture = GitHubFixture(clock)
            let provider = fixture.provider()
            let secret = try await provider.secret(for: Self.token)
            let start = clock.now()
            let made = try await withThrowingTaskGroup(of: ObservedResource.self) { group in
                group.addTask {
                    try await provider.create(GitHubFixture.runner(), key: GitHubFixture.key)
                }
                try await clock.sleep(for: .seconds(62))
                fixture.world.locked { core in
                    let isRegistered = core.runnerRegistry?.register(
                        url: "https://github.com/example/services", token: secret.revealed,
                        name: "launch-acme-web", labels: ["web", "production"], version: nil)
                    #expect(isRegistered == true)
                }
                try await clock.sleep(for: .seconds(10))
                fixture.runners { $0.setOnline(true, named: "launch-acme-web") }
                return try await group.next()
            }
            #expect(clock.now().timeIntervalSince(start) == 75)
            #expect(
                made?.attributes == [
                    "id": "21", "name": "launch-acme-web", "labels": ["production", "web"],
                    "online": true, "ephemeral": false, "machine": "i-1", "version": "2.336.0",
                    "os": "linux",
                ])
        }
    }

    @Test(arguments: [true, false])
    func aRunnerThatDoesNotComeOnlineIsExplained(isRegistered: Bool) async throws {
        let error = await #expect(throws: ProviderError.self) {
            try await withVirtualTime { clock in
                let fixture = GitHubFixture(clock)
                if isRegistered {
                    fixture.runners {
                        $0.add(named: "launch-acme-web", labels: ["web"], online: false)
                    }
                }
                _ = try await fixture.provider(patience: .seconds(120))
                    .create(GitHubFixture.runner(), key: GitHubFixture.key)
            }
        }
        #expect(error?.reason == .timedOut)
        let state = isRegistered ? "is registered but offline" : "has not registered"
        #expect(error?.detail == "runner launch-acme-web \(state) after 120 s")
    }

    @Test func anOfflineRunnerThatIsTooOldIsExplained() async throws {
        let error = await #expect(throws: ProviderError.self) {
            try await withVirtualTime { clock in
                let fixture = GitHubFixture(clock)
                fixture.runners {
                    $0.add(
                        named: "launch-acme-web", labels: ["web"], version: "2.320.0",
                        online: false)
                }
                _ = try await fixture.provider(patience: .seconds(120))
                    .create(GitHubFixture.runner(), key: GitHubFixture.key)
            }
        }
        #expect(
            error?.detail == "runner launch-acme-web is offline after 120 s: its runner has "
                + "version 2.320.0, and GitHub needs 2.329.0")
    }

    @Test(arguments: [1, 100]) func observingFindsExactlyWhatIsOurs(pageSize: Int) async throws {
        try await withVirtualTime { clock in
            let fixture = GitHubFixture(clock, pageSize: pageSize)
            fixture.runners {
                $0.add(named: "launch-acme-web", labels: ["Web", "production"], online: false)
                $0.add(named: "launch-acme-b-c", labels: ["c", "production"])
                $0.add(named: "launch-acme-job", labels: ["job"])
                $0.add(named: "somebody", labels: ["web"])
            }
            let provider = fixture.provider()
            let all = try await provider.observe(GitHubFixture.scope)
            #expect(all.map(\.address.service) == ["web", "job"])
            #expect(all.map { $0["online"] } == [false, true])
            let one = try await provider.observe(Scope(project: "acme", services: ["job"]))
            #expect(one == Array(all.suffix(1)))
        }
    }

    @Test func aRecordedRunnerIsFollowedWhenItsLabelsAreGone() async throws {
        try await withVirtualTime { clock in
            let fixture = GitHubFixture(clock)
            let provider = fixture.provider()
            fixture.runners { $0.add(named: "launch-acme-web", labels: []) }
            let made = try await provider.create(
                GitHubFixture.runner(), key: GitHubFixture.key)
            fixture.runners { $0.setLabels([], named: "launch-acme-web") }
            #expect(try await provider.observe(GitHubFixture.scope).isEmpty)
            let recorded = RecordedResource(
                address: made.address, id: made.id, attributes: made.attributes,
                createdAt: clock.now(), updatedAt: clock.now())
            let seen = try await provider.observe(Scope(project: "acme", recorded: [recorded]))
            #expect(seen.map { $0["labels"] } == [[]])
        }
    }

    /// Else its machine would seem never to have come online.
    @Test func aWantedRunnerIsKnownByItsNameWhenItHasNoLabels() async throws {
        try await withVirtualTime { clock in
            let fixture = GitHubFixture(clock)
            fixture.runners {
                $0.add(named: "launch-acme-web", labels: [])
                $0.add(named: "launch-acme-job", labels: [])
                $0.add(named: "launch-acme-api", labels: ["c"])
            }
            let wanted = ["web", "api"].map { GitHubFixture.runner($0).address }
            let seen = try await fixture.provider().observe(
                Scope(project: "acme", expected: Set(wanted)))
            #expect(seen.map(\.address.service) == ["web"])
        }
    }

    @Test func deletingWaitsForTheJob() async throws {
        try await withVirtualTime { clock in
            let fixture = GitHubFixture(clock)
            let provider = fixture.provider()
            fixture.runners {
                $0.add(named: "launch-acme-web", labels: ["web", "production"])
                $0.setBusy(true, named: "launch-acme-web")
            }
            let made = try await provider.create(GitHubFixture.runner(), key: GitHubFixture.key)
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { try await provider.delete(made) }
                try await clock.sleep(for: .seconds(25))
                #expect(fixture.world.inventory == ["github runner": 1])
                fixture.runners { $0.setBusy(false, named: "launch-acme-web") }
                try await group.waitForAll()
            }
            #expect(fixture.world.inventory.isEmpty)
        }
    }

    @Test func deletingABusyRunnerGivesUpAtItsDeadline() async throws {
        let error = await #expect(throws: ProviderError.self) {
            try await withVirtualTime { clock in
                let fixture = GitHubFixture(clock)
                let provider = fixture.provider(jobPatience: .seconds(60))
                fixture.runners {
                    $0.add(named: "launch-acme-web", labels: ["web", "production"])
                    $0.setBusy(true, named: "launch-acme-web")
                }
                let made = try await provider.create(
                    GitHubFixture.runner(), key: GitHubFixture.key)
                try await provider.delete(made)
            }
        }
        #expect(error?.reason == .timedOut)
    }

    @Test func aTokenIsUsedAgainWhileItHasTenMinutesLeft() async throws {
        try await withVirtualTime { clock in
            let fixture = GitHubFixture(clock)
            let provider = fixture.provider()
            let first = try await provider.secret(for: Self.token)
            clock.advance(by: .seconds(2900))
            #expect(try await provider.secret(for: Self.token) == first)
            clock.advance(by: .seconds(101))
            #expect(try await provider.secret(for: Self.token) != first)
            #expect(fixture.world.requestCount == 2)
        }
    }

    @Test func theTokensExpiryIsThatOfTheToken() async throws {
        try await withVirtualTime { clock in
            let fixture = GitHubFixture(clock)
            let provider = fixture.provider()
            let expiry = Ephemeral("github.registration_token_expiry", service: "web")
            let end = clock.now().addingTimeInterval(3600)
            _ = try await provider.secret(for: Self.token)
            clock.advance(by: .seconds(1000))
            #expect(try await provider.secret(for: expiry).revealed == end.timestamp)
            #expect(fixture.world.requestCount == 1)
        }
    }

    @Test func oneRunGivesAllItsMachinesTheNewestRunner() async throws {
        try await withVirtualTime { clock in
            let fixture = GitHubFixture(clock)
            let provider = fixture.provider()
            let archives = Ephemeral("github.runner_archives", service: "web")
            let version = Ephemeral("github.runner_version", service: "web")
            let words = try await provider.secret(for: archives).revealed.split(separator: " ")
            #expect(words.count == 6)
            let place = "https://github.com/actions/runner/releases/download/v2.336.0/"
            #expect(
                words.enumerated().filter { $0.offset % 3 != 1 }.map { String($0.element) } == [
                    "x64", place + "actions-runner-linux-x64-2.336.0.tar.gz",
                    "arm64", place + "actions-runner-linux-arm64-2.336.0.tar.gz",
                ])
            fixture.runners { $0.newestVersion = "2.340.0" }
            #expect(try await provider.secret(for: version).revealed == "2.336.0")
            #expect(fixture.world.requestCount == 1)
            #expect(
                try await fixture.provider().secret(for: version).revealed == "2.340.0")
        }
    }

    /// What would end up in a script of root's is taken only as it should be.
    @Test(
        arguments: [
            ["os": "win"], ["architecture": "arm"], ["sha256_checksum": .null],
            ["sha256_checksum": "1234"],
            ["download_url": "http://example.com/a.tar.gz"],
            ["download_url": "https://example.com/$(reboot)"], ["filename": "runner.tar.gz"],
        ] as [[String: Value]])
    func anArchiveThatCannotBeTrustedIsNotOffered(change: [String: Value]) async throws {
        let good: [String: Value] = [
            "os": "linux", "architecture": "x64",
            "filename": "actions-runner-linux-x64-2.336.0.tar.gz",
            "download_url": "https://example.com/a.tar.gz",
            "sha256_checksum": .string(String(repeating: "a", count: 64)),
        ]
        let offered = Value.list([.object(good.merging(change) { $1 })])
        let error = await #expect(throws: ProviderError.self) {
            try await withVirtualTime { clock in
                let provider = GitHubFixture(clock).provider { _ in
                    ScriptedHTTPClient(
                        HTTPResponse(status: 200, body: Array(offered.jsonText().utf8)))
                }
                _ = try await provider.secret(
                    for: Ephemeral("github.runner_archives", service: "web"))
            }
        }
        #expect(error?.detail == "no runner for Linux with a checksum is offered")
    }

    @Test func anUnknownSecretIsRefused() async throws {
        let error = await #expect(throws: ProviderError.self) {
            try await withVirtualTime { clock in
                _ = try await GitHubFixture(clock).provider()
                    .secret(for: Ephemeral("github.password", service: "web"))
            }
        }
        #expect(error?.reason == .invalid)
    }

    @Test func writesAreASecondApart() async throws {
        try await withVirtualTime { clock in
            let fixture = GitHubFixture(clock)
            let provider = fixture.provider()
            let services = ["a", "b", "c"]
            for service in services {
                fixture.runners { $0.add(named: "launch-acme-\(service)", labels: []) }
            }
            let start = clock.now()
            try await withThrowingTaskGroup(of: Void.self) { group in
                for service in services {
                    group.addTask {
                        _ = try await provider.create(
                            GitHubFixture.runner(service, labels: [.string(service)]),
                            key: GitHubFixture.key)
                    }
                }
                try await group.waitForAll()
            }
            #expect(clock.now().timeIntervalSince(start) == 2)
        }
    }

    @Test func withoutARepositoryNothingIsAsked() async throws {
        try await withVirtualTime { clock in
            let fixture = GitHubFixture(clock)
            let provider = fixture.provider(repository: nil, ["GITHUB_REPOSITORY": ""])
            let found = try await provider.observe(GitHubFixture.scope)
            #expect(found.isEmpty)
            let error = await #expect(throws: ProviderError.self) {
                try await provider.create(GitHubFixture.runner(), key: GitHubFixture.key)
            }
            #expect(error?.reason == .invalid)
            #expect(fixture.world.requestCount == 0)
        }
    }

    @Test(arguments: [("GITHUB_TOKEN", "wrong"), ("GITHUB_REPOSITORY", "example/other")])
    func wrongSettingsAreExplained(variable: String, value: String) async throws {
        let error = await #expect(throws: ProviderError.self) {
            try await withVirtualTime { clock in
                _ = try await GitHubFixture(clock).provider(repository: nil, [variable: value])
                    .observe(GitHubFixture.scope)
            }
        }
        #expect(error?.reason == (variable == "GITHUB_TOKEN" ? .unauthorized : .notFound))
    }
}
