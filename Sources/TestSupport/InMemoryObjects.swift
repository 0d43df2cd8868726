package import Journal

/// Objects in memory: an honest store, or one that lies.
///
/// Copies share their objects, so that each process of a test may have hooks of its own.
package struct InMemoryObjects: ObjectStorage {
    /// Told of the key that is written or deleted.
    package typealias Hook = @Sendable (_ key: String) async throws -> Void

    package let location: String
    package var clockOffset: Duration?
    /// Runs before each put and delete takes effect; an error stops it.
    package var beforeWrite: Hook
    /// Runs when one has taken effect; an error keeps the caller from hearing.
    package var afterWrite: Hook
    private let bucket = InMemoryBucket()

    package init(
        location: String = "memory://bucket", lies: Set<InMemoryBucket.Lie> = [],
        beforeWrite: @escaping Hook = { _ in }, afterWrite: @escaping Hook = { _ in }
    ) {
        self.location = location
        self.beforeWrite = beforeWrite
        self.afterWrite = afterWrite
        bucket.change { $0.lies = lies }
    }

    package func get(_ key: String) async throws -> StoredObject? {
        bucket.change { $0.get(key) }
    }

    package func put(
        _ key: String, _ bytes: [UInt8], if condition: WriteCondition
    ) async throws -> WriteResult {
        try await beforeWrite(key)
        var condition: WriteCondition? = condition
        if lies.contains(.checksTooEarly), bucket.change({ $0.allows(condition, at: key) }) {
            await Task.yield()
            condition = nil
        }
        let result = bucket.change { $0.put(key, bytes, if: condition) }
        if result != .refused { try await afterWrite(key) }
        return result
    }

    package func list(_ prefix: String, after: String?) async throws -> [ListedObject] {
        bucket.change { $0.list(prefix, after: after) }
    }

    package func delete(_ key: String) async throws {
        try await beforeWrite(key)
        bucket.change { $0.delete(key) }
        try await afterWrite(key)
    }
}

/// What a test does behind the store's back, and sees.
extension InMemoryObjects {
    package typealias Lie = InMemoryBucket.Lie
    package typealias Traffic = InMemoryBucket.Traffic

    /// The lies it tells from now on.
    package var lies: Set<Lie> {
        get { bucket.change { $0.lies } }
        nonmutating set { bucket.change { $0.lies = newValue } }
    }

    /// What was asked of it since the last `resetTraffic()`.
    package var traffic: Traffic { bucket.change { $0.traffic } }

    package func resetTraffic() { bucket.change { $0.traffic = Traffic() } }

    /// All objects: to keep a copy of, to put one back, to edit.
    package var contents: [String: [UInt8]] {
        get { bucket.change { $0.contents } }
        nonmutating set { bucket.change { $0.contents = newValue } }
    }

    package subscript(_ key: String) -> [UInt8]? {
        get { contents[key] }
        nonmutating set { bucket.change { $0.contents[key] = newValue } }
    }
}
