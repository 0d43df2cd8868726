import Planning
import Reconciling
import Reporting
import Resources
import Synchronization

/// Plain lines on stderr, one an event: for logs.
struct PlainProgress: EventSink {
    let report: EventReport

    func emit(_ event: Event) {
        if let line = report.line(event) { Terminal.printError(line) }
    }
}

/// JSON lines on stdout, one an event: for programs.
struct JSONProgress: EventSink {
    let requests: @Sendable () -> [ProviderName: Int]

    func emit(_ event: Event) {
        Terminal.print(EventReport().json(event, requests: requests()))
    }
}

/// Nothing: for commands that only look.
struct NoProgress: EventSink {
    func emit(_ event: Event) {}
}

/// A live list of what runs, below the lines of what is over.
final class LiveProgress: EventSink {
    private struct State {
        var running: [(address: Address, words: String)] = []
        var drawnLines = 0
    }

    private let report: EventReport
    private let state = Mutex(State())

    init(report: EventReport) { self.report = report }

    func emit(_ event: Event) {
        state.withLock { state in
            erase(&state)
            switch event {
            case .started(let step, _):
                state.running.append((step.address, report.line(event) ?? ""))
            case .progress(let address, _):
                if let index = state.running.firstIndex(where: { $0.address == address }) {
                    state.running[index].words = report.line(event) ?? ""
                }
            case .done(let step, _, _), .failed(let step, _):
                if let index = state.running.firstIndex(where: { $0.address == step.address }) {
                    state.running.remove(at: index)
                }
                if let line = report.line(event) { Terminal.printError(line) }
            case .planReady, .stage, .summary:
                if let line = report.line(event) { Terminal.printError(line) }
            }
            draw(&state)
        }
    }

    private func erase(_ state: inout State) {
        guard state.drawnLines > 0 else { return }
        Terminal.writeError("\u{1B}[\(state.drawnLines)A\u{1B}[J")
        state.drawnLines = 0
    }

    private func draw(_ state: inout State) {
        let width = Terminal.width
        for entry in state.running {
            Terminal.printError("  \(String(entry.words.prefix(max(10, width - 3))))")
        }
        state.drawnLines = state.running.count
    }
}
