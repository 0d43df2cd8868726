import Planning
import Reconciling
import Reporting
import Resources

/// Where a run's progress is shown.
protocol ProgressDisplay: EventSink {
    /// Shows a line that is no event.
    func say(_ line: String)
    /// Tells why a run did not come to its own end, where nobody else does.
    func fail(_ explanation: Explanation)
    /// Leaves nothing behind that would be drawn anew.
    func end()
}

extension ProgressDisplay {
    func say(_ line: String) { Terminal.printError(line) }
    func fail(_ explanation: Explanation) {}
    func end() {}
}

/// Plain lines on stderr, one an event: for logs.
struct PlainProgress: ProgressDisplay {
    let report: EventReport
    var requests: @Sendable () -> [ProviderName: Int] = { [:] }

    func emit(_ event: Event) {
        if let line = report.line(event, requests: requests()) { Terminal.printError(line) }
    }
}

/// Nothing: for commands that only look.
struct NoProgress: EventSink {
    func emit(_ event: Event) {}
}
