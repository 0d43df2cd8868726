package import Journal
package import Simulation

/// What every `ObjectStorage` promises, as a set of rules that a test runs one by one.
package struct ObjectStorageContract: Sendable {
    package enum Rule: String, CaseIterable, Sendable {
        case hasNothingAtFirst, createsOnce, replacesByTag, refusesAnOldTag
        case refusesToReplaceNothing, namesEachVersion, deletes, deletesOnlyThatKey
        case listsInOrder, listsFromAPlaceOn, listsManyKeys
        case keepsAnyKey, keepsAnyBytes, letsOneCreatorWin, losesNoCount
    }

    /// A promise that was not kept.
    package struct Violation: Error, CustomStringConvertible {
        package let description: String
    }

    /// Makes the storage under test; it may hold other objects, but none below `contract/`.
    package typealias MakeStorage =
        @Sendable (_ time: VirtualClock) async throws -> any ObjectStorage

    private let makeStorage: MakeStorage

    package init(_ makeStorage: @escaping MakeStorage) { self.makeStorage = makeStorage }

    /// - Throws: `Violation`, or what the storage throws.
    package func check(_ rule: Rule) async throws {
        try await withVirtualTime { clock in
            try await ObjectStorageBench(storage: try await makeStorage(clock)).check(rule)
        }
    }
}

/// One storage with what its checks need.
struct ObjectStorageBench: Sendable {
    let storage: any ObjectStorage
    let prefix = "contract/"

    var key: String { prefix + "object" }

    func check(_ rule: ObjectStorageContract.Rule) async throws {
        switch rule {
        case .hasNothingAtFirst: try await hasNothingAtFirst()
        case .createsOnce: try await createsOnce()
        case .replacesByTag: try await replacesByTag()
        case .refusesAnOldTag: try await refusesAnOldTag()
        case .refusesToReplaceNothing: try await refusesToReplaceNothing()
        case .namesEachVersion: try await namesEachVersion()
        case .deletes: try await deletes()
        case .deletesOnlyThatKey: try await deletesOnlyThatKey()
        case .listsInOrder: try await listsInOrder()
        case .listsFromAPlaceOn: try await listsFromAPlaceOn()
        case .listsManyKeys: try await listsManyKeys()
        case .keepsAnyKey: try await keepsAnyKey()
        case .keepsAnyBytes: try await keepsAnyBytes()
        case .letsOneCreatorWin: try await letsOneCreatorWin()
        case .losesNoCount: try await losesNoCount()
        }
    }

    func require<Subject: Equatable>(
        _ actual: Subject, is expected: Subject, _ what: String
    ) throws {
        guard actual == expected else {
            throw ObjectStorageContract.Violation(
                description: "\(what) should be \(expected), but is \(actual)")
        }
    }

    /// Creates an object where there is none.
    /// - Returns: its tag.
    @discardableResult
    func create(_ key: String, _ bytes: [UInt8]) async throws -> String {
        try await write(key, bytes, if: .absent)
    }

    /// Writes under a condition that holds.
    @discardableResult
    func write(
        _ key: String, _ bytes: [UInt8], if condition: WriteCondition
    ) async throws -> String {
        guard case .written(let tag) = try await storage.put(key, bytes, if: condition) else {
            throw ObjectStorageContract.Violation(
                description: "writing \(key) if \(condition) should not be refused")
        }
        return tag
    }

    /// Writes under a condition that does not hold.
    func requireRefusal(of condition: WriteCondition, at key: String) async throws {
        let result = try await storage.put(key, Array("intruder".utf8), if: condition)
        try require(result, is: .refused, "writing \(key) if \(condition)")
    }

    func require(_ key: String, holds bytes: [UInt8]?) async throws {
        let found = try await storage.get(key)?.bytes
        guard found != bytes else { return }
        throw ObjectStorageContract.Violation(
            description: "\(key) should hold \(summary(bytes)), but holds \(summary(found))")
    }

    private func summary(_ bytes: [UInt8]?) -> String {
        guard let bytes else { return "nothing" }
        return "\(bytes.count) bytes, \(bytes.prefix(16).map(String.init).joined(separator: " "))"
    }
}
