import Cloudflare
import Resources
import Simulation
import Testing

/// Every request is checked against Cloudflare's API description, where that is present.
@Suite struct SSLModeTests {
    private static let direct = CloudflareFixture.record()
    private static let tunnelled = CloudflareFixture.record(
        type: "CNAME", content: "x.cfargotunnel.com")

    private static func set(_ mode: String, in fixture: CloudflareFixture) {
        fixture.world.locked {
            $0.cloudflare?.zones.setSetting("ssl", to: mode, zone: "example.com")
        }
    }

    @Test(arguments: ["full", "strict"]) func modesThatSpeakTLSPass(mode: String) async throws {
        try await withVirtualTime { clock in
            let fixture = CloudflareFixture(clock)
            Self.set(mode, in: fixture)
            let more = CloudflareFixture.record("api.example.com", service: "api")
            try await fixture.provider().preflight(creating: [Self.direct, more])
            #expect(fixture.requests.all.count == 2, "the zones, and one setting for all")
            let findings = await fixture.provider().examine(for: [Self.direct])
            #expect(findings.last == .good("Cloudflare SSL", "example.com is in mode \(mode)"))
        }
    }

    @Test(arguments: [
        ("off", "the SSL mode of example.com is off: nobody gets an answer over https"),
        (
            "flexible",
            "the SSL mode of example.com is flexible: Cloudflare speaks plain HTTP to the "
                + "origin, at port 80, which a service with `expose: direct` does not open"
        ),
    ])
    func othersAreRefusedBeforeAnythingIsMade(mode: String, detail: String) async throws {
        let remedy =
            "Set the zone's SSL/TLS encryption mode to Full or Full (strict), or remove "
            + "`expose: direct` from its services."
        let error = await #expect(throws: ProviderError.self) {
            try await withVirtualTime { clock in
                let fixture = CloudflareFixture(clock)
                Self.set(mode, in: fixture)
                let findings = await fixture.provider().examine(for: [Self.direct])
                #expect(findings.last == .bad("Cloudflare SSL", detail, remedy: remedy))
                try await fixture.provider().preflight(creating: [Self.direct])
            }
        }
        #expect(error?.reason == .invalid)
        #expect(error?.address == Self.direct.address)
        #expect(error?.detail == detail)
        #expect(error?.remedy == remedy)
    }

    @Test func aTunnelDoesNotCare() async throws {
        try await withVirtualTime { clock in
            let fixture = CloudflareFixture(clock)
            Self.set("flexible", in: fixture)
            try await fixture.provider().preflight(creating: [Self.tunnelled])
            #expect(fixture.requests.all.isEmpty)
            let findings = await fixture.provider().examine(for: [Self.tunnelled])
            #expect(!findings.contains { $0.subject == "Cloudflare SSL" })
        }
    }

    @Test func aTokenThatMayNotReadItIsNotInTheWay() async throws {
        try await withVirtualTime { clock in
            let fixture = CloudflareFixture(clock)
            fixture.world.locked { $0.cloudflare?.tokensReachSettings = false }
            try await fixture.provider().preflight(creating: [Self.direct])
            let finding = await fixture.provider().examine(for: [Self.direct]).last
            #expect(finding?.grade == .warning)
            #expect(
                finding?.remedy == "Grant the token Zone › Zone Settings: Read, or see yourself "
                    + "that it is Full or Full (strict).")
        }
    }
}
