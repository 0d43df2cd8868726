import Foundation
import Resources
import Simulation

/// A clock that is wrong.
struct OffsetClock: TimeSource {
    let base: VirtualClock
    let offset: TimeInterval

    func now() -> Date { base.now().addingTimeInterval(offset) }
    func sleep(for duration: Duration) async throws { try await base.sleep(for: duration) }
}
