/// What stands between a step and the calls that change the world for it.
package enum LeaseFence {
    /// Throws `StateError.leaseLost` when the step under way may change nothing any more.
    @TaskLocal package static var current: (@Sendable () throws -> Void)?

    /// Asks the fence of this task, where there is one.
    package static func check() throws { try current?() }
}

extension StateWriter {
    /// Runs `body` behind the fence of `service`: calls that it makes prove the lease first.
    package func fencing<Result>(
        _ service: String, _ body: () async throws -> Result
    ) async throws -> Result {
        let fence: @Sendable () throws -> Void = { try proveLease(of: service) }
        return try await LeaseFence.$current.withValue(fence, operation: body)
    }
}
