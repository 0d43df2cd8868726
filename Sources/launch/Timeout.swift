/// Runs `body`, and cancels it when the run's `--timeout` is over.
func withTimeout<Result: Sendable>(
    _ run: RunOptions, _ body: @escaping @Sendable () async throws -> Result
) async throws -> Result {
    guard let limit = run.timeout?.duration else { return try await body() }
    return try await withThrowingTaskGroup(of: Result?.self) { group in
        group.addTask { try await body() }
        group.addTask {
            try await Task.sleep(for: limit)
            return nil
        }
        defer { group.cancelAll() }
        guard let first = try await group.next(), let result = first else {
            throw CommandFailure(
                "the run took longer than --timeout \(limit.components.seconds)s",
                remedy: "Run it again; Launch goes on where it stopped.")
        }
        return result
    }
}
