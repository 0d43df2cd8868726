import Cloudflare
import Foundation
import Resources
import Simulation
import Testing

@Suite struct CloudflareProviderTests {
    private static func conflict(_ desired: Resource, with fields: [String: Value]) async throws
        -> ProviderError?
    {
        try await withVirtualTime { clock in
            let fixture = CloudflareFixture(clock)
            fixture.world.locked { $0.cloudflare?.zones.addRecord(fields, zone: "example.com") }
            let before = fixture.world.locked { $0.cloudflare?.zones.records }
            do {
                _ = try await fixture.provider().create(desired, key: CloudflareFixture.key)
                return nil
            } catch let error as ProviderError {
                #expect(fixture.world.locked { $0.cloudflare?.zones.records } == before)
                return error
            }
        }
    }

    @Test(
        arguments: [
            ["type": "A", "name": "web", "content": "192.0.2.9"],
            ["type": "CNAME", "name": "web", "content": "elsewhere.example.net"],
            ["type": "A", "name": "web", "content": "192.0.2.1", "comment": "launch:other/web"],
        ] as [[String: Value]])
    func aForeignRecordIsNamedAndLeftAlone(fields: [String: Value]) async throws {
        let error = try await Self.conflict(CloudflareFixture.record(), with: fields)
        #expect(error?.reason == .conflict)
        let content = fields["content"]?.string ?? ""
        #expect(error?.detail.contains(content) == true)
    }

    @Test func recordsOfOtherTypesMayShareTheName() async throws {
        let fields: [String: Value] = ["type": "TXT", "name": "web", "content": "hello"]
        #expect(try await Self.conflict(CloudflareFixture.record(), with: fields) == nil)
    }

    @Test func aRecordGoesToTheZoneWithTheLongestName() async throws {
        try await withVirtualTime { clock in
            let fixture = CloudflareFixture(clock)
            let desired = CloudflareFixture.record("web.shop.example.com")
            _ = try await fixture.provider().create(desired, key: CloudflareFixture.key)
            let names = fixture.world.locked {
                $0.cloudflare?.zones.records.compactMap { $0["name"]?.string } ?? []
            }
            #expect(names.filter { $0.hasPrefix("web") } == ["web.shop.example.com"])
        }
    }

    @Test func aHostnameWithoutAZoneIsExplained() async throws {
        let error = await #expect(throws: ProviderError.self) {
            try await withVirtualTime { clock in
                _ = try await CloudflareFixture(clock).provider()
                    .create(
                        CloudflareFixture.record("web.nowhere.test"), key: CloudflareFixture.key)
            }
        }
        #expect(error?.reason == .notFound)
        #expect(error?.detail == "no active zone that the token can see holds web.nowhere.test")
    }

    @Test func aChangeOfTypeIsOneTransaction() async throws {
        try await withVirtualTime { clock in
            let fixture = CloudflareFixture(clock)
            let provider = fixture.provider()
            let made = try await provider.create(
                CloudflareFixture.record(), key: CloudflareFixture.key)
            fixture.requests.clear()
            let wanted = CloudflareFixture.record(type: "CNAME", content: "a.example.net")
            let changed = try await provider.update(made, to: wanted)
            #expect(fixture.requests.all.count == 2)
            #expect(fixture.requests.all.last?.hasSuffix("/dns_records/batch") == true)
            #expect(changed.attributes.filter { $0.key != "id" } == wanted.attributes)
            #expect(fixture.world.inventory == ["cloudflare dns record": 1])
        }
    }

    @Test func aRecordedRecordIsFollowedWhenItsMarkIsGone() async throws {
        try await withVirtualTime { clock in
            let fixture = CloudflareFixture(clock)
            let provider = fixture.provider()
            let desired = CloudflareFixture.record()
            let made = try await provider.create(desired, key: CloudflareFixture.key)
            fixture.world.locked {
                _ = $0.cloudflare?.zones.changeRecords(
                    named: "web.example.com", ["comment": "", "content": "192.0.2.66"])
            }
            let recorded = RecordedResource(
                address: made.address, id: made.id, attributes: made.attributes,
                createdAt: clock.now(), updatedAt: clock.now())
            #expect(try await provider.observe(CloudflareFixture.scope).isEmpty)
            let seen = try await provider.observe(Scope(project: "acme", recorded: [recorded]))
            #expect(seen.map { $0["content"] } == ["192.0.2.66"])
            let repaired = try await provider.update(seen[0], to: desired)
            #expect(try await provider.observe(CloudflareFixture.scope) == [repaired])
        }
    }

    @Test(arguments: [1, 2, 1000])
    func observingFindsExactlyWhatIsOurs(pageSize: Int) async throws {
        try await withVirtualTime { clock in
            let fixture = CloudflareFixture(clock, pageSize: pageSize)
            let provider = fixture.provider()
            let names = ["a", "b", "c"]
            var made: [ObservedResource] = []
            for name in names {
                let record = CloudflareFixture.record("\(name).example.com", service: name)
                made.append(try await provider.create(record, key: CloudflareFixture.key))
                let tunnel = CloudflareFixture.tunnel(name)
                made.append(try await provider.create(tunnel, key: CloudflareFixture.key))
            }
            fixture.world.locked {
                $0.cloudflare?.tunnels.add(named: "launch-acme2-x")
                $0.cloudflare?.zones.addRecord(
                    [
                        "type": "A", "name": "x", "content": "192.0.2.1",
                        "comment": "launch:acme2/x",
                    ], zone: "example.com")
            }
            let all = try await provider.observe(CloudflareFixture.scope)
            #expect(Set(all) == Set(made))
            let one = try await provider.observe(Scope(project: "acme", services: ["b"]))
            #expect(Set(one) == Set(made.filter { $0.address.service == "b" }))
        }
    }

    @Test func observingCostsAListPerKindAndAReadPerTunnel() async throws {
        try await withVirtualTime { clock in
            let fixture = CloudflareFixture(clock)
            let provider = fixture.provider()
            for name in ["a", "b"] {
                let tunnel = CloudflareFixture.tunnel(name)
                _ = try await provider.create(tunnel, key: CloudflareFixture.key)
            }
            for count in [5, 4] {  // the list of zones is kept
                fixture.requests.clear()
                _ = try await provider.observe(CloudflareFixture.scope)
                #expect(fixture.requests.all.count == count)
                #expect(!fixture.requests.all.contains { $0.hasSuffix("/token") })
            }
        }
    }

    @Test func nothingIsAskedWhereNothingIsPublic() async throws {
        try await withVirtualTime { clock in
            let fixture = CloudflareFixture(clock)
            let provider = CloudflareProvider(
                project: "acme", domains: [], environment: [:], client: fixture.world, time: clock,
                random: SeededRandom(seed: 1), request: CloudflareFixture.certificateRequest)
            let found = try await provider.observe(CloudflareFixture.scope)
            #expect(found.isEmpty)
            #expect(fixture.world.requestCount == 0)
        }
    }

    @Test func theAccountIsTakenFromTheZone() async throws {
        try await withVirtualTime { clock in
            let fixture = CloudflareFixture(clock)
            let provider = fixture.provider(["CLOUDFLARE_ACCOUNT_ID": ""])
            let made = try await provider.create(
                CloudflareFixture.tunnel(), key: CloudflareFixture.key)
            #expect(try await provider.observe(CloudflareFixture.scope) == [made])
        }
    }

    @Test func originSettingsOfOthersSurviveAnUpdate() async throws {
        try await withVirtualTime { clock in
            let fixture = CloudflareFixture(clock)
            let provider = fixture.provider()
            let made = try await provider.create(
                CloudflareFixture.tunnel(), key: CloudflareFixture.key)
            let settings: Value = ["noTLSVerify": true]
            fixture.world.locked {
                $0.cloudflare?.tunnels.setConfiguration(
                    [
                        "ingress": [
                            [
                                "hostname": "web.example.com", "service": "http://localhost:1",
                                "originRequest": settings,
                            ],
                            ["service": "http_status:404"],
                        ],
                        "warp-routing": ["enabled": true],
                    ], ofTunnelNamed: "launch-acme-web")
            }
            _ = try await provider.update(made, to: CloudflareFixture.tunnel())
            let live = fixture.world.locked { $0.cloudflare?.tunnels.live.first?.configuration }
            #expect(
                live == [
                    "ingress": [
                        [
                            "hostname": "web.example.com", "service": "http://localhost:3080",
                            "originRequest": settings,
                        ],
                        ["service": "http_status:404"],
                    ],
                    "warp-routing": ["enabled": true],
                ])
        }
    }

    @Test func aTunnelConfiguredOnItsMachineIsNotTaken() async throws {
        let error = await #expect(throws: ProviderError.self) {
            try await withVirtualTime { clock in
                let fixture = CloudflareFixture(clock)
                fixture.world.locked {
                    $0.cloudflare?.tunnels.add(named: "launch-acme-web", isRemote: false)
                }
                _ = try await fixture.provider().create(
                    CloudflareFixture.tunnel(), key: CloudflareFixture.key)
            }
        }
        #expect(error?.reason == .conflict)
    }

    @Test func deletingATunnelWaitsForItsConnections() async throws {
        try await withVirtualTime { clock in
            let fixture = CloudflareFixture(clock)
            let provider = fixture.provider()
            let made = try await provider.create(
                CloudflareFixture.tunnel(), key: CloudflareFixture.key)
            let start = clock.now()
            fixture.world.locked {
                $0.cloudflare?.tunnels.setConnector(running: true, ofTunnelNamed: "launch-acme-web")
            }
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { try await provider.delete(made) }
                try await clock.sleep(for: .seconds(40))
                fixture.world.locked {
                    $0.cloudflare?.tunnels.setConnector(
                        running: false, ofTunnelNamed: "launch-acme-web")
                }
                try await group.waitForAll()
            }
            #expect(fixture.world.inventory.isEmpty)
            #expect((40...75).contains(clock.now().timeIntervalSince(start)))
        }
    }

    @Test func deletingAConnectedTunnelGivesUpAtItsDeadline() async throws {
        let error = await #expect(throws: ProviderError.self) {
            try await withVirtualTime { clock in
                let fixture = CloudflareFixture(clock)
                let provider = fixture.provider(patience: .seconds(60))
                let made = try await provider.create(
                    CloudflareFixture.tunnel(), key: CloudflareFixture.key)
                fixture.world.locked {
                    $0.cloudflare?.tunnels.setConnector(
                        running: true, ofTunnelNamed: "launch-acme-web")
                }
                try await provider.delete(made)
            }
        }
        #expect(error?.reason == .timedOut)
    }

    @Test func aSmallBudgetOfRequestsIsNotExceeded() async throws {
        try await withVirtualTime { clock in
            let fixture = CloudflareFixture(clock)
            fixture.world.locked { $0.cloudflare?.requestLimit = 6 }
            let provider = fixture.provider()
            for name in ["a", "b", "c", "d"] {
                let record = CloudflareFixture.record("\(name).example.com", service: name)
                _ = try await provider.create(record, key: CloudflareFixture.key)
            }
            #expect(fixture.world.inventory == ["cloudflare dns record": 4])
        }
    }
}

@Suite struct CloudflareFaultTests {
    /// Every request of a creation meets each kind of fault once.
    @Test(arguments: [
        Fault.reset, .lostReply, .status(503, retryAfter: nil), .status(429, retryAfter: 2),
        .vendor(.throttled),
    ])
    func aFaultAtAnyRequestEndsWithOneOfEverything(fault: Fault) async throws {
        for index in 0..<5 {
            try await withVirtualTime { clock in
                let fixture = CloudflareFixture(clock)
                fixture.world.setFaults(FaultPlan { number, _ in number == index ? fault : nil })
                let provider = fixture.provider()
                _ = try await provider.create(
                    CloudflareFixture.tunnel(), key: CloudflareFixture.key)
                _ = try await provider.create(
                    CloudflareFixture.record(), key: CloudflareFixture.key)
                #expect(
                    fixture.world.inventory == [
                        "cloudflare tunnel": 1, "cloudflare dns record": 1,
                    ])
            }
        }
    }
}
