import Cloudflare
import Foundation
import HTTP
import Resources
import Simulation
import TestSupport
import Testing

@Suite struct CloudflareAPITests {
    private static let environment = [
        "CLOUDFLARE_API_TOKEN": "t0ken", "CLOUDFLARE_ACCOUNT_ID": "acc",
        "CLOUDFLARE_BASE_URL": "https://cf.test/v4/",
    ]

    private static func provider(
        _ client: any HTTPClient, _ clock: VirtualClock,
        _ environment: [String: String] = environment
    ) -> CloudflareProvider {
        CloudflareProvider(
            project: "acme", domains: ["example.com"], environment: environment, client: client,
            time: clock, random: SeededRandom(seed: 1),
            request: CloudflareFixture.certificateRequest)
    }

    private static func answer(_ json: String, headers: [HTTPHeader] = []) -> HTTPResponse {
        HTTPResponse(status: 200, headers: headers, body: Array(json.utf8))
    }

    private static func list(_ elements: String, pages: Int = 1, headers: [HTTPHeader] = [])
        -> HTTPResponse
    {
        answer(
            """
            {"success": true, "errors": [], "messages": [], "result": [\(elements)],
             "result_info": {"page": 1, "per_page": 1, "count": 1, "total_pages": \(pages)}}
            """, headers: headers)
    }

    private static let zones = list(
        #"{"id": "z1", "name": "example.com", "account": {"id": "acc"}}"#)

    private static func record(_ service: String) -> String {
        """
        {"id": "\(service)", "name": "\(service).example.com", "type": "A", "content": "192.0.2.1",
         "proxied": true, "ttl": 1, "comment": "launch:acme/\(service)"}
        """
    }

    @Test func listsAreReadToTheirLastPage() async throws {
        let client = ScriptedHTTPClient(
            Self.zones, Self.list(Self.record("a"), pages: 2),
            Self.list(Self.record("b"), pages: 2),
            Self.list(""))
        let found = try await withVirtualTime { clock in
            try await Self.provider(client, clock).observe(CloudflareFixture.scope)
        }
        #expect(found.map(\.id) == ["a", "b"])
        #expect(
            client.requests.map(\.url) == [
                "https://cf.test/v4/zones?status=active&order=name&account.id=acc&page=1&per_page=50",
                "https://cf.test/v4/zones/z1/dns_records?comment.startswith=launch%3Aacme%2F"
                    + "&order=name&page=1&per_page=1000",
                "https://cf.test/v4/zones/z1/dns_records?comment.startswith=launch%3Aacme%2F"
                    + "&order=name&page=2&per_page=1000",
                "https://cf.test/v4/accounts/acc/cfd_tunnel?is_deleted=false"
                    + "&include_prefix=launch-acme-&page=1&per_page=1000",
            ])
    }

    /// How long it takes until an observation passes that first meets one obstacle.
    private func delay(after obstacle: HTTPResponse) async throws -> TimeInterval {
        try await withVirtualTime { clock in
            let start = clock.now()
            let client = ScriptedHTTPClient(
                obstacle, Self.zones, Self.list(""), Self.list(""))
            _ = try await Self.provider(client, clock).observe(CloudflareFixture.scope)
            return clock.now().timeIntervalSince(start)
        }
    }

    @Test func aThrottledRequestWaitsAsLongAsItIsTold() async throws {
        let obstacle = HTTPResponse(
            status: 429, headers: [HTTPHeader("retry-after", "120")],
            body: Array(#"{"success": false, "errors": [{"code": 971, "message": "slow"}]}"#.utf8))
        #expect((120..<121).contains(try await delay(after: obstacle)))
    }

    @Test(arguments: [502, 522, 403]) func aPageOfTheEdgeIsTransient(status: Int) async throws {
        let obstacle = HTTPResponse(status: status, body: Array("<html>oops</html>".utf8))
        #expect(try await delay(after: obstacle) <= 1)
    }

    @Test func theLastRequestsOfABudgetAreSpreadOut() async throws {
        let elapsed = try await withVirtualTime { clock in
            let start = clock.now()
            let low = HTTPHeader("Ratelimit", #""default";r=2;t=30"#)
            let zone = #"{"id": "z1", "name": "example.com", "account": {"id": "acc"}}"#
            let client = ScriptedHTTPClient(
                Self.list(zone, headers: [low]), Self.list("", headers: [low]), Self.list(""))
            _ = try await Self.provider(client, clock).observe(CloudflareFixture.scope)
            return clock.now().timeIntervalSince(start)
        }
        #expect(elapsed == 20)
    }

    struct Refusal: Sendable, CustomTestStringConvertible {
        let status: Int
        let code: Int
        let reason: ProviderError.Reason
        var testDescription: String { "\(status) \(code)" }
    }

    @Test(arguments: [
        Refusal(status: 401, code: 1000, reason: .unauthorized),
        Refusal(status: 400, code: 6003, reason: .unauthorized),
        Refusal(
            status: 403, code: 9109, reason: .forbidden(permission: "Zone › DNS: Edit")),
        Refusal(
            status: 403, code: 10000, reason: .forbidden(permission: "Zone › DNS: Edit")),
        Refusal(status: 400, code: 7003, reason: .invalid),
        Refusal(status: 400, code: 1004, reason: .invalid),
        Refusal(status: 404, code: 1234, reason: .notFound),
        Refusal(status: 400, code: 81045, reason: .quota),
    ])
    func refusalsAreExplained(refusal: Refusal) async throws {
        let error = await #expect(throws: ProviderError.self) {
            try await withVirtualTime { clock in
                let body = """
                    {"success": false, "result": null, "errors": [{"code": \(refusal.code), \
                    "message": "no", "error_chain": [{"code": 9, "message": "deeper"}]}]}
                    """
                let client = ScriptedHTTPClient(
                    HTTPResponse(status: refusal.status, body: Array(body.utf8)))
                _ = try await Self.provider(client, clock).observe(CloudflareFixture.scope)
            }
        }
        #expect(error?.reason == refusal.reason)
        #expect(error?.detail == "no (code \(refusal.code)); deeper (code 9)")
    }

    @Test func aMissingTokenIsNamedBeforeAnythingIsAsked() async throws {
        let client = ScriptedHTTPClient([])
        let error = await #expect(throws: ProviderError.self) {
            try await withVirtualTime { clock in
                _ = try await Self.provider(client, clock, [:]).observe(CloudflareFixture.scope)
            }
        }
        #expect(error?.reason == .unauthorized)
        #expect(error?.remedy == "Set CLOUDFLARE_API_TOKEN.")
        #expect(client.requests.isEmpty)
    }

    @Test(arguments: [
        (HTTPError.Reason.unknownHost, ProviderError.Reason.unreachable, 1),
        (.refused, .unreachable, 1), (.untrustedCertificate, .unreachable, 1),
        (.interrupted, .unavailable, 8), (.timedOut, .unavailable, 8),
    ])
    func aMissingAnswerIsExplained(
        cause: HTTPError.Reason, reason: ProviderError.Reason, attempts: Int
    ) async throws {
        let failing: ScriptedHTTPClient.Answer = { _ in
            throw HTTPError(cause, origin: "https://cf.test", detail: "")
        }
        let client = ScriptedHTTPClient(Array(repeating: failing, count: 8))
        let error = await #expect(throws: ProviderError.self) {
            try await withVirtualTime { clock in
                _ = try await Self.provider(client, clock).observe(CloudflareFixture.scope)
            }
        }
        #expect(error?.reason == reason)
        #expect(client.requests.count == attempts)
    }
}
