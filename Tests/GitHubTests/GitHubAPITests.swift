import Cryptography
import Foundation
import GitHub
import HTTP
import Resources
import Simulation
import TestSupport
import Testing

@Suite struct GitHubAPITests {
    private static func provider(
        _ client: any HTTPClient, _ clock: VirtualClock,
        _ environment: [String: String] = ["GITHUB_TOKEN": "t0ken"]
    ) -> GitHubProvider {
        GitHubProvider(
            repository: "o/r", environment: environment,
            client: SecretsAnswer.none(besides: client), time: clock,
            random: SeededRandom(seed: 1),
            sign: { RSASignature.sign($0, with: $1) }, seal: { SealedBox.seal($0, to: $1) })
    }

    private static func page(_ name: String?, next: String? = nil) -> HTTPResponse {
        let runner = name.map { name in
            """
            {"id": 5, "name": "launch-acme-\(name)", "os": "linux", "status": "online",
             "busy": false, "labels": [{"name": "self-hosted", "type": "read-only"},
             {"name": "Production", "type": "custom"}, {"name": "\(name)", "type": "custom"}]}
            """
        }
        let link = next.map { #"<\#($0)>; rel="next", <https://api.github.com/x>; rel="last""# }
        return HTTPResponse(
            status: 200, headers: link.map { [HTTPHeader("link", $0)] } ?? [],
            body: Array(#"{"total_count": 2, "runners": [\#(runner ?? "")]}"#.utf8))
    }

    @Test func listsAreFollowedByTheirLinks() async throws {
        let client = ScriptedHTTPClient(
            Self.page("a", next: "https://api.github.com/repos/o/r/actions/runners?page=2"),
            Self.page("b"))
        let found = try await withVirtualTime { clock in
            try await Self.provider(client, clock).observe(GitHubFixture.scope)
        }
        #expect(found.map(\.address.service) == ["a", "b"])
        #expect(found.first?["labels"] == ["a", "production"])
        #expect(
            client.requests.map(\.url) == [
                "https://api.github.com/repos/o/r/actions/runners?per_page=100",
                "https://api.github.com/repos/o/r/actions/runners?page=2",
            ])
        let headers = client.requests.first?.headers.map { "\($0.name): \($0.value)" }
        #expect(
            headers == [
                "Authorization: Bearer t0ken", "Accept: application/vnd.github+json",
                "X-GitHub-Api-Version: 2022-11-28", "User-Agent: launch",
            ])
        #expect(client.requests.first?.headers.first?.isSensitive == true)
    }

    @Test func theTokenIsNotSentToAnotherServer() async throws {
        let client = ScriptedHTTPClient(Self.page("a", next: "https://evil.test/runners"))
        await #expect(throws: ProviderError.self) {
            try await withVirtualTime { clock in
                _ = try await Self.provider(client, clock).observe(GitHubFixture.scope)
            }
        }
        #expect(client.requests.count == 1)
    }

    /// How long it takes until an observation passes that first meets these obstacles.
    private func delay(after obstacles: [HTTPResponse]) async throws -> TimeInterval {
        try await withVirtualTime { clock in
            let start = clock.now()
            let answers = obstacles + [Self.page(nil)]
            let script = answers.map { answer -> ScriptedHTTPClient.Answer in { _ in answer } }
            let client = ScriptedHTTPClient(script)
            _ = try await Self.provider(client, clock).observe(GitHubFixture.scope)
            return clock.now().timeIntervalSince(start)
        }
    }

    private func limit(_ status: Int, _ headers: [HTTPHeader], _ body: String = "{}")
        -> HTTPResponse
    {
        HTTPResponse(status: status, headers: headers, body: Array(body.utf8))
    }

    @Test func aRateLimitWaitsAsLongAsItIsTold() async throws {
        let seconds = try await delay(after: [limit(429, [HTTPHeader("retry-after", "30")])])
        #expect((30..<31).contains(seconds))
    }

    @Test func theHourlyLimitWaitsForItsReset() async throws {
        let headers = [
            HTTPHeader("x-ratelimit-remaining", "0"),
            HTTPHeader("x-ratelimit-reset", "1790000300"),
        ]
        #expect((300..<301).contains(try await delay(after: [limit(403, headers)])))
    }

    @Test func aSecondaryLimitWaitsAMinuteAndThenTwo() async throws {
        let body = #"{"documentation_url": "https://docs.github.com/…#secondary-rate-limits"}"#
        let seconds = try await delay(after: [limit(403, [], body), limit(403, [], body)])
        #expect((180..<182).contains(seconds))
    }

    @Test func aLimitThatLastsTooLongFailsAtOnce() async throws {
        let headers = [
            HTTPHeader("x-ratelimit-remaining", "0"),
            HTTPHeader("x-ratelimit-reset", "1790003000"),
        ]
        let error = await #expect(throws: ProviderError.self) {
            _ = try await delay(after: [limit(403, headers)])
        }
        #expect(error?.reason == .throttled(retryAfter: .seconds(3000)))
    }

    @Test(arguments: [
        (401, ProviderError.Reason.unauthorized),
        (403, .forbidden(permission: "Administration: write on o/r")),
        (404, .notFound), (409, .conflict), (422, .invalid),
    ])
    func refusalsAreExplained(status: Int, reason: ProviderError.Reason) async throws {
        let error = await #expect(throws: ProviderError.self) {
            _ = try await delay(after: [
                limit(status, [], #"{"message": "No", "errors": [{"message": "why"}]}"#)
            ])
        }
        #expect(error?.reason == reason)
        #expect(error?.detail == "No; why (HTTP status \(status))")
    }

    @Test func aServerAtFaultIsAskedAgain() async throws {
        #expect(try await delay(after: [limit(502, [], "<html>")]) <= 1)
    }

    @Test func aMissingTokenIsNamedBeforeAnythingIsAsked() async throws {
        let client = ScriptedHTTPClient([])
        let error = await #expect(throws: ProviderError.self) {
            try await withVirtualTime { clock in
                _ = try await Self.provider(client, clock, [:]).observe(GitHubFixture.scope)
            }
        }
        #expect(error?.reason == .unauthorized)
        #expect(client.requests.isEmpty)
    }
}
