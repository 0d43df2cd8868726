import Cryptography
import Reconciling
import Resources
import SeedImage
import ServiceFiles
import Simulation
import TestSupport

/// A world and a state in which processes come and go.
struct CrashSite: Sendable {
    static let project = "example"

    let world: SimulatedWorld
    let time: VirtualClock
    private let backend: Backend
    private var openState: Backend.Opening

    init(_ backend: Backend, _ time: VirtualClock) {
        var configuration = WorldConfiguration()
        configuration.bootTime = .seconds(4)
        configuration.taskTime = .milliseconds(800)
        configuration.instanceTime = .seconds(3)
        configuration.buckets = [Backend.bucket]
        configuration.tables = [Backend.table]
        world = SimulatedWorld(
            configuration, time: time, random: SeededRandom(seed: 7), digests: OpenSSLDigests(),
            readSeedImage: { try NoCloudImage.read($0) })
        self.time = time
        self.backend = backend
        openState = backend.newState(in: world, time)
    }

    /// A new process: nothing of an earlier one is left but the world and the state.
    func process(
        _ number: Int, killSwitch: KillSwitch = KillSwitch()
    ) throws -> MortalProcess {
        let identity = MortalProcess.Identity(
            number: number, random: SeededRandom(seed: UInt64(1000 + number)),
            killSwitch: killSwitch)
        return MortalProcess(
            identity, world: world, time: time, store: try openState(identity))
    }

    /// The state is gone; the world stays.
    mutating func loseState() { openState = backend.newState(in: world, time) }
}
