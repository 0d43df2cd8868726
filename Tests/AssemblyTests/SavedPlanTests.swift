import Assembly
import HTTP
import Planning
import Reconciling
import Reporting
import Resources
import ServiceFiles
import Services
import Simulation
import Synchronization
import TestSupport
import Testing

/// A saved plan is carried out as it was shown, once, or refused; whatever happened meanwhile.
@Suite struct SavedPlanTests {
    /// What happens between the plan and its execution.
    enum Meanwhile: CaseIterable {
        case nothing, aSpecIsEdited, somebodyEditsTheWorld, anotherRunConverges
        case aServiceIsRemoved

        /// False where the plan may not be touched by it: an edit of what goes anyway.
        var mustRefuse: Bool { ![.nothing, .somebodyEditsTheWorld].contains(self) }
    }

    private struct Outcome: Sendable {
        var planned: [String] = []
        var done: [String] = []
        var movements: [String] = []
        var writes = 0
        var movementsAfterUse: [String] = []
    }

    private struct Moved: Error {}

    @Test(arguments: Meanwhile.allCases, [1, 2, 3, 4] as [UInt64])
    func itIsCarriedOutAsShownOrRefused(meanwhile: Meanwhile, seed: UInt64) async throws {
        let outcome = try await outcome(meanwhile, seed)
        #expect(!outcome.planned.isEmpty)
        #expect(outcome.movements != [] || !meanwhile.mustRefuse)
        #expect(outcome.movements == [] || meanwhile != .nothing, "\(outcome.movements)")
        if outcome.movements == [] {
            #expect(outcome.done == outcome.planned)
            #expect(outcome.movementsAfterUse.first?.hasPrefix("the state has gone on") == true)
        } else {
            #expect(outcome.done == [])
            #expect(outcome.writes == 0)
        }
    }

    private func outcome(_ meanwhile: Meanwhile, _ seed: UInt64) async throws -> Outcome {
        try await withVirtualTime { clock in
            let fleet = Fleet(clock)
            let full = Repository.full(in: fleet.world).with { $0.protect = false }
            try await fleet.converge(full)
            let wanted = Self.edited(full, seed)
            try await Self.foreignEdit(number: seed, in: fleet, full)
            var (outcome, saved) = (Outcome(), "")
            let before = fleet.workspace(wanted)
            let goal = before.goal(withData: true)
            let plan = try await before.reconciler.plan(goal)
            outcome.planned = plan.effective.map { "\($0.action) \($0.address)" }.sorted()
            saved = SavedPlan(plan, for: goal).json

            let now = try await Self.happens(meanwhile, fleet, full, wanted, seed)
            let later = fleet.workspace(now)
            (outcome.movements, outcome.done) = try await Self.execute(saved, later)
            outcome.writes = later.meter.byProvider.values.map(\.writes).reduce(0, +)
            (outcome.movementsAfterUse, _) = try await Self.execute(saved, later)
            return outcome
        }
    }

    /// Another size for the one, another port for the other, and one service less.
    private static func edited(_ repository: Repository, _ seed: UInt64) -> Repository {
        var services = repository.services
        let index = Int(seed) % services.count
        services[index].size = .named(.large)
        services[(index + 1) % services.count].ingress = [
            IngressRule(port: 7000 + Int(seed), sources: ["192.0.2.0/24"])
        ]
        services.remove(at: (index + 2) % services.count)
        return Repository(project: repository.project, services: services)
    }

    private static func foreignEdit(
        number: UInt64, in fleet: Fleet, _ repository: Repository
    ) async throws {
        let edits = ForeignEdit.all.filter(\.isReversible)
        try await edits[Int(number * 7) % edits.count].make(in: fleet, fleet.workspace(repository))
        try await fleet.time.sleep(for: .seconds(120))
    }

    private static func happens(
        _ meanwhile: Meanwhile, _ fleet: Fleet, _ full: Repository, _ wanted: Repository,
        _ seed: UInt64
    ) async throws -> Repository {
        var services = wanted.services
        switch meanwhile {
        case .nothing: break
        case .aSpecIsEdited: services[0].environment = "staging"
        case .somebodyEditsTheWorld:
            try await foreignEdit(number: seed + 2, in: fleet, full)
        case .anotherRunConverges:
            let grown = wanted.services.filter { $0.size == .named(.large) }
            try await fleet.converge(wanted, services: Set(grown.map(\.name)))
        case .aServiceIsRemoved: services.removeLast()
        }
        return Repository(project: wanted.project, services: services)
    }

    /// - Returns: why it is refused, or what was done.
    private static func execute(
        _ saved: String, _ workspace: Workspace
    ) async throws -> (movements: [String], done: [String]) {
        let saved = try #require(SavedPlan(json: Array(saved.utf8)))
        let goal = workspace.goal(withData: true)
        let seen = Mutex<[String]>([])
        do {
            let report = try await workspace.reconciler.converge(
                goal, claim: Fleet.claim, once: true
            ) { plan in
                let movements = saved.movements(to: plan, for: goal)
                guard movements.isEmpty else {
                    seen.withLock { $0 = movements }
                    throw Moved()
                }
                seen.withLock { kept in
                    kept = plan.effective.map { "\($0.action) \($0.address)" }.sorted()
                }
            }
            #expect(report.isSuccess, "\(report.failures.map(\.message))")
            return (
                [],
                Set(report.done.map(\.address)).compactMap { address in
                    seen.withLock { $0.first { $0.hasSuffix(" \(address)") } }
                }.sorted()
            )
        } catch is Moved {
            return (seen.withLock { $0 }, [])
        }
    }
}
