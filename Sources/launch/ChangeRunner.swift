import HTTP
import Services
import ServiceFiles
import ArgumentParser
import Assembly
import Foundation
import Planning
import Reconciling
import Reporting
import Resources
import Synchronization

/// What `converge` and `destroy` share: plan, consent, progress, interruption, exit code.
struct ChangeRunner {
    let session: Session
    private let display: any ProgressDisplay
    private let global: GlobalOptions
    private let run: RunOptions
    private let format: ProgressFormat

    init(_ global: GlobalOptions, _ run: RunOptions, format: ProgressFormat) throws {
        self.global = global
        self.run = run
        self.format = format
        let counter = RequestCounter()
        display = Self.display(global, format) { counter.read() }
        session = try Session(global, parallelism: run.parallelism, events: display)
        let meter = session.workspace.meter
        counter.use { meter.byProvider.mapValues(\.total) }
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
        return isLive ? LiveProgress(report: report) : PlainProgress(report: report)
    }

    /// Carries a goal out and throws the exit code that its end calls for.
    func converge(
        _ goal: Goal, consent: ConsentOptions, purpose: String, saved: SavedPlan?,
        needsConsentElsewhere: Bool
    ) async throws {
        let stop = StopSignal()
        let start = Milestone()
        let task = Task { [self] in
            try await withTimeout(run) {
                try await session.workspace.reconciler.converge(
                    goal, claim: session.claim(purpose, run), stop: stop
                ) { plan in
                    try saved?.check(plan)
                    try approve(
                        plan, goal, consent, needsConsentElsewhere: needsConsentElsewhere)
                    start.reach()
                }
            }
        }
        let interruption = Interruption(
            stop, task, hasBegun: { start.isReached }, say: { [display] in display.say($0) })
        defer {
            interruption.end()
            display.end()
        }
        let report = try await task.value
        if report.wasInterrupted { throw ExitCode.interrupted }
        if !report.failures.isEmpty { throw ExitCode.failure }
    }

    private func approve(
        _ plan: Plan, _ goal: Goal, _ consent: ConsentOptions, needsConsentElsewhere: Bool
    ) throws {
        if format == .text {
            try Terminal.print(
                PlanReport(plan, requests: session.requests)
                    .text(Terminal.style(global, for: STDOUT_FILENO)))
        }
        guard !plan.isEmpty else { return }
        let violations = plan.violations(
            limits: session.repository.project.limits, allowing: consent.allowances,
            kinds: Workspace.kinds, withData: goal.withData)
        guard violations.isEmpty else { throw ReconcilingError.refused(violations) }
        guard !consent.yes else { return }
        if Terminal.isInputInteractive, Terminal.isErrorInteractive {
            guard try Terminal.confirms("Do this?") else { throw ReconcilingError.declined }
        } else if needsConsentElsewhere {
            throw CommandFailure(
                "there is nobody to ask", remedy: "Say --yes to take it down without a question.")
        }
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
