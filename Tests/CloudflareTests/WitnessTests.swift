import Foundation
import HTTP
import Resources
import Simulation
import TestSupport
import Testing

@testable import Cloudflare

/// Who changed what, by the account's audit log. Its path is not in the description that requests
/// are checked against, so they are compared whole with what Cloudflare's pages say.
@Suite struct WitnessTests {
    private static let record = Address(
        service: "web", kind: KindName(.cloudflare, "dns_record"), key: "web.example.com")
    private static let tunnel = Address(service: "web", kind: KindName(.cloudflare, "tunnel"))

    private static func entry(
        _ path: String, _ type: String = "update", at time: String, actor: Value,
        result: String = "success", agent: String = "Mozilla/5.0", resource: String = ""
    ) -> Value {
        [
            "action": ["type": .string(type), "result": .string(result), "time": .string(time)],
            "actor": actor, "resource": ["id": .string(resource)],
            "raw": ["uri": .string(path), "user_agent": .string(agent)],
        ]
    }

    private static func changes(
        _ entries: [Value], since: Date?
    ) async throws -> (found: [Address: Attribution], urls: [String]) {
        let document: Value = ["success": true, "errors": [], "result": .list(entries)]
        let answer = HTTPResponse(status: 200, body: Array(document.jsonText().utf8))
        let client = ScriptedHTTPClient(answer)
        return try await withVirtualTime { clock in
            let provider = CloudflareProvider(
                project: "acme", domains: ["example.com"],
                environment: ["CLOUDFLARE_API_TOKEN": "t", "CLOUDFLARE_ACCOUNT_ID": "acct"],
                client: client, time: clock, random: SeededRandom(seed: 1),
                request: CloudflareFixture.certificateRequest)
            let objects = [
                ChangedObject(record, id: "r1", fields: ["content"], since: since),
                ChangedObject(tunnel, id: "t1", since: since),
            ]
            return (
                await provider.lastChanges(of: objects, at: clock.now()),
                client.requests.map { "\($0.method.rawValue) \($0.url)" }
            )
        }
    }

    @Test func theLatestForeignChangeCounts() async throws {
        let alice: Value = ["email": "alice@example.com", "type": "user"]
        let (found, urls) = try await Self.changes(
            [
                Self.entry(
                    "/zones/z/dns_records/r1", "view", at: "2026-09-21T14:13:19Z", actor: alice),
                Self.entry(
                    "/zones/z/dns_records/r1", at: "2026-09-21T14:13:18Z", actor: alice,
                    result: "failure"),
                Self.entry(
                    "/zones/z/dns_records/r1", at: "2026-09-21T14:13:17Z", actor: alice,
                    agent: "launch"),
                Self.entry(
                    "/zones/z/dns_records/r1?x=y", at: "2026-09-21T14:13:16.250Z", actor: alice),
                Self.entry(
                    "/zones/z/dns_records/r1", at: "2026-09-21T14:13:15Z",
                    actor: ["email": "", "token_name": "deploy", "type": "account"]),
                Self.entry(
                    "/accounts/acct/cfd_tunnel", "delete", at: "2026-09-21T14:13:14Z",
                    actor: ["email": "", "token_name": "deploy"], resource: "t1"),
                ["action": ["type": "update"]],
            ], since: Date(timeIntervalSince1970: 1_789_999_000))
        #expect(
            found == [
                Self.record: Attribution(
                    by: "alice@example.com", at: Date(timeIntervalSince1970: 1_789_999_996.25)),
                Self.tunnel: Attribution(
                    by: "deploy", at: Date(timeIntervalSince1970: 1_789_999_994)),
            ])
        #expect(
            urls == [
                "GET https://api.cloudflare.com/client/v4/accounts/acct/logs/audit"
                    + "?since=2026-09-21T13%3A56%3A40Z&before=2026-09-21T14%3A14%3A20Z"
                    + "&direction=desc&limit=1000"
            ])
    }

    /// The log is read thirty days back, and no further.
    @Test func whatIsOlderStaysOpen() async throws {
        let entry = Self.entry(
            "/zones/z/dns_records/r1", at: "2026-09-20T00:00:00Z", actor: ["type": "x"])
        let (found, urls) = try await Self.changes([entry], since: nil)
        #expect(found.mapValues(\.by) == [Self.record: "x"])
        #expect(urls.first?.contains("since=2026-08-22T14%3A13%3A20Z&") == true)
        let later = try await Self.changes(
            [entry], since: Date(timeIntervalSince1970: 1_789_999_000))
        #expect(later.found == [:])
    }

    @Test(arguments: [false, true]) func theTokenMayBeRefused(isDenied: Bool) async throws {
        try await withVirtualTime { clock in
            let fixture = CloudflareFixture(clock)
            let made = try await fixture.provider().create(
                CloudflareFixture.record(), key: CloudflareFixture.key)
            fixture.world.locked { core in
                core.cloudflare?.zones.changeRecords(
                    named: "web.example.com", ["content": "192.0.2.7"])
                core.cloudflare?.audit.isDenied = isDenied
            }
            let object = ChangedObject(
                made.address, id: made.id, fields: ["content"], since: clock.now())
            fixture.requests.clear()
            // Without an account id the zone tells whose log it is.
            let provider = fixture.provider(["CLOUDFLARE_ACCOUNT_ID": ""])
            let found = await provider.lastChanges(of: [object], at: clock.now())
            #expect(found.values.map(\.by) == (isDenied ? [] : ["alice@example.com"]))
            #expect(fixture.requests.all.filter { $0.hasSuffix("/logs/audit") }.count == 1)
        }
    }
}
