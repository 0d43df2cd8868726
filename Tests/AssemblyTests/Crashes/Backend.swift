import Assembly
import Cryptography
import Foundation
import Journal
import Resources
import SQLiteState
import Services
import Simulation
import TestSupport

/// Where the processes of a crash site keep their state.
enum Backend: String, Sendable, CaseIterable {
    case memory, sqlite, s3, dynamodb

    static let bucket = "states"
    static let table = "locks"

    /// Opens the one state of a site as one process sees it.
    typealias Opening = @Sendable (MortalProcess.Identity) throws -> any StateStore

    /// A new, empty state.
    func newState(in world: SimulatedWorld, _ time: VirtualClock) -> Opening {
        let name = UUID().uuidString
        switch self {
        case .memory:
            let objects = InMemoryObjects()
            return { process in store(on: objects, process, time) }
        case .sqlite:
            let folder = StateFolder()
            return { process in
                let file = folder.url.appending(path: "\(name).sqlite").path
                return store(
                    on: SQLiteObjects(path: file, time: time, random: process.random), process,
                    time)
            }
        case .s3, .dynamodb:
            let project = project(stateKey: "launch/\(name)")
            return { process in
                let surroundings = Surroundings(
                    http: MortalHTTPClient(world, process.killSwitch, time, ChangeCount()),
                    time: time, random: process.random, environment: world.environment)
                return try StateAssembly(
                    project, root: "", surroundings: surroundings,
                    isProcessAlive: { $0 == process.number }
                ).store()
            }
        }
    }

    private func store(
        on objects: any ObjectStorage, _ process: MortalProcess.Identity, _ time: VirtualClock
    ) -> any StateStore {
        JournalStore(
            .init(
                MortalObjects(base: objects, killSwitch: process.killSwitch), key: "state",
                project: CrashSite.project, digests: OpenSSLDigests()),
            terms: process.leaseTerms, time: time, random: process.random)
    }

    private func project(stateKey key: String) -> ProjectSpec {
        var settings = StateSettings()
        settings.backend = .s3
        settings.bucket = Self.bucket
        settings.key = key
        if self == .dynamodb {
            settings.lock = .dynamodb
            settings.lockTable = Self.table
        }
        return ProjectSpec(project: CrashSite.project, state: settings)
    }
}

/// A storage whose user may end at any moment of a write.
private struct MortalObjects: ObjectStorage {
    let base: any ObjectStorage
    let killSwitch: KillSwitch

    var location: String { base.location }

    func get(_ key: String) async throws -> StoredObject? {
        if killSwitch.fate != nil { throw KillSwitch.Killed() }
        return try await base.get(key)
    }

    func put(
        _ key: String, _ bytes: [UInt8], if condition: WriteCondition
    ) async throws -> WriteResult {
        try killSwitch.moment("before the write of \(key)")
        let result = try await base.put(key, bytes, if: condition)
        try killSwitch.moment("before the answer to the write of \(key)")
        killSwitch.answer("after the answer to the write of \(key)")
        return result
    }

    func list(_ prefix: String, after: String?) async throws -> [ListedObject] {
        if killSwitch.fate != nil { throw KillSwitch.Killed() }
        return try await base.list(prefix, after: after)
    }

    func delete(_ key: String) async throws {
        try killSwitch.moment("before the removal of \(key)")
        try await base.delete(key)
        try killSwitch.moment("before the answer to the removal of \(key)")
    }
}

/// A folder that goes with the last who knows it; in memory where the system has such a place,
/// for here nobody pulls the plug.
private final class StateFolder: Sendable {
    let url: URL

    init() {
        let memory = "/dev/shm"
        let parent =
            FileManager.default.isWritableFile(atPath: memory)
            ? URL(filePath: memory) : FileManager.default.temporaryDirectory
        url = parent.appending(path: "launch-\(UUID().uuidString)")
    }

    deinit { try? FileManager.default.removeItem(at: url) }
}
