import Assembly
import Cryptography
import Foundation
import Journal
import Resources
import SeedImage
import Services
import Simulation

/// One state in the simulated S3 or in an SQLite file, worked on by process after process.
struct StateBench {
    enum Backend: String, CaseIterable {
        case s3 = "S3"
        case sqlite = "SQLite"
    }

    let traffic: CountingClient
    let time: VirtualClock
    private let project: ProjectSpec
    private let folder: String
    private let surroundings: Surroundings

    init(_ backend: Backend, folder: String, time: VirtualClock) {
        var configuration = WorldConfiguration()
        configuration.buckets = ["bench-state"]
        let random = SeededRandom(seed: 1)
        let world = SimulatedWorld(
            configuration, time: time, random: random, digests: OpenSSLDigests(),
            readSeedImage: { try NoCloudImage.read($0) })
        self.time = time
        self.folder = folder
        traffic = CountingClient(world)
        surroundings = Surroundings(
            http: traffic, time: time, random: random, environment: world.environment)
        var settings = StateSettings()
        if backend == .s3 {
            settings.backend = .s3
            settings.bucket = "bench-state"
            settings.region = configuration.region
        }
        project = ProjectSpec(project: SyntheticState.project, state: settings)
    }

    /// What a new process has, which knows nothing yet.
    func process() throws -> JournalStore {
        try StateAssembly(
            project, root: folder, surroundings: surroundings, isProcessAlive: { _ in true }
        ).store()
    }

    /// Fills the state, in one replacement.
    func fill(_ state: SyntheticState, by store: JournalStore) async throws {
        let document = state.document
        try await store.exclusively(Set(state.services), claim: Self.claim) {
            try await $0.replace(with: document)
        }
    }

    /// One run that changes the objects of one service, each with its intent and its result.
    /// - Parameter pause: what the providers take for each.
    func run(
        _ number: Int, on service: String, changes: Int = SyntheticState.resourcesPerService,
        pause: Duration = .zero, by store: JournalStore
    ) async throws {
        try await store.exclusively([service], claim: Self.claim) { writer in
            for slot in 0..<changes {
                let resource = SyntheticState.resource(slot, of: service, version: number)
                let intent = Intent(
                    id: "\(number)-\(slot)", address: resource.address, action: .update,
                    objectID: resource.id, startedAt: time.now(), run: "run-\(number)")
                try await writer.intend(intent)
                try await time.sleep(for: pause)
                try await writer.settle(intent, as: .recorded(resource))
            }
        }
    }

    private static let claim = LeaseClaim(
        holder: LeaseHolder(user: "bench", host: "bench", pid: 1, runURL: nil),
        purpose: "bench", patience: .zero)
}
