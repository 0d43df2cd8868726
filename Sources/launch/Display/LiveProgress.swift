import Foundation
import Planning
import Reconciling
import Reporting
import Resources
import Synchronization

/// A live list of what runs, with its seconds, below the lines of what is over.
///
/// Each redraw is one write, and no line is wider than the terminal: what was drawn can be taken
/// back exactly. The cursor stays where it is, so an end in mid-run leaves the terminal usable.
final class LiveProgress: ProgressDisplay {
    private struct Entry {
        let address: Address
        let start: ContinuousClock.Instant
        var words: String
    }

    private struct State {
        var running: [Entry] = []
        var drawnLines = 0
    }

    private let report: EventReport
    private let state = Mutex(State())
    private nonisolated(unsafe) let ticks = DispatchSource.makeTimerSource(queue: .global())

    init(report: EventReport) {
        self.report = report
        ticks.schedule(deadline: .now() + 1, repeating: 1)
        ticks.setEventHandler { [weak self] in self?.redraw() }
        ticks.resume()
    }

    deinit { ticks.cancel() }

    func emit(_ event: Event) {
        let line = report.line(event)
        switch event {
        case .started(let step, _):
            redraw { $0.append(Entry(address: step.address, start: .now, words: line ?? "")) }
        case .progress(let address, _):
            redraw { running in
                for index in running.indices where running[index].address == address {
                    running[index].words = line ?? ""
                }
            }
        case .done(let step, _, _), .failed(let step, _):
            redraw(adding: line) { $0.removeAll { $0.address == step.address } }
        case .planReady, .stage, .stageFailed, .summary: redraw(adding: line)
        }
    }

    func say(_ line: String) { redraw(adding: line) }

    func end() {
        ticks.cancel()
        redraw { $0 = [] }
    }

    /// Takes back what is drawn, prints `line` for good, and draws what runs after `change`.
    private func redraw(adding line: String? = nil, _ change: (inout [Entry]) -> Void = { _ in }) {
        state.withLock { state in
            change(&state.running)
            let size = Terminal.size(of: STDERR_FILENO) ?? (columns: 80, rows: 24)
            let lines = Self.lines(for: state.running, columns: size.columns, rows: size.rows)
            let erasure = state.drawnLines > 0 ? "\u{1B}[\(state.drawnLines)A\u{1B}[J" : ""
            let text = ((line.map { [$0] } ?? []) + lines).map { $0 + "\n" }.joined()
            if !(erasure + text).isEmpty { Terminal.writeError(erasure + text) }
            state.drawnLines = lines.count
        }
    }

    /// As many as fit below one line of the past; the last one counts the others.
    private static func lines(for entries: [Entry], columns: Int, rows: Int) -> [String] {
        let room = max(1, rows - 2)
        let shown = entries.count <= room ? entries[...] : entries.prefix(room - 1)
        let lines = shown.map { line(for: $0, columns: columns) }
        let hidden = entries.count - shown.count
        return lines + (hidden > 0 ? ["  and \(hidden) more"] : [])
    }

    private static func line(for entry: Entry, columns: Int) -> String {
        let seconds = " \((.now - entry.start).components.seconds)s"
        let room = max(0, columns - seconds.count - 3)
        let words = entry.words.split(whereSeparator: \.isNewline).joined(separator: " ")
        return "  " + (words.count > room ? words.prefix(max(0, room - 1)) + "…" : words) + seconds
    }
}
