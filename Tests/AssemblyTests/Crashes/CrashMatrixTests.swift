import Foundation
import Testing

/// Every run of every scenario is killed at every request and every state write: before it, when
/// it has had its effect and not answered, or when it has answered; the plainest creations at
/// each of these. Each time a new run puts things right: one of everything, in the world and in the
/// state alike; nothing of others touched; hardly a call more than in peace; and a third run has
/// nothing to do.
///
/// A failing case prints the line that replays it alone: `CRASH_CASE="create-aws/57"`.
@Suite(.matrix(atLeast: 4500)) struct CrashMatrixTests {
    /// `create-aws/57`, or `create-aws` for all its moments.
    private static let chosen = ProcessInfo.processInfo.environment["CRASH_CASE"]

    @Test(arguments: CrashColumn.all) func whatAKillLeavesIsPutRight(_ column: CrashColumn)
        async throws
    {
        let parts = Self.chosen?.split(separator: "/").map(String.init)
        if let parts, parts.first != column.name { return }
        let trial = CrashTrial(scenario: column.scenario, backend: column.backend)
        let peace = try await trial.run(killAt: nil)
        for problem in peace.problems { Issue.record("\(column.name), in peace: \(problem)") }
        let chosen = parts.flatMap { $0.count > 1 ? Int($0[1]) : nil }
        let moments = chosen.map { [$0] } ?? column.scenario.moments(upTo: peace.moments)
        for moment in moments {
            let outcome = try await trial.run(
                killAt: moment, atMost: peace.calls + column.scenario.spareCalls)
            MatrixSize.count()
            guard !outcome.problems.isEmpty else { continue }
            let problems = outcome.problems.sorted().joined(separator: "; ")
            Issue.record(
                "CRASH_CASE=\"\(column.name)/\(moment)\", killed \(outcome.fate): \(problems)")
        }
    }
}
