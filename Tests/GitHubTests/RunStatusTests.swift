import Foundation
import HTTP
import GitHub
import Resources
import Simulation
import TestSupport
import Testing

/// Whether a workflow run that holds a lease has ended.
@Suite struct RunStatusTests {
    private static let page = "https://github.com/example/services/actions/runs/9"

    private static func holder(_ page: String?) -> LeaseHolder {
        LeaseHolder(user: "runner", host: "vm", pid: 1, runURL: page)
    }

    private func evidence(
        _ fixture: GitHubFixture, _ overrides: [String: String] = [:]
    ) -> RunStatus {
        RunStatus(
            environment: fixture.world.environment.merging(overrides) { _, new in new },
            client: GitHubFixture.document.map { OpenAPIChecker(fixture.world, against: $0) }
                ?? fixture.world,
            time: fixture.clock, random: SeededRandom(seed: 1))
    }

    private func change(_ fixture: GitHubFixture, _ change: (inout SimulatedRuns) -> Void) {
        fixture.world.locked {
            $0.github?.changeRuns(of: GitHubFixture.repository, change)
        }
    }

    @Test func aCompletedRunIsDead() async throws {
        let fixture = GitHubFixture(VirtualClock())
        let (evidence, witness) = (evidence(fixture), Self.holder(nil))
        let first = Self.holder(Self.page + "/attempts/1")
        #expect(await evidence.isDead(first, seenFrom: witness) == false)
        change(fixture) { $0.begin(9, at: fixture.clock.now()) }
        #expect(await evidence.isDead(first, seenFrom: witness) == false)
        change(fixture) { $0.complete(9) }
        #expect(await evidence.isDead(first, seenFrom: witness))
        #expect(await evidence.isDead(Self.holder(Self.page), seenFrom: witness))
    }

    @Test func anEarlierAttemptIsDeadWhenTheNextHasBegun() async throws {
        let fixture = GitHubFixture(VirtualClock())
        let evidence = evidence(fixture)
        change(fixture) { runs in
            runs.begin(9, at: fixture.clock.now())
            runs.complete(9)
            runs.begin(9, at: fixture.clock.now())
        }
        let (first, second) = (
            Self.holder(Self.page + "/attempts/1"), Self.holder(Self.page + "/attempts/2")
        )
        #expect(await evidence.isDead(first, seenFrom: second))
        #expect(await evidence.isDead(second, seenFrom: Self.holder(nil)) == false)
        #expect(await evidence.isDead(Self.holder(Self.page), seenFrom: second) == false)
    }

    /// Whatever is not GitHub's word on this very run is no evidence.
    @Test(arguments: [
        nil, "https://evil.test/example/services/actions/runs/9",
        "https://github.com.evil.test/example/services/actions/runs/9",
        "https://github.com/example/services/actions/runs/9/jobs/1",
        "https://github.com/example/services/actions/runs/9x",
        "https://github.com/example/services/issues/9",
        "https://github.com//services/actions/runs/9",
    ])
    func otherPagesAreNotAskedFor(page: String?) async throws {
        let fixture = GitHubFixture(VirtualClock())
        change(fixture) { runs in
            runs.begin(9, at: fixture.clock.now())
            runs.complete(9)
        }
        let isDead = await evidence(fixture).isDead(Self.holder(page), seenFrom: Self.holder(nil))
        #expect(!isDead)
        #expect(fixture.world.requestCount == 0)
    }

    @Test(arguments: [["GITHUB_TOKEN": ""], ["GITHUB_TOKEN": "wrong"]])
    func withoutAccessNothingIsKnown(environment: [String: String]) async throws {
        let fixture = GitHubFixture(VirtualClock())
        change(fixture) { runs in
            runs.begin(9, at: fixture.clock.now())
            runs.complete(9)
        }
        let evidence = evidence(fixture, environment)
        let isDead = await evidence.isDead(Self.holder(Self.page), seenFrom: Self.holder(nil))
        #expect(!isDead)
    }

    @Test func aRunIsAskedForWithoutRepetition() async throws {
        let client = ScriptedHTTPClient(HTTPResponse(status: 503))
        let evidence = RunStatus(
            environment: [
                "GITHUB_TOKEN": "t0ken", "GITHUB_API_URL": "https://git.acme.test/api/v3/",
            ],
            client: client, time: VirtualClock(), random: SeededRandom(seed: 1))
        let holder = Self.holder("https://git.acme.test/o/r/actions/runs/7/attempts/2")
        #expect(await evidence.isDead(holder, seenFrom: Self.holder(nil)) == false)
        #expect(
            client.requests.map(\.url) == [
                "https://git.acme.test/api/v3/repos/o/r/actions/runs/7"
            ])
    }
}
