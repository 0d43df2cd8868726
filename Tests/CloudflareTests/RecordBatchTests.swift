import Cloudflare
import Foundation
import Resources
import Simulation
import Testing

/// Records that are written at the same time share requests. Every request is checked against
/// Cloudflare's API description, where that is present.
@Suite struct RecordBatchTests {
    private static func records(_ count: Int, content: String = "192.0.2.1") -> [Resource] {
        (1...count).map { number in
            CloudflareFixture.record(
                "s\(number).example.com", service: "s\(number)", content: content)
        }
    }

    /// Creates all at once; the results tell each one's own error.
    private static func create(
        _ records: [Resource], by provider: CloudflareProvider
    ) async throws -> [Result<ObservedResource, ProviderError>] {
        try await records.concurrentMap(atOnce: records.count) { record in
            do {
                return .success(try await provider.create(record, key: CloudflareFixture.key))
            } catch let error as ProviderError {
                return .failure(error)
            }
        }
    }

    private static func provider(knowing fixture: CloudflareFixture) async throws
        -> CloudflareProvider
    {
        let provider = fixture.provider()
        _ = try await provider.observe(CloudflareFixture.scope)
        fixture.requests.clear()
        return provider
    }

    private static func verbs(_ fixture: CloudflareFixture) -> [String] {
        fixture.requests.all.map { line in
            let parts = line.split(separator: " ").map(String.init)
            return "\(parts[0]) \(parts[1].split(separator: "/").last ?? "")"
        }
    }

    @Test func fiftyRecordsTakeAFewRequests() async throws {
        try await withVirtualTime { clock in
            let fixture = CloudflareFixture(clock)
            let provider = try await Self.provider(knowing: fixture)
            let made = try await Self.create(Self.records(50), by: provider).map { try $0.get() }
            #expect(Self.verbs(fixture) == ["GET dns_records", "POST batch"])
            #expect(fixture.world.inventory == ["cloudflare dns record": 50])
            #expect(Set(try await provider.observe(CloudflareFixture.scope)) == Set(made))

            fixture.requests.clear()
            let wanted = Self.records(50, content: "192.0.2.2")
            let changed = try await Array(zip(made, wanted)).concurrentMap(atOnce: 50) {
                try await provider.update($0, to: $1)
            }
            #expect(Self.verbs(fixture) == ["GET dns_records", "POST batch"])
            #expect(changed.map(\.id) == made.map(\.id))
            #expect(changed.allSatisfy { $0["content"] == "192.0.2.2" })

            fixture.requests.clear()
            _ = try await changed.concurrentMap(atOnce: 50) { try await provider.delete($0) }
            #expect(Self.verbs(fixture) == ["POST batch"])
            #expect(fixture.world.inventory.isEmpty)
        }
    }

    @Test func aBatchHoldsNoMoreThanCloudflareTakes() async throws {
        try await withVirtualTime { clock in
            let fixture = CloudflareFixture(clock)
            let provider = try await Self.provider(knowing: fixture)
            _ = try await Self.create(Self.records(450), by: provider)
            #expect(fixture.world.inventory == ["cloudflare dns record": 450])
            #expect(Self.verbs(fixture).filter { $0 == "POST batch" }.count == 3)
        }
    }

    @Test func whatIsRightAlreadyIsNotWritten() async throws {
        try await withVirtualTime { clock in
            let fixture = CloudflareFixture(clock)
            let provider = try await Self.provider(knowing: fixture)
            _ = try await Self.create(Self.records(5), by: provider)
            fixture.requests.clear()
            _ = try await Self.create(Self.records(6), by: provider)
            #expect(Self.verbs(fixture) == ["GET dns_records", "POST dns_records"])
        }
    }

    @Test func aForeignRecordConcernsItsNameAlone() async throws {
        try await withVirtualTime { clock in
            let fixture = CloudflareFixture(clock)
            fixture.world.locked {
                $0.cloudflare?.zones.addRecord(
                    ["type": "A", "name": "s2", "content": "192.0.2.9"], zone: "example.com")
            }
            let provider = try await Self.provider(knowing: fixture)
            let results = try await Self.create(Self.records(5), by: provider)
            let failures = results.compactMap { result -> ProviderError? in
                if case .failure(let error) = result { error } else { nil }
            }
            #expect(failures.map(\.reason) == [.conflict])
            #expect(failures.first?.address?.service == "s2")
            #expect(fixture.world.inventory == ["cloudflare dns record": 5])
            #expect(Self.verbs(fixture) == ["GET dns_records", "POST batch"])
        }
    }

    /// The batch is refused whole, then each record goes by itself.
    @Test func aRefusalIsToldToTheRecordThatItConcerns() async throws {
        try await withVirtualTime { clock in
            let fixture = CloudflareFixture(clock)
            let provider = try await Self.provider(knowing: fixture)
            let wrong = CloudflareFixture.record(
                "bad.example.com", service: "bad", content: "192.0.2.300")
            let results = try await Self.create(Self.records(5) + [wrong], by: provider)
            #expect(results.dropLast().allSatisfy { (try? $0.get()) != nil })
            guard case .failure(let error) = results.last else {
                Issue.record("the wrong record was taken")
                return
            }
            #expect(error.reason == .invalid)
            #expect(error.address == wrong.address)
            #expect(fixture.world.inventory == ["cloudflare dns record": 5])
        }
    }

    @Test func aNameThatChangesHandsAndTypeGoesInOneTransaction() async throws {
        try await withVirtualTime { clock in
            let fixture = CloudflareFixture(clock)
            let provider = try await Self.provider(knowing: fixture)
            let old = try await provider.create(
                CloudflareFixture.record(service: "old", type: "CNAME", content: "a.example.net"),
                key: CloudflareFixture.key)
            fixture.requests.clear()
            async let removal: Void = provider.delete(old)
            async let made = provider.create(
                CloudflareFixture.record(service: "new"), key: CloudflareFixture.key)
            #expect(try await made["type"] == "A")
            try await removal
            #expect(Self.verbs(fixture) == ["GET dns_records", "POST batch"])
            #expect(fixture.world.inventory == ["cloudflare dns record": 1])
        }
    }

    @Test func whatIsGoneAlreadyIsDeletedWithTheRest() async throws {
        try await withVirtualTime { clock in
            let fixture = CloudflareFixture(clock)
            let provider = try await Self.provider(knowing: fixture)
            let made = try await Self.create(Self.records(5), by: provider).map { try $0.get() }
            try await provider.delete(made[2])
            _ = try await made.concurrentMap(atOnce: 5) { try await provider.delete($0) }
            #expect(fixture.world.inventory.isEmpty)
        }
    }

    /// Each request of a batch meets each kind of fault once.
    @Test(arguments: [
        Fault.reset, .lostReply, .status(503, retryAfter: nil), .status(429, retryAfter: 2),
        .vendor(.throttled),
    ])
    func aFaultAtAnyRequestEndsWithOneOfEach(fault: Fault) async throws {
        for index in 0..<4 {
            try await withVirtualTime { clock in
                let fixture = CloudflareFixture(clock)
                let provider = try await Self.provider(knowing: fixture)
                let first = fixture.world.requestCount
                fixture.world.setFaults(
                    FaultPlan { number, _ in number == first + index ? fault : nil })
                let made = try await Self.create(Self.records(6), by: provider)
                    .map { try $0.get() }
                #expect(fixture.world.inventory == ["cloudflare dns record": 6])
                _ = try await made.concurrentMap(atOnce: 6) { try await provider.delete($0) }
                #expect(fixture.world.inventory.isEmpty)
            }
        }
    }
}
