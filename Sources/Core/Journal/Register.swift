/// One value that is only ever replaced by who has seen the last one: where leases are kept.
///
/// Throws as `ObjectStorage` does.
package protocol Register: Sendable {
    /// Where it is, for people.
    var location: String { get }
    func get() async throws -> StoredObject?
    /// See `ObjectStorage.put`.
    func put(_ bytes: [UInt8], if condition: WriteCondition) async throws -> WriteResult
}

/// An object as a register.
package struct ObjectRegister: Register {
    private let storage: any ObjectStorage
    private let key: String

    package init(_ storage: any ObjectStorage, key: String) {
        self.storage = storage
        self.key = key
    }

    package var location: String { "\(storage.location)/\(key)" }

    package func get() async throws -> StoredObject? { try await storage.get(key) }

    package func put(
        _ bytes: [UInt8], if condition: WriteCondition
    ) async throws -> WriteResult {
        try await storage.put(key, bytes, if: condition)
    }
}
