import AWS
import Cryptography
import HTTP
import Journal
import Resources
import Simulation
import TestSupport
import Testing

@testable import ObjectState

/// The storage against the simulated S3, which knows every bucket name and verifies signatures.
@Suite struct SimulatedS3Tests {
    @Test(arguments: ["state-bucket", "state.bucket"])
    func objectsLiveTheirWholeLife(_ bucket: String) async throws {
        try await withWorld(bucket: bucket) { storage, _ in
            try await expectWholeLife(of: storage, prefix: "my state/é+")
        }
    }

    /// Whatever happens to one request, the write is there and the next reader sees it.
    @Test(arguments: [
        Fault.reset, .lostReply, .status(503, retryAfter: 1), .status(429, retryAfter: nil),
        .vendor(.throttled),
    ])
    func oneFaultIsMadeUpFor(_ fault: Fault) async throws {
        for index in 0..<4 {
            try await withWorld { storage, world in
                let first = world.requestCount
                world.setFaults(.at(first + index, fault))
                let result = try await storage.put("k", [1], if: .absent)
                if fault == .lostReply, index == 0 { #expect(result == .refused) }
                let object = try await storage.get("k")
                #expect(object?.bytes == [1])
                let list = try await storage.list("", after: nil)
                #expect(list == [ListedObject(key: "k", size: 1)])
                try await storage.delete("k")
                let left = try await storage.get("k")
                #expect(left == nil)
            }
        }
    }

    @Test func listsGoOverPages() async throws {
        try await withWorld { storage, _ in
            for number in 0..<1003 {
                _ = try await storage.put("j/\(1000 + number)", [], if: .absent)
            }
            let all = try await storage.list("j/", after: nil)
            #expect(all.map(\.key) == (1000..<2003).map { "j/\($0)" })
            let late = try await storage.list("j/", after: "j/2000")
            #expect(late.map(\.key) == ["j/2001", "j/2002"])
        }
    }

    @Test func aBucketThatIsNotThereIsNamed() async throws {
        try await withWorld(made: false) { storage, _ in
            let complaint = try await failure { try await storage.get("k") }
            #expect(
                complaint == """
                    s3://state-bucket: the state store cannot be used: there is no \
                    bucket "state-bucket" Create it with `aws s3 mb s3://state-bucket \
                    --region us-east-1`, or correct `state.bucket` in launch.yaml.
                    """)
        }
    }

    private func withWorld(
        bucket: String = "state-bucket", made: Bool = true,
        _ body: @escaping @Sendable (S3Storage, SimulatedWorld) async throws -> Void
    ) async throws {
        try await withVirtualTime { clock in
            let world = SimulatedWorld(
                time: clock, random: SeededRandom(seed: 1), digests: OpenSSLDigests()
            ) { _ in [:] }
            let bench = Bench(
                http: world, time: clock, environment: world.environment, region: "us-east-1")
            if made { try await bench.makeBucket(bucket, at: "https://s3.us-east-1.amazonaws.com") }
            try await body(bench.storage(bucket: bucket), world)
        }
    }
}

extension Bench {
    func makeBucket(_ bucket: String, at endpoint: String) async throws {
        let response = try await client(for: .s3).send(HTTPRequest(.put, "\(endpoint)/\(bucket)"))
        #expect(response.isSuccess, "\(response.text)")
    }
}

/// Creates, replaces, lists and deletes objects under `prefix`; refused writes change nothing.
func expectWholeLife(of storage: some ObjectStorage, prefix: String) async throws {
    let key = "\(prefix)/1"
    let nothing = try await storage.get(key)
    #expect(nothing == nil)
    let early = try await storage.put(key, [9], if: .tag("\"0123\""))
    #expect(early == .refused)

    guard case .written(let first) = try await storage.put(key, [1], if: .absent) else {
        Issue.record("the first object was refused")
        return
    }
    let created = try await storage.get(key)
    #expect(created == StoredObject(bytes: [1], tag: first))
    let again = try await storage.put(key, [2], if: .absent)
    #expect(again == .refused)

    guard case .written(let second) = try await storage.put(key, [3, 0xFF], if: .tag(first)) else {
        Issue.record("the replacement was refused")
        return
    }
    let late = try await storage.put(key, [4], if: .tag(first))
    #expect(late == .refused)
    let replaced = try await storage.get(key)
    #expect(replaced == StoredObject(bytes: [3, 0xFF], tag: second))

    _ = try await storage.put("\(prefix)/2", [], if: .absent)
    _ = try await storage.put("\(prefix)", [1], if: .absent)
    let listed = try await storage.list("\(prefix)/", after: nil)
    #expect(
        listed == [ListedObject(key: key, size: 2), ListedObject(key: "\(prefix)/2", size: 0)])
    let after = try await storage.list("\(prefix)/", after: key)
    #expect(after == [ListedObject(key: "\(prefix)/2", size: 0)])

    try await storage.delete(key)
    try await storage.delete(key)
    let left = try await storage.list(prefix, after: nil)
    #expect(left.map(\.key) == [prefix, "\(prefix)/2"])
}
