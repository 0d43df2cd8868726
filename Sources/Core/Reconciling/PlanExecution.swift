import Foundation
import Planning
import Resources

/// Carries the steps of one plan out, side by side where nothing forbids it.
///
/// A failure stops what depends on it and nothing else; a lost lease stops its whole service.
final class PlanExecution: Sendable {
    private let survey: Survey
    private let changes: [Address: Change]
    private let graph: StepGraph
    private let actions: StepActions
    private let reconciler: Reconciler
    private let stop: StopSignal

    init(_ survey: Survey, writer: any StateWriter, reconciler: Reconciler, stop: StopSignal) {
        self.survey = survey
        self.reconciler = reconciler
        self.stop = stop
        changes = Dictionary(survey.plan.changes.map { ($0.address, $0) }) { first, _ in first }
        graph = StepGraph(survey.plan, kinds: reconciler.kinds)
        actions = StepActions(survey, changes: changes, writer: writer, reconciler: reconciler)
    }

    private struct Ended: Sendable {
        let step: Step
        var action = Change.Action.noOp
        var failure: RunFailure?
        /// The service whose lease turned out to be lost.
        var lost: String?
        var wasCancelled = false
    }

    func run() async -> RunReport {
        var report = RunReport()
        var waiting = graph.requirements.mapValues(\.count)
        var ready = ReadySteps()
        ready.add(waiting.filter { $0.value == 0 }.keys.sorted(by: Self.order))
        await withTaskGroup(of: Ended.self) { group in
            while true {
                if !stop.isRequested, !Task.isCancelled { startReady(&ready, in: &group) }
                guard ready.runningCount > 0, let ended = await group.next() else { break }
                ready.end(ended.step)
                waiting[ended.step] = nil
                if let service = ended.lost { ready.close(service) }
                if let failure = ended.failure {
                    report.failures.append(failure)
                } else if ended.wasCancelled {
                    report.wasInterrupted = true
                } else {
                    report.add(ended.step, ended.action)
                    ready.add(release(ended.step, &waiting))
                }
            }
        }
        report.skipped = waiting.keys.sorted(by: Self.order)
        if !report.skipped.isEmpty, stop.isRequested || Task.isCancelled {
            report.wasInterrupted = true
        }
        return report
    }

    private static func order(_ left: Step, _ right: Step) -> Bool { left.address < right.address }

    /// Begins what may begin within the limits; the rest stays in `ready`.
    private func startReady(_ ready: inout ReadySteps, in group: inout TaskGroup<Ended>) {
        while let step = ready.start(
            parallelism: reconciler.parallelism,
            limit: { survey.providers[$0]?.parallelism ?? 1 })
        {
            group.addTask { await self.perform(step) }
        }
    }

    /// The steps that waited for `step` alone.
    private func release(_ step: Step, _ waiting: inout [Step: Int]) -> [Step] {
        (graph.dependents[step] ?? []).sorted(by: Self.order).filter { dependent in
            guard let count = waiting[dependent] else { return false }
            waiting[dependent] = count - 1
            return count == 1
        }
    }

    private func perform(_ step: Step) async -> Ended {
        let action = changes[step.address]?.action ?? .noOp
        let start = reconciler.time.now()
        reconciler.events.emit(.started(step, action))
        do {
            let action = try await actions.perform(step)
            let duration = Duration.seconds(reconciler.time.now().timeIntervalSince(start))
            reconciler.events.emit(.done(step, action, duration))
            return Ended(step: step, action: action)
        } catch is CancellationError {
            return Ended(step: step, wasCancelled: true)
        } catch {
            let failure = RunFailure(step.address, error)
            reconciler.events.emit(.failed(step, failure))
            return Ended(
                step: step, failure: failure, lost: (error as? StateError)?.serviceOfLostLease)
        }
    }
}

extension StateError {
    fileprivate var serviceOfLostLease: String? {
        if case .leaseLost(let service) = self { service } else { nil }
    }
}
