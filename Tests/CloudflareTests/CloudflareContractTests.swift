import Cloudflare
import HTTP
import Resources
import Simulation
import TestSupport
import Testing

@Suite struct CloudflareContractTests {
    @Test func aTunnelHonoursTheContract() async throws {
        try await withVirtualTime { clock in
            let fixture = CloudflareFixture(clock)
            fixture.world.locked { $0.cloudflare?.tunnels.add(named: "launch-other-web") }
            try await ProviderContract(
                fixture.provider(), example: CloudflareFixture.tunnel(),
                edited: CloudflareFixture.tunnel(port: 8080), project: "acme", in: fixture.world,
                bystanders: bystanders
            ).check()
        }
    }

    @Test(arguments: [
        CloudflareFixture.record(content: "192.0.2.2"),
        CloudflareFixture.record(proxied: false, ttl: 300),
        CloudflareFixture.record(type: "CNAME", content: "target.example.net"),
    ])
    func aRecordHonoursTheContract(edited: Resource) async throws {
        try await withVirtualTime { clock in
            let fixture = CloudflareFixture(clock)
            fixture.world.locked {
                $0.cloudflare?.zones.addRecord(
                    ["type": "CNAME", "name": "www", "content": "example.com", "comment": "mine"],
                    zone: "example.com")
            }
            try await ProviderContract(
                fixture.provider(), example: CloudflareFixture.record(), edited: edited,
                project: "acme", in: fixture.world, bystanders: bystanders
            ).check()
        }
    }

    @Test func aRecordLeadsToItsTunnel() async throws {
        let resources = CloudflareBlueprint().resources(
            for: CloudflareFixture.service("web", "web.example.com"), in: CloudflareFixture.project)
        try await withVirtualTime { clock in
            let fixture = CloudflareFixture(clock)
            try await ProviderContract(
                fixture.provider(), example: resources[1], edited: resources[1],
                prerequisites: [resources[0]], project: "acme", in: fixture.world
            ).check()
        }
    }

    @Test(
        .enabled(if: CloudflareFixture.document != nil, "needs ../shared/api"))
    func requestsAreCheckedAgainstTheDescription() throws {
        let document = try #require(CloudflareFixture.document)
        let url = "https://api.cloudflare.com/client/v4/zones/z/dns_records"
        #expect(
            document.violations(of: .init(.get, url + "?colour=red")) == [
                "GET /zones/{zone_id}/dns_records: unknown query colour"
            ])
        let record: Value = ["type": "A", "name": "a", "content": "192.0.2.1", "colour": "red"]
        let body = try HTTPBody.json(record)
        #expect(
            document.violations(of: .init(.post, url, body: body)) == [
                "POST /zones/{zone_id}/dns_records.colour: unknown"
            ])
        #expect(
            document.violations(of: .init(.get, "https://api.cloudflare.com/client/v4/x")) == [
                "GET https://api.cloudflare.com/client/v4/x: no such operation"
            ])
    }
}

/// Every object without the project's mark.
private func bystanders(_ core: WorldCore) -> [String] {
    let records = core.cloudflare?.zones.records ?? []
    let tunnels = core.cloudflare?.tunnels.live.map(\.tunnel) ?? []
    return records.filter { !($0["comment"]?.string?.hasPrefix("launch:acme/") ?? false) }
        .map(\.plainText)
        + tunnels.filter { !($0["name"]?.string?.hasPrefix("launch-acme-") ?? false) }
        .map(\.plainText)
}
