import Foundation
import Synchronization
import Testing

/// Counts the cases, tells their number at the end, and holds it to a minimum.
struct MatrixSize: SuiteTrait, TestScoping {
    private static let cases = Mutex(0)

    let least: Int

    static func count() { cases.withLock { $0 += 1 } }

    func provideScope(
        for test: Test, testCase: Test.Case?,
        performing function: @Sendable @concurrent () async throws -> Void
    ) async throws {
        let begin = ContinuousClock.now
        try await function()
        let count = Self.cases.withLock { $0 }
        print(
            "Crash matrix: \(count) cases in \((ContinuousClock.now - begin).components.seconds) s")
        if ProcessInfo.processInfo.environment["CRASH_CASE"] == nil {
            #expect(count >= least, "the crash matrix has shrunk")
        }
    }
}

extension Trait where Self == MatrixSize {
    static func matrix(atLeast least: Int) -> MatrixSize { MatrixSize(least: least) }
}
