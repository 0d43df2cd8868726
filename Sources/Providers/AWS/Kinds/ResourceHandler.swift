import Resources

/// What one kind does with EC2. Errors may be raw; `AWSProvider` puts them into words.
protocol ResourceHandler: Sendable {
    static var kind: ResourceKind { get }
    /// The operation that makes one: `RunInstances`.
    var creation: String { get }
    /// True when that operation can be tried without an effect.
    var hasDryRun: Bool { get }

    func parameters(
        toCreate desired: Resource, key: IdempotencyKey
    ) async throws -> [String: Value]

    func create(_ desired: Resource, key: IdempotencyKey) async throws -> ObservedResource
    func update(_ observed: ObservedResource, to desired: Resource) async throws -> ObservedResource
    func delete(_ observed: ObservedResource) async throws
}

extension ResourceHandler {
    var hasDryRun: Bool { true }

    /// True when the attribute is wanted and differs from what is.
    func differs(
        _ attribute: String, _ observed: ObservedResource, from desired: Resource
    ) -> Bool {
        guard let wanted = desired[attribute], let field = Self.kind[attribute] else {
            return false
        }
        return field.normalised(wanted) != field.normalised(observed[attribute])
    }
}
