import Resources

import Foundation
import Synchronization

/// Keeps writes a second apart, as GitHub asks of integrations:
/// <https://docs.github.com/en/rest/using-the-rest-api/best-practices-for-using-the-rest-api>.
final class WritePacing: Sendable {
    private let nextSlot = Mutex<Date?>(nil)

    func wait(_ time: any TimeSource) async throws {
        let now = time.now()
        let slot = nextSlot.withLock { next in
            let slot = max(now, next ?? now)
            next = slot.addingTimeInterval(1)
            return slot
        }
        let pause = slot.timeIntervalSince(now)
        if pause > 0 { try await time.sleep(for: .seconds(pause)) }
    }
}
