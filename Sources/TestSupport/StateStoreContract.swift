package import Resources
package import Simulation

/// What every `StateStore` promises, as a set of rules that a test runs one by one.
package struct StateStoreContract: Sendable {
    package enum Rule: String, CaseIterable, Sendable {
        case startsEmpty, keepsWhatIsWritten, settlesIntents, countsGenerations, forgets
        case describesWithoutTouchingResources, countsWrites, refusesSecrets
        case excludesOnOneService, runsTwoServicesSideBySide, takesAllLeasesOrNone
        case waitsWithPatience, renewsLeases, takesOverAfterExpiry, takesOverFromTheDead
        case refusesWritesOfALostLease, refusesWritesWithoutALease, releasesAfterAnError
        case releasesWhenCancelled
    }

    /// A promise that was not kept.
    package struct Violation: Error, CustomStringConvertible {
        package let description: String
    }

    /// Makes the store under test.
    package typealias MakeStore =
        @Sendable (_ time: VirtualClock, _ terms: LeaseTerms) throws -> any StateStore

    /// The project that the store must be made for.
    package static let project = "acme"
    static let lifetime = Duration.seconds(60)
    static let deadProcess = 666

    private let makeStore: MakeStore

    package init(_ makeStore: @escaping MakeStore) { self.makeStore = makeStore }

    /// - Throws: `Violation`
    package func check(_ rule: Rule) async throws {
        try await withVirtualTime { clock in
            let terms = LeaseTerms(lifetime: Self.lifetime) { $0 != Self.deadProcess }
            let bench = StateStoreBench(store: try makeStore(clock, terms), clock: clock)
            try await bench.check(rule)
        }
    }
}

/// One store with what its checks need.
struct StateStoreBench: Sendable {
    let store: any StateStore
    let clock: VirtualClock

    func check(_ rule: StateStoreContract.Rule) async throws {
        switch rule {
        case .startsEmpty: try await startsEmpty()
        case .keepsWhatIsWritten: try await keepsWhatIsWritten()
        case .settlesIntents: try await settlesIntents()
        case .countsGenerations: try await countsGenerations()
        case .forgets: try await forgets()
        case .describesWithoutTouchingResources: try await describesWithoutTouchingResources()
        case .countsWrites: try await countsWrites()
        case .refusesSecrets: try await refusesSecrets()
        case .excludesOnOneService: try await excludesOnOneService()
        case .runsTwoServicesSideBySide: try await runsTwoServicesSideBySide()
        case .takesAllLeasesOrNone: try await takesAllLeasesOrNone()
        case .waitsWithPatience: try await waitsWithPatience()
        case .renewsLeases: try await renewsLeases()
        case .takesOverAfterExpiry: try await takesOverAfterExpiry()
        case .takesOverFromTheDead: try await takesOverFromTheDead()
        case .refusesWritesOfALostLease: try await refusesWritesOfALostLease()
        case .refusesWritesWithoutALease: try await refusesWritesWithoutALease()
        case .releasesAfterAnError: try await releasesAfterAnError()
        case .releasesWhenCancelled: try await releasesWhenCancelled()
        }
    }

    func require<Subject: Equatable>(
        _ actual: Subject, is expected: Subject, _ what: String
    ) throws {
        guard actual == expected else {
            throw StateStoreContract.Violation(
                description: "\(what) should be \(expected), but is \(actual)")
        }
    }

    /// Requires that `body` fails with `expected`.
    func require(
        _ expected: StateError, _ what: String, from body: () async throws -> Void
    ) async throws {
        do {
            try await body()
        } catch let error as StateError {
            return try require(error, is: expected, what)
        }
        throw StateStoreContract.Violation(description: "\(what) should fail with \(expected)")
    }

    /// A claim by process `pid` on the one host, ready to wait for `patience`.
    func claim(_ pid: Int = 1, host: String = "laptop", patience: Duration = .zero) -> LeaseClaim {
        LeaseClaim(
            holder: LeaseHolder(user: "ada", host: host, pid: pid, runURL: nil),
            purpose: "converge", patience: patience)
    }

    func instance(_ service: String = "web") -> Address {
        Address(service: service, kind: KindName(.aws, "instance"))
    }

    func recorded(_ address: Address, size: Value = "t3.medium") -> RecordedResource {
        RecordedResource(
            address: address, id: "i-1",
            attributes: ["size": size, "tags": ["a", 1, true, .null, .number(1.5), ["b": "ä"]]],
            fingerprints: ["seed": "ab12"], dependencies: [instance("other")],
            createdAt: clock.now(), updatedAt: clock.now())
    }

    func intent(_ address: Address, id: String = "1", _ action: Intent.Action = .create) -> Intent {
        Intent(
            id: id, address: address, action: action, key: "k-\(id)", objectID: nil,
            startedAt: clock.now(), run: "run-1")
    }
}
