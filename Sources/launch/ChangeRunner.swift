import HTTP
import Logging
import Services
import ServiceFiles
import ArgumentParser
import Assembly
import Foundation
import Planning
import Reconciling
import Reporting
import Resources
import Rollout
import Synchronization

/// What `converge` and `destroy` share: plan, consent, progress, interruption, exit code.
struct ChangeRunner {
    let session: Session
    private let display: any ProgressDisplay
    private let global: GlobalOptions
    private let run: RunOptions
    private let format: ProgressFormat

    /// Runs `body`; whatever it throws is told on the display, too.
    ///
    /// - Parameter command: what the run's trace is called.
    static func with(
        _ command: String, _ global: GlobalOptions, _ run: RunOptions, format: ProgressFormat,
        _ body: (ChangeRunner) async throws -> Void
    ) async throws {
        let counter = RequestCounter()
        let display = display(global, format) { counter.read() }
        do {
            let session = try Session(
                global, parallelism: run.parallelism, events: display, tracing: command)
            let meter = session.workspace.meter
            counter.use { meter.byProvider.mapValues(\.total) }
            try await body(
                ChangeRunner(
                    session: session, display: display, global: global, run: run, format: format))
        } catch {
            if !(error is ExitCode) { display.fail(Explanation(error)) }
            throw error
        }
    }

    /// Live on a terminal, unless log lines would come between.
    private static func display(
        _ global: GlobalOptions, _ format: ProgressFormat,
        requests: @escaping @Sendable () -> [ProviderName: Int]
    ) -> any ProgressDisplay {
        if format == .json { return JSONProgress(requests: requests) }
        let isLive =
            Terminal.isErrorInteractive && Terminal.isCapable && !global.verbose
            && global.logFormat == .text
        let style =
            global.logFormat == .text ? Terminal.style(global, for: STDERR_FILENO) : .plain
        let report = EventReport(style: style)
        return isLive
            ? LiveProgress(report: report, requests: requests)
            : PlainProgress(report: report, requests: requests)
    }

    /// Carries a goal out and throws the exit code that its end calls for.
    /// - Parameter waiting: true goes on until the services serve.
    func converge(
        _ goal: Goal, consent: ConsentOptions, purpose: String, saved: SavedPlan?,
        needsConsentElsewhere: Bool, waiting: Bool = false
    ) async throws {
        let begun = Date()
        let stop = StopSignal()
        let (start, end) = (Milestone(), Milestone())
        let task = Task { [self] in
            try await withTimeout(run) {
                let report = try await session.workspace.reconciler.converge(
                    goal, claim: session.claim(purpose, run), stop: stop, once: saved != nil
                ) { plan in
                    let movements = saved?.movements(to: plan, for: goal) ?? []
                    guard movements.isEmpty else { throw CommandFailure(moved: movements) }
                    try approve(
                        plan, goal, consent, needsConsentElsewhere: needsConsentElsewhere)
                    start.reach()
                }
                end.reach()
                guard waiting, !report.wasInterrupted else { return (report, [RolloutResult]()) }
                return (report, try await wait(goal, report, purpose: purpose, begun: begun))
            }
        }
        let interruption = Interruption(
            stop, task, hasBegun: { start.isReached && !end.isReached },
            say: { [display] in display.say($0) })
        let result = await task.result
        interruption.end()
        display.end()
        if case .failure(let error) = result { session.trace?.fail(Explanation(error).message) }
        if let complaint = await session.trace?.send() {
            Terminal.printError("Warning: \(complaint)", level: .warning)
        }
        let (report, results) = try result.get()
        if report.wasInterrupted { throw ExitCode.interrupted }
        if format == .text, !results.isEmpty {
            try Terminal.print(
                "\n" + session.report(results).text(Terminal.style(global, for: STDOUT_FILENO)))
        }
        if !report.failures.isEmpty || results.contains(where: { $0.failure != nil }) {
            throw ExitCode.failure
        }
    }

    /// Waits for those that nothing failed of; what is half made serves nobody.
    private func wait(
        _ goal: Goal, _ report: RunReport, purpose: String, begun: Date
    ) async throws -> [RolloutResult] {
        let all = goal.services ?? Set(session.repository.services.map(\.name))
        let whole = all.subtracting(report.failures.map(\.address.service))
        guard !whole.isEmpty else { return [] }
        return try await session.workspace.follow(
            whole, changed: Set(report.done.map(\.address.service)), begun: begun,
            claim: session.claim(purpose, run))
    }

    private func approve(
        _ plan: Plan, _ goal: Goal, _ consent: ConsentOptions, needsConsentElsewhere: Bool
    ) throws {
        if format == .text {
            let report = PlanReport(plan, requests: session.requests)
            try Terminal.print(global) { report.text($0, width: $1) }
        }
        guard !plan.isEmpty else { return }
        let violations = plan.violations(
            limits: session.repository.project.limits, allowing: consent.allowances,
            kinds: Workspace.kinds, withData: goal.withData,
            specified: Set(session.repository.services.map(\.name)))
        guard violations.isEmpty else { throw ReconcilingError.refused(violations) }
        guard !consent.yes else { return }
        if Terminal.canAsk {
            guard try isWanted(plan) else { throw ReconcilingError.declined }
        } else if needsConsentElsewhere {
            throw CommandFailure(
                "there is nobody to ask", remedy: "Say --yes to take it down without a question.")
        }
    }

    /// Asks. Data does not go for a single key.
    private func isWanted(_ plan: Plan) throws -> Bool {
        let lost = plan.lostData(Workspace.kinds)
        guard let first = lost.first else { return try Terminal.confirms("Do this?") }
        let isOne = lost.allSatisfy { $0.address.service == first.address.service }
        let name = isOne ? first.address.service : plan.project
        let volumes = lost.map { disk in
            "  \(disk.address) \(disk.id)\(disk.gibibytes.map { ", \($0) GiB" } ?? "")\n"
        }
        return try Terminal.answer(
            to: "This data is deleted for good:\n\(volumes.joined())"
                + "Type \(name) to go on: ") == name
    }
}

extension CommandFailure {
    /// A saved plan that does not hold any more.
    fileprivate init(moved movements: [String]) {
        let shown = movements.prefix(20)
        let rest = movements.count - shown.count
        self.init(
            "the saved plan is out of date:\n"
                + (shown + (rest > 0 ? ["and \(rest) more"] : [])).map { "  - \($0)" }
                .joined(separator: "\n"),
            remedy: "Make a new one with `launch plan --out FILE`.")
    }
}

/// Reads a meter that is made after those who read it.
private final class RequestCounter: Sendable {
    private let source = Mutex<@Sendable () -> [ProviderName: Int]>({ [:] })

    func use(_ source: @escaping @Sendable () -> [ProviderName: Int]) {
        self.source.withLock { $0 = source }
    }

    func read() -> [ProviderName: Int] { source.withLock { $0 }() }
}
