import Foundation
import Resources
import Simulation
import TestSupport
import Testing

@testable import Cloudflare

/// Every request is checked against Cloudflare's API description, where that is present.
@Suite struct OriginCertificateTests {
    private static let address = Address(
        service: "web", kind: CloudflareFixture.certificateKind)
    private static let ephemeral = Ephemeral(
        "cloudflare.origin_certificate", service: "web", of: address, isKey: true)
    private static let scope = Scope(project: "acme", expected: [address])
    private static let mark = "web.acme.launch.example.com"

    /// What is good at Cloudflare: the hostnames of each, as they were asked for.
    private static func live(in fixture: CloudflareFixture) -> [[String]] {
        let live = fixture.world.locked { $0.cloudflare?.certificates.live ?? [] }
        return live.map { ($0["hostnames"]?.list ?? []).compactMap(\.string) }
    }

    @Test func oneIsIssuedForTheHostnameAndBearsItsMark() async throws {
        try await withVirtualTime { clock in
            let fixture = CloudflareFixture(clock)
            let provider = fixture.provider()
            let end = clock.now().addingTimeInterval(365 * 86_400)
            let made = try await provider.create(
                CloudflareFixture.certificate(), key: CloudflareFixture.key)
            #expect(
                made
                    == ObservedResource(
                        Self.address, id: made.id,
                        attributes: [
                            "id": .string(made.id), "hostnames": ["web.example.com"],
                            "current": true, "expires_on": made["expires_on"] ?? .null,
                        ]))
            let told = made["expires_on"]?.string.flatMap(Date.init(timestamp:))
            #expect(abs(told?.timeIntervalSince(end) ?? .infinity) < 1)
            #expect(try await provider.observe(Self.scope) == [made])
            let shown = fixture.world.locked { $0.cloudflare?.certificates.live ?? [] }
            #expect(shown.map { $0["request_type"] } == ["origin-ecc"])
            #expect(shown.map { $0["requested_validity"] } == [365])
            #expect(Self.live(in: fixture) == [["web.example.com", Self.mark]])
        }
    }

    @Test func theKeyIsToldToTheRunThatHadItIssuedAlone() async throws {
        try await withVirtualTime { clock in
            let fixture = CloudflareFixture(clock)
            let provider = fixture.provider()
            let made = try await provider.create(
                CloudflareFixture.certificate(), key: CloudflareFixture.key)
            let pair = try await provider.secret(for: Self.ephemeral).revealed
            let shown = fixture.world.locked { $0.cloudflare?.certificates.live ?? [] }
            #expect(pair.hasPrefix("-----BEGIN PRIVATE KEY-----\n"))
            let certificate = try #require(shown[0]["certificate"]?.string)
            #expect(pair.hasSuffix("-----END PRIVATE KEY-----\n" + certificate))
            let error = await #expect(throws: ProviderError.self) {
                _ = try await fixture.provider().secret(for: Self.ephemeral)
            }
            #expect(
                error?.description == """
                    web/cloudflare.origin_certificate: could not obtain \
                    cloudflare.origin_certificate: this run had no certificate issued for web, \
                    and only the one that had it issued knew its key
                    """)
            #expect(error?.remedy == "Run `launch converge` again: it has another one issued.")
            // Whoever removes it needs no key any more.
            try await provider.delete(made)
            await #expect(throws: ProviderError.self) {
                _ = try await provider.secret(for: Self.ephemeral)
            }
        }
    }

    @Test func aCertificateHonoursTheContract() async throws {
        try await withVirtualTime { clock in
            let fixture = CloudflareFixture(clock)
            fixture.addForeignCertificates()
            try await ProviderContract(
                fixture.provider(), example: CloudflareFixture.certificate(),
                edited: CloudflareFixture.certificate("web", "*.example.com"), project: "acme",
                in: fixture.world,
                bystanders: { core in
                    (core.cloudflare?.certificates.live ?? []).map(\.plainText)
                        .filter { !$0.contains(Self.mark) }
                }
            ).check()
        }
    }

    @Test(arguments: [nil, 1]) func onlyMarkedOnesAreSeen(pageSize: Int?) async throws {
        try await withVirtualTime { clock in
            let fixture = CloudflareFixture(clock, pageSize: pageSize)
            fixture.addForeignCertificates()
            let provider = fixture.provider()
            let names = ["api", "web"]
            for name in names {
                _ = try await provider.create(
                    CloudflareFixture.certificate(name), key: CloudflareFixture.key)
            }
            let another = fixture.provider()
            #expect(
                try await another.observe(Self.scope).map(\.address.service) == names)
            let one = Scope(project: "acme", services: ["api"], expected: [Self.address])
            #expect(try await another.observe(one).map(\.address.service) == ["api"])
        }
    }

    /// The permission is needed only where there is or should be one.
    @Test func aTokenThatMayNotSeeThemDoesNoHarmWhereThereAreNone() async throws {
        try await withVirtualTime { clock in
            let fixture = CloudflareFixture(clock)
            fixture.world.locked { $0.cloudflare?.tokensReachCertificates = false }
            let provider = fixture.provider()
            let seen = try await provider.observe(CloudflareFixture.scope)
            #expect(seen.isEmpty)
            #expect(!fixture.requests.all.contains { $0.contains("certificates") })
            let looking = await #expect(throws: ProviderError.self) {
                _ = try await provider.observe(Self.scope)
            }
            let issuing = await #expect(throws: ProviderError.self) {
                _ = try await provider.create(
                    CloudflareFixture.certificate(), key: CloudflareFixture.key)
            }
            let permission = "Zone › SSL and Certificates: Edit"
            for error in [looking, issuing] {
                #expect(error?.reason == .forbidden(permission: permission))
                #expect(
                    error?.remedy == "Check that CLOUDFLARE_API_TOKEN is valid and grant it "
                        + permission + ".")
            }
        }
    }

    @Test func otherHostnamesHaveTheEarlierOneRevoked() async throws {
        try await withVirtualTime { clock in
            let fixture = CloudflareFixture(clock)
            let made = try await fixture.provider().create(
                CloudflareFixture.certificate(), key: CloudflareFixture.key)
            let provider = fixture.provider()
            let wanted = CloudflareFixture.certificate("web", "new.example.com")
            let other = try await provider.update(made, to: wanted)
            #expect(other.id != made.id)
            #expect(other["hostnames"] == ["new.example.com"])
            #expect(Self.live(in: fixture) == [["new.example.com", Self.mark]])
            // It is there, and its key is known.
            #expect(try await provider.update(other, to: wanted) == other)
        }
    }

    /// The state knows where the earlier one is.
    @Test func aCertificateMovesToAnotherZone() async throws {
        try await withVirtualTime { clock in
            let fixture = CloudflareFixture(clock)
            let made = try await fixture.provider().create(
                CloudflareFixture.certificate("web", "web.example.org"),
                key: CloudflareFixture.key)
            let provider = fixture.provider()
            let record = RecordedResource(
                address: made.address, id: made.id, attributes: made.attributes, fingerprints: [:],
                dependencies: [], createdAt: .distantPast, updatedAt: .distantPast)
            let scope = Scope(project: "acme", recorded: [record])
            #expect(try await provider.observe(scope) == [made])
            let moved = try await provider.update(made, to: CloudflareFixture.certificate())
            #expect(try await provider.observe(scope) == [moved])
            #expect(Self.live(in: fixture) == [["web.example.com", Self.mark]])
        }
    }

    /// A machine goes on with the earlier one until its next deploy.
    @Test func whatSoonRunsOutIsFollowedAndNotRevoked() async throws {
        try await withVirtualTime { clock in
            let fixture = CloudflareFixture(clock)
            let made = try await fixture.provider().create(
                CloudflareFixture.certificate(), key: CloudflareFixture.key)
            try await clock.sleep(for: .seconds(274 * 86_400))
            #expect(try await fixture.provider().observe(Self.scope) == [made])
            try await clock.sleep(for: .seconds(2 * 86_400))
            let provider = fixture.provider()
            let seen = try await provider.observe(Self.scope)
            #expect(seen.map { $0["current"] } == [false])
            let renewed = try await provider.update(
                seen[0], to: CloudflareFixture.certificate())
            #expect(renewed.id != made.id && renewed["current"] == true)
            #expect(try await provider.observe(Self.scope) == [renewed])
            #expect(Self.live(in: fixture).count == 2)
            // Another one in the meantime takes the place of the newer one alone.
            let again = try await fixture.provider().update(
                renewed, to: CloudflareFixture.certificate())
            #expect(try await fixture.provider().observe(Self.scope) == [again])
            #expect(Self.live(in: fixture).count == 2)
            try await fixture.provider().delete(again)
            #expect(Self.live(in: fixture) == [])
        }
    }

    @Test(arguments: [false, true]) func whatWasRevokedOutsideIsGone(shown: Bool) async throws {
        try await withVirtualTime { clock in
            let fixture = CloudflareFixture(clock)
            let provider = fixture.provider()
            _ = try await provider.create(
                CloudflareFixture.certificate(), key: CloudflareFixture.key)
            fixture.world.locked {
                $0.cloudflare?.certificates.showsRevoked = shown
                $0.cloudflare?.certificates.revoke(for: "web.example.com")
            }
            #expect(try await provider.observe(Self.scope).isEmpty)
        }
    }

    @Test(arguments: [
        "2014-01-01T05:20:00.12345Z", "2014-01-01T05:20:00Z", "2014-01-01 05:20:00 +0000 UTC",
        "2014-01-01 05:20:00.5 +0000 UTC",
    ]) func timesAreReadInBothForms(text: String) throws {
        let zone = try #require(
            Zone(["id": "z", "name": "example.com", "account": ["id": "a"]]))
        let shown: Value = [
            "id": "1", "certificate": "c", "csr": "r", "expires_on": .string(text),
            "hostnames": ["WEB.example.com", .string(Self.mark)],
        ]
        let certificate = try #require(OriginCertificate(shown, project: "acme", in: zone))
        #expect(certificate.expiry.timestamp == "2014-01-01T05:20:00.000Z")
        #expect(certificate.hostnames == ["web.example.com"])
        #expect(certificate.service == "web")
    }

    @Test func theDoctorLooksWhereOneIsNeeded() async throws {
        try await withVirtualTime { clock in
            let fixture = CloudflareFixture(clock)
            let wanted = [CloudflareFixture.record(), CloudflareFixture.certificate()]
            #expect(
                await fixture.provider().examine(for: wanted).last
                    == .good("Cloudflare certificates", "example.com shows those for origins"))
            fixture.world.locked { $0.cloudflare?.tokensReachCertificates = false }
            #expect(
                await fixture.provider().examine(for: wanted).last
                    == .bad(
                        "Cloudflare certificates",
                        "could not list the origin certificates: Authentication error (code 10000)",
                        remedy: "Check that CLOUDFLARE_API_TOKEN is valid and grant it "
                            + "Zone › SSL and Certificates: Edit."))
        }
    }
}

extension CloudflareFixture {
    /// Without a mark, and with marks of others that are as close to ours as can be.
    fileprivate func addForeignCertificates() {
        world.locked { core in
            for names in [
                ["web.example.com"], ["web.example.com", "web.other.launch.example.com"],
                ["web.example.com", "acme.launch.example.com"],
                ["web.example.com", "a.web.acme.launch.example.com"],
            ] { core.cloudflare?.certificates.add(names) }
        }
    }
}
