import GitHub
import Resources
import Simulation
import TestSupport
import Testing

@Suite struct AdoptionTests {
    private static func error(_ body: () async throws -> Void) async throws -> ProviderError? {
        await #expect(throws: ProviderError.self) { try await body() }
    }

    /// By number or name; labels of people stay.
    @Test(arguments: ["21", "launch-acme-web"])
    func aRunnerOfTheNameGetsTheLabel(id: String) async throws {
        try await withVirtualTime { clock in
            let fixture = GitHubFixture(clock)
            fixture.runners { $0.add(named: "launch-acme-web", labels: ["gpu"]) }
            let provider = fixture.provider()
            let wanted = GitHubFixture.runner()
            #expect(try await provider.observe(GitHubFixture.scope) == [])
            #expect(
                try await provider.lookalikes(of: [wanted]) == [
                    Lookalike(wanted.address, id: "21", name: "launch-acme-web")
                ])
            for _ in 1...2 { try await provider.adopt(id, as: wanted) }
            let found = try await provider.observe(GitHubFixture.scope)
            #expect(found.map(\.address) == [wanted.address])
            #expect(found.first?["labels"] == ["gpu", "web"])
            for _ in 1...2 { try await provider.release(found[0]) }
            #expect(try await provider.observe(GitHubFixture.scope) == [])
            let labels = fixture.runners { $0.all.first?["labels"]?.list?.last?["name"] }
            #expect(labels == "gpu")
        }
    }

    @Test func whatCannotBeTakenOverIsRefusedWithAWayOut() async throws {
        try await withVirtualTime { clock in
            let fixture = GitHubFixture(clock)
            fixture.runners { $0.add(named: "web", labels: ["web"]) }
            let provider = fixture.provider()
            let wanted = GitHubFixture.runner()
            #expect(try await provider.lookalikes(of: [wanted]) == [])
            let renamed = try await Self.error { try await provider.adopt("21", as: wanted) }
            #expect(renamed?.reason == .unsupported)
            #expect(renamed?.remedy.contains("config.sh --replace --name launch-acme-web") == true)
            let missing = try await Self.error { try await provider.adopt("7", as: wanted) }
            #expect(missing?.reason == .notFound)
            let secret = Resource(
                Address(service: "web", kind: KindName(.github, "secret"), key: "x"),
                attributes: [:])
            let named = try await Self.error { try await provider.adopt("X", as: secret) }
            #expect(named?.reason == .unsupported)
        }
    }
}
