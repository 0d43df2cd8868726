import Planning
import Reconciling
import Reporting
import Resources

/// Where a run's progress is shown.
protocol ProgressDisplay: EventSink {
    /// Shows a line that is no event.
    func say(_ line: String)
    /// Leaves nothing behind that would be drawn anew.
    func end()
}

extension ProgressDisplay {
    func say(_ line: String) { Terminal.printError(line) }
    func end() {}
}

/// Plain lines on stderr, one an event: for logs.
struct PlainProgress: ProgressDisplay {
    let report: EventReport

    func emit(_ event: Event) {
        if let line = report.line(event) { Terminal.printError(line) }
    }
}

/// JSON lines on stdout, one an event: for programs.
struct JSONProgress: ProgressDisplay {
    let requests: @Sendable () -> [ProviderName: Int]

    /// A reader that has gone away does not end the run.
    func emit(_ event: Event) {
        try? Terminal.print(EventReport().json(event, requests: requests()))
    }
}

/// Nothing: for commands that only look.
struct NoProgress: EventSink {
    func emit(_ event: Event) {}
}
