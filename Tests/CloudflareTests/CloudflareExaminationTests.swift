import Cloudflare
import Resources
import Simulation
import Testing

/// Every request is checked against Cloudflare's API description, where that is present.
@Suite struct CloudflareExaminationTests {
    @Test func theLongestActiveZoneOfEachHostnameIsFoundByReadsAlone() async throws {
        try await withVirtualTime { clock in
            let fixture = CloudflareFixture(clock)
            let findings = await fixture.provider().examine(for: [
                CloudflareFixture.tunnel(), CloudflareFixture.record(),
                CloudflareFixture.record("a.shop.example.com", service: "a"),
                CloudflareFixture.record("b.example.net", service: "b"),
            ])
            #expect(
                findings.map { "\($0.grade) \($0.detail)" } == [
                    "good CLOUDFLARE_API_TOKEN is active",
                    "good example.com is active", "good shop.example.com is active",
                    "bad no zone that the token can see holds b.example.net",
                    "good example.com is in mode full", "good shop.example.com is in mode full",
                    "good account \(fixture.accountID) shows them",
                ])
            #expect(fixture.requests.all.allSatisfy { $0.hasPrefix("GET ") })
        }
    }

    @Test func aNameThatNoCertificateCoversIsWarnedOf() async throws {
        try await withVirtualTime { clock in
            let names = ["example.com", "*.example.com", "a.b.example.com", "*.b.example.com"]
            let findings = await CloudflareFixture(clock).provider().examine(
                for: names.map { CloudflareFixture.record($0, type: "CNAME", content: "x.test") })
            #expect(
                findings.filter { $0.grade == .warning }.map(\.detail) == [
                    "*.b.example.com is more than one level below example.com: Universal SSL does "
                        + "not cover it",
                    "a.b.example.com is more than one level below example.com: Universal SSL does "
                        + "not cover it",
                ])
        }
    }

    @Test func anUnknownTokenIsAllThatIsFound() async throws {
        try await withVirtualTime { clock in
            let fixture = CloudflareFixture(clock)
            let provider = fixture.provider([
                "CLOUDFLARE_API_TOKEN": "wrong", "CLOUDFLARE_ACCOUNT_ID": "",
            ])
            #expect(
                await provider.examine(for: [CloudflareFixture.record()]) == [
                    .bad(
                        "Cloudflare token",
                        "could not verify the token: Invalid API Token (code 1000)",
                        remedy: "Set CLOUDFLARE_API_TOKEN.")
                ])
        }
    }
}

extension CloudflareFixture {
    fileprivate var accountID: String { world.environment["CLOUDFLARE_ACCOUNT_ID"] ?? "" }
}
