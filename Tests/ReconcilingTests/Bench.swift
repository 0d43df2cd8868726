import Cryptography
import Journal
import Planning
import Reconciling
import Resources
import Simulation
import Synchronization
import TestSupport

/// A garden, a store and a reconciler over them.
struct Bench: Sendable {
    let garden: Garden
    private let objects: InMemoryObjects
    let time: VirtualClock
    let events: RecordedEvents
    private let random = SeededRandom(seed: 1)

    init(
        _ time: VirtualClock, _ killSwitch: @escaping @Sendable () -> KillSwitch = { KillSwitch() }
    ) {
        garden = Garden()
        self.time = time
        events = RecordedEvents()
        let moment: InMemoryObjects.Hook = { _ in try killSwitch().moment() }
        objects = InMemoryObjects(beforeWrite: moment, afterWrite: moment)
    }

    /// The store as a new process has it.
    var store: any StateStore {
        JournalStore.inMemory(
            objects, project: "p", digests: OpenSSLDigests(),
            terms: LeaseTerms(isProcessAlive: { _ in false }), time: time, random: random)
    }

    var reconciler: Reconciler { reconciler(with: garden) }

    private func reconciler(with provider: any Provider) -> Reconciler {
        Reconciler(
            providers: { _ in provider }, ephemerals: { Ephemerals() },
            kinds: KindCatalogue(Garden.kinds), store: store, time: time, random: random,
            digests: OpenSSLDigests(), fingerprints: { ProjectFingerprint(lineage: $0) },
            events: events)
    }

    func drift(_ goal: Goal, with provider: any Provider) async throws -> Drift {
        try await reconciler(with: provider).drift(goal)
    }

    @discardableResult
    func converge(
        _ goal: Goal, with provider: (any Provider)? = nil, stop: StopSignal = StopSignal()
    ) async throws -> RunReport {
        let claim = LeaseClaim(
            holder: LeaseHolder(user: "u", host: "h", pid: 1, runURL: nil), purpose: "converge",
            patience: .zero)
        return try await reconciler(with: provider ?? garden).converge(
            goal, claim: claim, stop: stop
        ) { _ in }
    }

    private struct Ephemerals: EphemeralSource {
        func secret(for ephemeral: Ephemeral) async throws -> Secret { Secret("s33d") }
    }
}

final class RecordedEvents: EventSink {
    private let recorded = Mutex<[String]>([])

    var lines: [String] { recorded.withLock { $0 } }

    func emit(_ event: Event) {
        let line: String? =
            switch event {
            case .started(let step, let action): "started \(action.rawValue) \(step.address)"
            case .done(let step, _, _): "done \(step.address)"
            case .failed(let step, _): "failed \(step.address)"
            default: nil
            }
        if let line { recorded.withLock { $0.append(line) } }
    }
}

/// Two services of a bed, a plant and a label each.
func gardenGoal(
    soil: Value = "loam", height: Value = 10, services: Set<String>? = nil,
    wanted: Set<String> = ["web", "worker"], withData: Bool = false
) -> Goal {
    let desired = wanted.sorted().flatMap { service in
        let bed = Garden.address(service, Garden.bed)
        let plant = Garden.address(service, Garden.plant)
        return [
            Resource(bed, attributes: ["soil": soil, "width": 2]),
            Resource(
                plant,
                attributes: [
                    "bed": .reference(bed, "id"), "height": height, "note": .reference(bed, "id"),
                    "scent": .secret(Secret("rose")), "colours": ["red", "blue"],
                    "seed": .template([
                        .text("sow "), .ephemeral(Ephemeral("seed", service: service)),
                    ]),
                ]),
            Resource(
                Garden.address(service, Garden.label),
                attributes: [
                    "text": .template([.text("plant "), .reference(Reference(plant, "id"))])
                ]),
        ]
    }
    return Goal(project: "p", desired: desired, services: services, withData: withData)
}
