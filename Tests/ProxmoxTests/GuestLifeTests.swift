import HTTP
import Resources
import Services
import Simulation
import Synchronization
import TestSupport
import Testing

@testable import Proxmox

@Suite struct GuestLifeTests {
    @Test(arguments: GuestKind.allCases, ["disk", "data_disk"])
    func aDiskIsNeverMadeSmaller(guest: GuestKind, field: String) async throws {
        try await withVirtualTime { clock in
            let cluster = try Cluster(clock)
            let provider = try cluster.provider()
            let machine = Cluster.machine(Cluster.service(guest))
            let made = try await provider.create(machine, key: Cluster.key)
            let error = await #expect(throws: ProviderError.self) {
                try await provider.update(made, to: machine.with([field: 1, "cpu": 9]))
            }
            #expect(error?.reason == .invalid)
            let observed = try await provider.observe(Cluster.scope)
            #expect(machine.differences(from: observed.first) == [])
        }
    }

    @Test func onlyObservingAndCreatingListTheCluster() async throws {
        try await withVirtualTime { clock in
            let cluster = try Cluster(clock)
            let client = ListCounter(cluster.client)
            let provider = try cluster.provider(client)
            let service = Cluster.service(.vm)
            let made = try await provider.create(Cluster.machine(service), key: Cluster.key)
            _ = try await provider.create(Cluster.firewall(service, of: made), key: Cluster.key)
            _ = try await provider.finishBoot(of: made)
            #expect(client.count == 1)
            let observed = try await provider.observe(Cluster.scope)
            for resource in observed { try await provider.delete(resource) }
            #expect(try await provider.observe(Cluster.scope).isEmpty)
            #expect(client.count == 3)
        }
    }

    /// Counts the lists of all guests.
    private final class ListCounter: HTTPClient {
        private let base: any HTTPClient
        private let lists = Mutex(0)

        init(_ base: any HTTPClient) { self.base = base }

        var count: Int { lists.withLock { $0 } }

        func send(_ request: HTTPRequest) async throws -> HTTPResponse {
            if request.url.hasSuffix("/cluster/resources?type=vm") { lists.withLock { $0 += 1 } }
            return try await base.send(request)
        }
    }

    @Test func aProtectedGuestIsNotDeleted() async throws {
        try await withVirtualTime { clock in
            let cluster = try Cluster(clock)
            let provider = try cluster.provider()
            let machine = Cluster.machine(Cluster.service(.vm)).with(["protect": true])
            let made = try await provider.create(machine, key: Cluster.key)
            let error = await #expect(throws: ProviderError.self) {
                try await provider.delete(made)
            }
            #expect(error?.reason == .protected)
            #expect(try await provider.observe(Cluster.scope).first?["running"] == true)
        }
    }

    @Test(arguments: [(GuestKind.vm, "8.3"), (.lxc, "9.0")])
    func aVersionThatLacksTheMeansIsRefused(guest: GuestKind, version: String) async throws {
        try await withVirtualTime { clock in
            let cluster = try Cluster(clock, version: version)
            let error = await #expect(throws: ProviderError.self) {
                try await cluster.provider()
                    .create(Cluster.machine(Cluster.service(guest)), key: Cluster.key)
            }
            #expect(error?.reason == .unsupported)
            #expect(error?.detail.contains(version) == true)
            #expect(cluster.world.requestCount == 1)
        }
    }

    @Test func manyGuestsAtOnceGetEachItsOwnIdentifier() async throws {
        try await withVirtualTime(seed: 3) { clock in
            let cluster = try Cluster(clock)
            let provider = try cluster.provider()
            let identifiers = try await withThrowingTaskGroup(of: String.self) { group in
                for number in 1...8 {
                    let kind = GuestKind.allCases[number % 2]
                    let machine = Cluster.machine(Cluster.service(kind, "s\(number)"))
                    group.addTask {
                        try await provider.create(machine, key: IdempotencyKey("\(number)")).id
                    }
                }
                return try await group.reduce(into: Set<String>()) { $0.insert($1) }
            }
            #expect(identifiers.count == 8)
            #expect(try await provider.observe(Cluster.scope).count == 8)
            let one = Scope(project: "shop", services: ["s3"])
            #expect(try await provider.observe(one).map(\.address.service) == ["s3"])
            #expect(try await provider.observe(Scope(project: "other")).isEmpty)
        }
    }
}
