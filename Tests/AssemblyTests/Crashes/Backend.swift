import Resources
import Simulation
import TestSupport

/// Where the processes of a crash site keep their state.
enum Backend: String, Sendable, CaseIterable {
    case memory

    /// Opens the one state of a site as one process sees it.
    typealias Opening = @Sendable (MortalProcess.Identity) -> any StateStore

    /// A new, empty state.
    func newState(in world: SimulatedWorld, _ time: VirtualClock) -> Opening {
        switch self {
        case .memory:
            let state = InMemoryStateStore(
                project: CrashSite.project, time: time, random: SeededRandom(seed: 3))
            return { process in
                state.opened(
                    terms: process.leaseTerms, random: process.random,
                    killSwitch: process.killSwitch)
            }
        }
    }
}
