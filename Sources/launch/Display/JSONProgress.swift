import Planning
import Reconciling
import Reporting
import Resources
import Synchronization

/// JSON lines on stdout, one an event: for programs. The last one is a summary, however a run ends.
final class JSONProgress: ProgressDisplay {
    private struct State {
        /// What was carried out so far.
        var report = RunReport()
        var isSummed = false
    }

    private let requests: @Sendable () -> [ProviderName: Int]
    private let start = ContinuousClock.now
    private let state = Mutex(State())

    init(requests: @escaping @Sendable () -> [ProviderName: Int]) { self.requests = requests }

    /// A reader that has gone away does not end the run.
    func emit(_ event: Event) {
        state.withLock { state in
            switch event {
            case .done(let step, let action, _): state.report.add(step, action)
            case .failed(_, let failure): state.report.failures.append(failure)
            case .summary: state.isSummed = true
            case .planReady, .started, .progress, .stage, .stageFailed: break
            }
            try? Terminal.print(EventReport().json(event, requests: requests()))
        }
    }

    func fail(_ explanation: Explanation) {
        state.withLock { state in
            guard !state.isSummed else { return }
            state.report.wasInterrupted = explanation.exitCode == .interrupted
            state.report.duration = start.duration(to: .now)
            let line = EventReport().json(
                state.report, endedBy: explanation.message, remedy: explanation.remedy,
                requests: requests())
            try? Terminal.print(line)
        }
    }
}
