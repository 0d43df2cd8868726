import Cryptography
import Foundation
import Journal
import Resources
import SQLiteState
import Simulation
import TestSupport

/// A folder of its own for one test; gone when the test is.
final class TemporaryFolder: Sendable {
    let url: URL

    init() throws {
        url = FileManager.default.temporaryDirectory
            .appending(path: "launch-state-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(at: url) }

    /// Where a test's state lies; the folder inside does not exist yet.
    var statePath: String { url.appending(path: "state/launch.sqlite").path }

    var stateFolder: URL { url.appending(path: "state") }

    func objects(time: any TimeSource = VirtualClock()) -> SQLiteObjects {
        SQLiteObjects(path: statePath, time: time, random: SeededRandom(seed: 1))
    }

    func store(
        project: String = StateStoreContract.project, time: VirtualClock = VirtualClock(),
        seed: UInt64 = 1, terms: LeaseTerms = LeaseTerms { _ in true }
    ) -> JournalStore {
        JournalStore(
            .init(
                objects(time: time), key: "state", project: project, digests: OpenSSLDigests()),
            terms: terms, time: time, random: SeededRandom(seed: seed))
    }
}

let claim = LeaseClaim(
    holder: LeaseHolder(user: "ada", host: "laptop", pid: 1, runURL: nil), purpose: "converge",
    patience: .zero)

/// A resource of service `web`.
func volume(_ key: String) -> RecordedResource {
    let now = Date(timeIntervalSince1970: 1_790_000_000)
    return RecordedResource(
        address: Address(service: "web", kind: KindName(.aws, "volume"), key: key),
        id: "vol-\(key)",
        attributes: ["size": 20, "name": "needle"], createdAt: now, updatedAt: now)
}

extension StateStore {
    /// Records the resources, each in a write of its own.
    func record(_ resources: [RecordedResource]) async throws {
        try await exclusively(["web"], claim: claim) { writer in
            for resource in resources {
                try await writer.record(.recorded(resource), at: resource.address)
            }
        }
    }
}
