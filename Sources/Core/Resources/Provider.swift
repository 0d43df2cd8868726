/// A system that holds resources. Every call is safe to repeat.
package protocol Provider: Sendable {
    var name: ProviderName { get }
    /// The kinds it holds.
    var kinds: [ResourceKind] { get }
    /// How many changes may run at once against it.
    var parallelism: Int { get }

    /// Everything in scope that bears the project's mark. Changes nothing; O(pages).
    func observe(_ scope: Scope) async throws -> [ObservedResource]
    /// Looks at whether objects can be made, before the first change of a run. Changes nothing.
    /// - Throws: `ProviderError` for what would fail in mid-run.
    func preflight(creating desired: [Resource]) async throws
    /// The same for objects that are changed in place or go.
    func preflight(
        changing updates: [PlannedUpdate], deleting observed: [ObservedResource]
    ) async throws
    /// Which of these objects the provider itself keeps from being deleted, where lists do not
    /// show it. Changes nothing.
    func guarded(among observed: [ObservedResource]) async throws -> Set<Address>
    /// Makes the object, or adopts the one that an earlier attempt with this key made.
    ///
    /// Every value of `desired` is known. Returns when the object can be depended on.
    func create(_ desired: Resource, key: IdempotencyKey) async throws -> ObservedResource
    /// Brings an existing object to `desired` without replacing it. One that bears the mark of
    /// another address gets the mark of `desired`: its service was renamed.
    func update(_ observed: ObservedResource, to desired: Resource) async throws -> ObservedResource
    /// Removes the object; already gone is fine.
    func delete(_ observed: ObservedResource) async throws
    /// Removes what `delete` would have removed along with an object that is not there: a run
    /// broke off, or somebody else deleted it. Nothing left is fine.
    func finishRemoval(of address: Address) async throws
    /// Takes the object out of use before `create` makes its replacement, which takes over the
    /// data that it carries. Deletes it, unless its kind carries data.
    func vacate(_ observed: ObservedResource) async throws
    /// Removes what was needed only until the machine had booted (its seed), when the
    /// service's runner is online. Does nothing when there is nothing to remove.
    func finishBoot(of observed: ObservedResource) async throws -> ObservedResource
    /// True when `finishBoot` would remove something.
    func awaitsBoot(_ observed: ObservedResource) -> Bool
    /// Gives a machine whose runner never came online another seed, and starts it from that.
    /// For machines that take one (`ResourceKind.takesAnotherSeed`); others are replaced.
    ///
    /// - Parameter key: another one for every seed.
    func reseed(
        _ observed: ObservedResource, with desired: Resource, key: IdempotencyKey
    ) async throws -> ObservedResource
}

extension Provider {
    package var parallelism: Int { 8 }
    package func preflight(creating desired: [Resource]) async throws {}
    package func finishRemoval(of address: Address) async throws {}
    package func preflight(
        changing updates: [PlannedUpdate], deleting observed: [ObservedResource]
    ) async throws {}
    package func guarded(among observed: [ObservedResource]) async throws -> Set<Address> { [] }
    package func vacate(_ observed: ObservedResource) async throws { try await delete(observed) }
    package func finishBoot(of observed: ObservedResource) async throws -> ObservedResource {
        observed
    }
    package func awaitsBoot(_ observed: ObservedResource) -> Bool { false }
    package func reseed(
        _ observed: ObservedResource, with desired: Resource, key: IdempotencyKey
    ) async throws -> ObservedResource {
        throw ProviderError(
            .unsupported, provider: name, address: observed.address,
            action: "give the machine another seed",
            detail: "a \(observed.address.kind) takes its seed only when it is made")
    }
}

/// An object, and what it is to become without being replaced.
package struct PlannedUpdate: Hashable, Sendable {
    package let observed: ObservedResource
    /// Values that wait for other objects are not known yet.
    package let desired: Resource

    package init(_ observed: ObservedResource, to desired: Resource) {
        self.observed = observed
        self.desired = desired
    }
}

/// Makes a repeated creation recognisable: the same for every attempt at one object.
package struct IdempotencyKey: Hashable, Sendable {
    /// At most 64 ASCII characters.
    package let text: String

    package init(_ text: String) { self.text = text }
}

/// Where providers tell what they are waiting for.
package protocol ProgressSink: Sendable {
    func progress(_ address: Address, _ message: String)
}

/// Progress that nobody watches.
package struct SilentProgress: ProgressSink {
    package init() {}
    package func progress(_ address: Address, _ message: String) {}
}
