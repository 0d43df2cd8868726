import Foundation
import Planning
import Reconciling
import Reporting
import Resources
import Synchronization

/// A live list of what runs, with its seconds, below the lines of what is over.
///
/// Each redraw is one write, and no line of the list is wider than the terminal: what was drawn can
/// be taken back exactly, also after the terminal has become narrower and has broken it. The cursor
/// stays where it is, so an end in mid-run leaves the terminal usable.
final class LiveProgress: ProgressDisplay {
    private struct Entry {
        let address: Address
        let start: ContinuousClock.Instant
        var words: String
    }

    private struct State {
        var running: [Entry] = []
        /// Columns of each line that is drawn.
        var drawn: [Int] = []
    }

    private let report: EventReport
    private let requests: @Sendable () -> [ProviderName: Int]
    private let state = Mutex(State())
    private nonisolated(unsafe) let ticks = DispatchSource.makeTimerSource(queue: .global())
    private nonisolated(unsafe) let resizes = DispatchSource.makeSignalSource(
        signal: SIGWINCH, queue: .global())

    /// - Parameter requests: tells how many were made so far, by provider.
    init(report: EventReport, requests: @escaping @Sendable () -> [ProviderName: Int]) {
        self.report = report
        self.requests = requests
        ticks.schedule(deadline: .now() + 1, repeating: 1)
        ticks.setEventHandler { [weak self] in self?.redraw() }
        ticks.resume()
        resizes.setEventHandler { [weak self] in self?.redraw() }
        resizes.resume()
    }

    deinit { rest() }

    func emit(_ event: Event) {
        let line = report.line(event, requests: requests())
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
        rest()
        redraw { $0 = [] }
    }

    private func rest() {
        ticks.cancel()
        resizes.cancel()
    }

    /// Takes back what is drawn, prints `line` for good, and draws what runs after `change`.
    private func redraw(adding line: String? = nil, _ change: (inout [Entry]) -> Void = { _ in }) {
        state.withLock { state in
            change(&state.running)
            let size = Terminal.size(of: STDERR_FILENO) ?? (columns: 80, rows: 24)
            let lines = Self.lines(for: state.running, columns: size.columns, rows: size.rows)
            let past = line.map { [$0.wrapped(to: size.columns)] } ?? []
            let text = (past + lines).map { $0 + "\n" }.joined()
            let change = Self.erasure(of: state.drawn, columns: size.columns) + text
            if !change.isEmpty { Terminal.writeError(change) }
            state.drawn = lines.map(\.count)
        }
    }

    /// Terminals break the lines that are there when they become narrower. What was typed
    /// meanwhile, like ^C, stands where the cursor is, and goes as well.
    private static func erasure(of drawn: [Int], columns: Int) -> String {
        let rows = drawn.reduce(0) { $0 + max(1, ($1 + columns - 1) / columns) }
        return rows > 0 ? "\r\u{1B}[\(rows)A\u{1B}[J" : ""
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
