import Resources

/// A store of whole objects by key, whose writes can be made to depend on what is there: S3, R2,
/// a table in SQLite.
///
/// Everything that the state promises rests on four properties, which `StorageProof` tests: a
/// conditional write is one atomic step, its condition is obeyed, what was written is read from
/// then on, and a list shows it.
///
/// Every function throws `StateError` (`.inaccessible`, `.unreachable`, `.unwritable`,
/// `.corrupt`) or `CancellationError`.
package protocol ObjectStorage: Sendable {
    /// Where it is, for people: `s3://bucket`, `state/launch.sqlite`.
    var location: String { get }

    /// - Returns: `nil` when there is no such object.
    func get(_ key: String) async throws -> StoredObject?

    /// Writes an object whole, if `condition` holds at that moment.
    ///
    /// It may be sent more than once when answers are lost, so `.refused` may mean that one's own
    /// first attempt has arrived: who must know compares what is there.
    func put(_ key: String, _ bytes: [UInt8], if condition: WriteCondition) async throws
        -> WriteResult

    /// Every key that begins with `prefix` and is greater than `after`, in the order of bytes.
    func list(_ prefix: String, after: String?) async throws -> [ListedObject]

    /// The first of them, at most `limit`.
    func list(_ prefix: String, after: String?, limit: Int) async throws -> [ListedObject]

    /// Removes an object, whatever it holds; none to remove is fine.
    func delete(_ key: String) async throws

    /// Removes many, in any order; some may be gone when it fails.
    func delete(_ keys: [String]) async throws

    /// How far the store's clock is ahead of this machine's; `nil` while it has not shown it.
    var clockOffset: Duration? { get }
}

extension ObjectStorage {
    package var clockOffset: Duration? { nil }

    package func list(
        _ prefix: String, after: String?, limit: Int
    ) async throws -> [ListedObject] {
        Array(try await list(prefix, after: after).prefix(limit))
    }

    package func delete(_ keys: [String]) async throws {
        _ = try await keys.concurrentMap { try await delete($0) }
    }
}

/// What a key holds.
package struct StoredObject: Hashable, Sendable {
    package let bytes: [UInt8]
    /// Names this version of the object; opaque.
    package let tag: String

    package init(bytes: [UInt8], tag: String) {
        self.bytes = bytes
        self.tag = tag
    }
}

package struct ListedObject: Hashable, Sendable {
    package let key: String
    package let size: Int

    package init(key: String, size: Int) {
        self.key = key
        self.size = size
    }
}

package enum WriteCondition: Hashable, Sendable {
    /// There is no such object.
    case absent
    /// The object is still the version that had this tag.
    case tag(String)
}

package enum WriteResult: Hashable, Sendable {
    /// Written; the new version's tag.
    case written(tag: String)
    /// The condition did not hold, so nothing was written.
    case refused
}
