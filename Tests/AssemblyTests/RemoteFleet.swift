import Assembly
import Cryptography
import HTTP
import Journal
import Reconciling
import Resources
import SeedImage
import ServiceFiles
import Services
import Simulation

/// The whole program in memory, its state kept as launch.yaml's `state` says.
struct RemoteFleet: Sendable {
    static let bucket = "states"
    static let table = "locks"
    static let passphrase = "correct horse battery staple"

    let world: SimulatedWorld
    let time: VirtualClock
    let random = SeededRandom(seed: 11)
    var settings = StateSettings()
    var environment: [String: String]
    /// The folder around `state.path`.
    var root = "/nowhere"

    init(_ time: VirtualClock, _ forms: StateForm...) {
        var configuration = WorldConfiguration()
        configuration.buckets = [Self.bucket]
        configuration.tables = [Self.table]
        configuration.keys = ["alias/state"]
        self.time = time
        world = SimulatedWorld(
            configuration, time: time, random: SeededRandom(seed: 7), digests: OpenSSLDigests(),
            readSeedImage: { try NoCloudImage.read($0) })
        environment = world.environment
        settings.backend = .s3
        settings.bucket = Self.bucket
        for form in forms { form.apply(to: &self) }
    }

    /// What is in the bucket.
    var contents: [String: [UInt8]] {
        world.locked { $0.aws?.s3.contents(of: Self.bucket) ?? [:] }
    }

    /// A new process.
    func workspace(
        _ repository: Repository, http: (any HTTPClient)? = nil, time: (any TimeSource)? = nil,
        events: any EventSink = SilentEvents()
    ) throws -> Workspace {
        let surroundings = surroundings(http, time)
        var project = repository.project
        project.state = settings
        let store = try StateAssembly(
            project, root: root, surroundings: surroundings, isProcessAlive: { _ in false }
        ).store()
        return Workspace(
            Repository(project: project, services: repository.services), store: store,
            surroundings: surroundings, events: events)
    }

    func surroundings(
        _ http: (any HTTPClient)? = nil, _ time: (any TimeSource)? = nil
    ) -> Surroundings {
        Surroundings(
            http: http ?? world, time: time ?? self.time, random: random, environment: environment)
    }

    @discardableResult
    func converge(_ repository: Repository) async throws -> RunReport {
        let workspace = try workspace(repository)
        return try await workspace.reconciler.converge(
            workspace.goal(withData: true), claim: Fleet.claim
        ) { _ in }
    }

    /// The examples' smallest service alone.
    static func worker() throws -> Repository {
        let examples = try Repository.examples()
        return Repository(
            project: examples.project, services: examples.services.filter { $0.name == "worker" })
    }
}

/// One way to keep the state, besides what is usual.
enum StateForm: String, CaseIterable, Sendable {
    case native, dynamodb, passphrase, kms, bucketKMS, sqlite

    func apply(to fleet: inout RemoteFleet) {
        switch self {
        case .native: break
        case .dynamodb:
            fleet.settings.lock = .dynamodb
            fleet.settings.lockTable = RemoteFleet.table
        case .passphrase:
            fleet.settings.passphraseVariable = "LAUNCH_STATE_PASSPHRASE"
            fleet.environment["LAUNCH_STATE_PASSPHRASE"] = RemoteFleet.passphrase
        case .kms: fleet.settings.kmsKeyID = "alias/state"
        case .bucketKMS:
            fleet.settings.bucketEncryption = .kms
            fleet.settings.bucketKMSKeyID = "alias/state"
        case .sqlite: fleet.settings.backend = .sqlite
        }
    }
}
