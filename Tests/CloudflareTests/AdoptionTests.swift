import Cloudflare
import Resources
import Simulation
import TestSupport
import Testing

/// What people made by hand becomes a service's own, and what is a service's becomes another's.
@Suite struct AdoptionTests {
    /// Runs `body` with a tunnel and a record made by hand; answers with their ids.
    private func withStrangers(
        comment: String = "mine", tunnel: String = "prod",
        _ body:
            @escaping @Sendable (CloudflareFixture, _ record: String, _ tunnel: String) async throws
            -> Void
    ) async throws {
        try await withVirtualTime { clock in
            let fixture = CloudflareFixture(clock)
            fixture.world.locked {
                $0.cloudflare?.zones.addRecord(
                    [
                        "type": "A", "name": "web", "content": "192.0.2.9",
                        "comment": .string(comment),
                    ],
                    zone: "example.com")
                $0.cloudflare?.tunnels.add(named: tunnel)
            }
            let ids = fixture.world.locked { core in
                (
                    core.cloudflare?.zones.records.first { $0["name"] == "web.example.com" }?["id"]?
                        .string ?? "",
                    core.cloudflare?.tunnels.live.first?.tunnel["id"]?.string ?? ""
                )
            }
            try await body(fixture, ids.0, ids.1)
        }
    }

    private static func error(_ body: () async throws -> Void) async throws -> ProviderError? {
        await #expect(throws: ProviderError.self) { try await body() }
    }

    @Test(arguments: ["", "zone-or-account/"])
    func aRecordAndATunnelAreAdoptedByTheirIDs(prefix: String) async throws {
        try await withStrangers { fixture, record, tunnel in
            let provider = fixture.provider()
            let (wantedRecord, wantedTunnel) = (
                CloudflareFixture.record(), CloudflareFixture.tunnel()
            )
            for _ in 1...2 {
                try await provider.adopt(prefix + record, as: wantedRecord)
                try await provider.adopt(prefix + tunnel, as: wantedTunnel)
            }
            let found = try await provider.observe(CloudflareFixture.scope)
            #expect(found.map(\.id) == [record, tunnel])
            #expect(found.map(\.address) == [wantedRecord.address, wantedTunnel.address])
            // The plan shows what differs.
            #expect(found.first?["content"] == "192.0.2.9")
            for object in found + found { try await provider.release(object) }
            #expect(try await provider.observe(CloudflareFixture.scope) == [])
            let names = fixture.world.locked {
                $0.cloudflare?.tunnels.live.map { $0.tunnel["name"] }
            }
            #expect(names == ["released-acme-web"])
        }
    }

    /// Its hostname stays, and so does everything that leads to the service.
    @Test func aRenamedServiceKeepsThem() async throws {
        try await withStrangers(comment: "launch:acme/old", tunnel: "launch-acme-old") {
            fixture, record, tunnel in
            let provider = fixture.provider()
            let refused = [
                try await Self.error {
                    try await provider.adopt(record, as: CloudflareFixture.record())
                },
                try await Self.error {
                    try await provider.adopt(tunnel, as: CloudflareFixture.tunnel())
                },
            ]
            #expect(refused.map(\.?.reason) == [.conflict, .conflict])
            let old = try await provider.observe(Scope(project: "acme", services: ["old"]))
            #expect(Set(old.map(\.id)) == [record, tunnel])
            for object in old {
                let isTunnel = object.id == tunnel
                _ = try await provider.update(
                    object, to: isTunnel ? CloudflareFixture.tunnel() : CloudflareFixture.record())
            }
            let found = try await provider.observe(CloudflareFixture.scope)
            #expect(found.map(\.address.service) == ["web", "web"])
        }
    }

    @Test func whatCannotBeTakenOverIsRefusedWithAWayOut() async throws {
        try await withStrangers { fixture, record, tunnel in
            let provider = fixture.provider()
            let missing = [
                try await Self.error {
                    try await provider.adopt("0", as: CloudflareFixture.record())
                },
                try await Self.error {
                    try await provider.adopt("0", as: CloudflareFixture.tunnel())
                },
            ]
            #expect(missing.map(\.?.reason) == [.notFound, .notFound])
            let other = try await Self.error {
                try await provider.adopt(record, as: CloudflareFixture.record("api.example.com"))
            }
            #expect(other?.reason == .unsupported)
            #expect(other?.detail == "it is a record of web.example.com")
            let named = try await Self.error {
                try await provider.adopt("1", as: CloudflareFixture.certificate())
            }
            #expect(named?.reason == .unsupported)
            fixture.world.locked { $0.cloudflare?.tunnels.add(named: "local", isRemote: false) }
            let local = fixture.world.locked {
                $0.cloudflare?.tunnels.live.last?.tunnel["id"]?.string ?? ""
            }
            let locally = try await Self.error {
                try await provider.adopt(local, as: CloudflareFixture.tunnel())
            }
            #expect(locally?.reason == .unsupported)
        }
    }

    /// Another one has the name that a tunnel gets which is let go.
    @Test func twoTunnelsAreLetGo() async throws {
        try await withStrangers(tunnel: "released-acme-web") { fixture, _, _ in
            let provider = fixture.provider()
            let made = try await provider.create(
                CloudflareFixture.tunnel(), key: CloudflareFixture.key)
            try await provider.release(made)
            let names = fixture.world.locked {
                $0.cloudflare?.tunnels.live.compactMap { $0.tunnel["name"]?.string }
            }
            #expect(names == ["released-acme-web", "released-acme-web-\(made.id.prefix(8))"])
        }
    }

    @Test func onlyWhatIsNobodysIsFoundByItsName() async throws {
        try await withStrangers(tunnel: "web") { fixture, record, tunnel in
            let provider = fixture.provider()
            let wanted = [CloudflareFixture.record(), CloudflareFixture.tunnel()]
            #expect(
                try await provider.lookalikes(of: wanted) == [
                    Lookalike(wanted[0].address, id: record, name: "A 192.0.2.9"),
                    Lookalike(wanted[1].address, id: tunnel, name: "web"),
                ])
            try await provider.adopt(record, as: wanted[0])
            try await provider.adopt(tunnel, as: wanted[1])
            #expect(try await provider.lookalikes(of: wanted) == [])
        }
    }
}
