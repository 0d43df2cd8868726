import Foundation
import Resources
import Rollout

/// Writes timelines into the state while services are followed, each under its service's lease,
/// which is held no longer than a write takes.
actor TimelineLedger {
    private let store: any StateStore
    private let claim: LeaseClaim
    private var recorded: [String: Timeline]
    /// What is not written yet: another run may hold the lease.
    private var pending: [String: Timeline] = [:]

    /// - Parameter claim: its patience is for `finish` alone.
    init(_ store: any StateStore, claim: LeaseClaim, recorded: StateDocument) {
        self.store = store
        self.claim = claim
        self.recorded = recorded.services.mapValues { Timeline($0.timeline) }
    }

    /// Writes what can be written at once.
    /// - Throws: `StateError`, but for leases that another run holds.
    func keep(_ services: [FollowedService]) async throws {
        for service in services { pending[service.name] = service.timeline }
        do {
            try await write(patience: .zero)
        } catch StateError.locked {
            return
        }
    }

    /// Writes the rest.
    /// - Throws: `StateError`, also for a lease that another run holds for too long.
    func finish() async throws { try await write(patience: claim.patience) }

    private func write(patience: Duration) async throws {
        for (name, timeline) in pending.sorted(by: { $0.key < $1.key }) {
            if timeline != recorded[name, default: Timeline()] {
                let claim = LeaseClaim(
                    holder: claim.holder, purpose: claim.purpose, patience: patience)
                try await store.exclusively([name], claim: claim) { writer in
                    try await writer.describe(name) { state in
                        let other = Timeline(state.timeline).pushedAt ?? .distantPast
                        guard other <= timeline.pushedAt ?? .distantPast else { return }
                        state.timeline = timeline.entries
                    }
                }
                recorded[name] = timeline
            }
            pending[name] = nil
        }
    }
}
