/// Runs `body` to its end even when the caller's task is cancelled meanwhile: for steps that must
/// not stop half-way. It runs where the caller runs.
package func shielded<Result: Sendable>(
    _ body: @escaping @Sendable () async throws -> Result
) async throws -> Result {
    try await shieldedTask(body).value
}

/// A task that no cancellation of the caller's reaches: for what several callers wait for
/// together. It runs where the caller runs.
package func shieldedTask<Result: Sendable>(
    _ body: @escaping @Sendable () async throws -> Result
) -> Task<Result, any Error> {
    let executor = unsafe withUnsafeCurrentTask { task in
        unsafe task?.unownedTaskExecutor?.asTaskExecutor()
    }
    return Task(executorPreference: executor, operation: body)
}
