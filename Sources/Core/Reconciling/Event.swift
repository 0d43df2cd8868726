package import Planning
package import Resources

/// What a run tells while it goes on; one line of `converge --format json` each.
package enum Event: Sendable {
    case planReady(Plan)
    case started(Step, Change.Action)
    case progress(Address, String)
    case done(Step, Change.Action, Duration)
    case failed(Step, RunFailure)
    /// A service reached a stage on its way to serving.
    case stage(service: String, stage: String)
    /// A service stopped short of a stage.
    case stageFailed(service: String, StageFailure)
    case summary(RunReport)
}

/// Where events go: a live display, plain lines, JSON lines.
package protocol EventSink: Sendable {
    func emit(_ event: Event)
}

/// Passes what providers wait for on to an event sink.
package struct ProgressEvents: ProgressSink {
    private let sink: any EventSink

    package init(_ sink: any EventSink) { self.sink = sink }

    package func progress(_ address: Address, _ message: String) {
        sink.emit(.progress(address, message))
    }
}
