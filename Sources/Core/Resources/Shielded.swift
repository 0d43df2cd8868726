/// Runs `body` to its end even when the caller's task is cancelled meanwhile: for steps that must
/// not stop half-way. It runs where the caller runs.
package func shielded<Result: Sendable>(
    _ body: @escaping @Sendable () async throws -> Result
) async throws -> Result {
    let executor = unsafe withUnsafeCurrentTask { task in
        unsafe task?.unownedTaskExecutor?.asTaskExecutor()
    }
    return try await Task(executorPreference: executor, operation: body).value
}
