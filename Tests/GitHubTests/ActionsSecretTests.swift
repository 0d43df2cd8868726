import Foundation
import GitHub
import HTTP
import Resources
import Services
import Simulation
import TestSupport
import Testing

/// Every request is checked against GitHub's API description, where that is present.
@Suite struct ActionsSecretTests {
    private static let address = Address(service: "web", kind: KindName(.github, "secret"))
    private static let name = "LAUNCH_ACME_WEB_TUNNEL_TOKEN"

    private static func desired(_ value: String = "token-1", source: Value = "tunnel-1") -> Resource
    {
        Resource(
            address,
            attributes: [
                "name": .string(name), "source": source, "intact": true,
                "value": .secret(Secret(value)),
            ])
    }

    private static func scope(_ recorded: ObservedResource?) -> Scope {
        let records = recorded.map {
            RecordedResource(
                address: $0.address, id: $0.id, attributes: $0.attributes, fingerprints: [:],
                dependencies: [], createdAt: .distantPast, updatedAt: .distantPast)
        }
        return Scope(project: "acme", recorded: records.map { [$0] } ?? [], expected: [address])
    }

    /// Without what GitHub does not show.
    private static func seen(_ made: ObservedResource) -> ObservedResource {
        var seen = made
        seen.attributes["source"] = nil
        return seen
    }

    @Test func theValueReachesTheRepositorySealed() async throws {
        try await withVirtualTime { clock in
            let fixture = GitHubFixture(clock)
            let owner = BoxKeyPair()
            fixture.secrets { $0.publicKey = owner.publicKey }
            let provider = fixture.provider()
            let made = try await provider.create(Self.desired(), key: GitHubFixture.key)
            let opened = fixture.secrets { $0.sealed(Self.name).flatMap(owner.open) } ?? nil
            #expect(opened == Array("token-1".utf8))
            #expect(try await provider.observe(Self.scope(made)) == [Self.seen(made)])

            let updated = try await provider.update(
                made, to: Self.desired("token-2", source: "tunnel-2"))
            let reopened = fixture.secrets { $0.sealed(Self.name).flatMap(owner.open) } ?? nil
            #expect(reopened == Array("token-2".utf8))
            #expect(try await provider.observe(Self.scope(updated)) == [Self.seen(updated)])

            try await provider.delete(updated)
            try await provider.delete(updated)
            #expect(try await provider.observe(Self.scope(updated)).isEmpty)
        }
    }

    /// GitHub shows no value, only when it was written.
    @Test func whatAStrangerWroteIsNotIntact() async throws {
        try await withVirtualTime { clock in
            let fixture = GitHubFixture(clock)
            let provider = fixture.provider()
            let made = try await provider.create(Self.desired(), key: GitHubFixture.key)
            try await clock.sleep(for: .seconds(60))
            fixture.secrets { $0.overwrite(Self.name) }
            let seen = try await provider.observe(Self.scope(made))
            #expect(seen.map { $0["intact"] } == [false])
        }
    }

    @Test(arguments: [1, 100]) func othersSecretsAreLeftAlone(pageSize: Int) async throws {
        try await withVirtualTime { clock in
            let fixture = GitHubFixture(clock, pageSize: pageSize)
            fixture.secrets {
                for name in [
                    Self.name, "LAUNCH_ACME_TUNNEL_TOKEN", "LAUNCH_OTHER_WEB_TUNNEL_TOKEN",
                    "OPENAI_API_KEY", "LAUNCH_ACME_B_C_TUNNEL_TOKEN",
                    "LAUNCH_ACME_WEB_ORIGIN_CERTIFICATE", "LAUNCH_ACME_ORIGIN_CERTIFICATE",
                ] { $0.overwrite(name) }
            }
            let seen = try await fixture.provider().observe(Self.scope(nil))
            #expect(
                seen.map(\.address.description) == [
                    "b-c/github.secret", "web/github.secret/origin-certificate",
                    "web/github.secret",
                ])
        }
    }

    /// The permission is needed only where there are secrets of ours.
    @Test func aTokenThatMayNotSeeSecretsDoesNoHarmWhereThereAreNone() async throws {
        try await withVirtualTime { clock in
            let fixture = GitHubFixture(clock)
            fixture.runners { $0.add(named: "launch-acme-web", labels: ["web"]) }
            let provider = fixture.provider { SecretsAnswer.forbidden(besides: $0) }
            let seen = try await provider.observe(Scope(project: "acme"))
            #expect(seen.map(\.address.kind.name) == ["runner"])
            let error = await #expect(throws: ProviderError.self) {
                _ = try await provider.observe(Self.scope(nil))
            }
            #expect(error?.reason == .forbidden(permission: "Secrets: write on example/services"))
        }
    }

    @Test func aSecretHonoursTheContract() async throws {
        try await withVirtualTime { clock in
            let fixture = GitHubFixture(clock)
            fixture.secrets { $0.overwrite("OPENAI_API_KEY") }
            try await ProviderContract(
                fixture.provider(), example: Self.desired(),
                edited: Self.desired("token-2", source: "tunnel-2"), project: "acme",
                in: fixture.world,
                bystanders: { core in
                    let secrets = core.github?.secrets(of: GitHubFixture.repository)
                    return [secrets?.sealed("OPENAI_API_KEY")].map { "\(String(describing: $0))" }
                }
            ).check()
        }
    }

    @Test func aFullRepositoryIsNamed() async throws {
        let error = await #expect(throws: ProviderError.self) {
            try await withVirtualTime { clock in
                let fixture = GitHubFixture(clock)
                fixture.secrets { for number in 1...100 { $0.overwrite("S\(number)") } }
                _ = try await fixture.provider().create(Self.desired(), key: GitHubFixture.key)
            }
        }
        #expect(
            error?.description == """
                web/github.secret: could not write the secret: You have reached the maximum \
                number of secrets. (HTTP status 422)
                """)
    }

    @Test func aServiceBehindATunnelHasTheTunnelsToken() throws {
        let project = ProjectSpec(project: "acme", repository: "example/services")
        let access = PublicAccess(hostname: "a.example.com", port: 80)
        let tunnel = Address(service: "my-web", kind: KindName(.cloudflare, "tunnel"))
        let token = Ephemeral("cloudflare.tunnel_token", service: "my-web", of: tunnel)
        let wanted = ServiceSpec(name: "my-web", target: .aws, publicAccess: access)
        #expect(
            GitHubBlueprint().resources(for: wanted, in: project).dropFirst() == [
                Resource(
                    Address(service: "my-web", kind: KindName(.github, "secret")),
                    attributes: [
                        "name": "LAUNCH_ACME_MY_WEB_TUNNEL_TOKEN",
                        "source": .reference(tunnel, "id"), "intact": true,
                        "value": .template([.ephemeral(token)]),
                    ], origins: ["source": "public"])
            ])
    }

    @Test func aServiceThatIsExposedDirectlyHasItsCertificateAndKey() {
        let project = ProjectSpec(project: "acme", repository: "example/services")
        let access = PublicAccess(hostname: "a.example.com", port: 443)
        var direct = ServiceSpec(
            name: "my-web", target: .aws, publicAccess: access, exposure: .direct)
        let source = Address(service: "my-web", kind: KindName(.cloudflare, "origin_certificate"))
        let pair = Ephemeral(
            "cloudflare.origin_certificate", service: "my-web", of: source, isKey: true)
        #expect(
            GitHubBlueprint().resources(for: direct, in: project).dropFirst() == [
                Resource(
                    Address(
                        service: "my-web", kind: KindName(.github, "secret"),
                        key: "origin-certificate"),
                    attributes: [
                        "name": "LAUNCH_ACME_MY_WEB_ORIGIN_CERTIFICATE",
                        "source": .reference(source, "id"), "intact": true,
                        "value": .template([.ephemeral(pair)]),
                    ], origins: ["source": "public"])
            ])
        direct.publicAccess?.certificate = .own
        #expect(GitHubBlueprint().resources(for: direct, in: project).count == 1)
    }
}
