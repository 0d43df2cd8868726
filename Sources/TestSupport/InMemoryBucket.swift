import Journal

import Synchronization

/// What `InMemoryObjects` share.
package final class InMemoryBucket: Sendable {
    /// A promise of `ObjectStorage` that is not kept.
    package enum Lie: String, CaseIterable, Sendable {
        /// Creates what is there already.
        case ignoresAbsence
        /// Replaces whatever version is there.
        case ignoresTags
        /// Makes what it should replace, though there is nothing.
        case createsByReplacing
        /// Names every version alike.
        case reusesTags
        /// Checks the condition in one step and writes in another.
        case checksTooEarly
        /// Shows each object as it was before its last write.
        case readsStale
        /// Lists all but the newest key.
        case listsLate
        /// Lists no more than a first page of 1000 keys.
        case listsOnePage
        /// Acknowledges writes, and keeps nothing.
        case forgetsWrites
        /// Acknowledges deletions, and keeps everything.
        case keepsDeleted
    }

    /// Requests by their kind, refused ones included, and bytes of objects.
    package struct Traffic: Hashable, Sendable {
        package var gets = 0
        package var puts = 0
        package var lists = 0
        package var deletes = 0
        package var bytesRead = 0
        package var bytesWritten = 0

        package init() {}

        package var requests: Int { gets + puts + lists + deletes }
    }

    struct Objects {
        var lies: Set<Lie> = []
        var traffic = Traffic()
        var contents: [String: [UInt8]] = [:]
        /// Each object before its last write.
        private var earlier: [String: [UInt8]] = [:]
        private var newestKey: String?
    }

    private let objects = Mutex(Objects())

    /// One atomic step.
    func change<Result: Sendable>(_ body: (inout Objects) -> Result) -> Result {
        objects.withLock { body(&$0) }
    }
}

extension InMemoryBucket.Objects {
    mutating func get(_ key: String) -> StoredObject? {
        traffic.gets += 1
        let bytes = lies.contains(.readsStale) ? earlier[key] : contents[key]
        traffic.bytesRead += bytes?.count ?? 0
        return bytes.map { StoredObject(bytes: $0, tag: tag(of: $0)) }
    }

    /// - Parameter condition: `nil` when it was checked before.
    mutating func put(
        _ key: String, _ bytes: [UInt8], if condition: WriteCondition?
    ) -> WriteResult {
        traffic.puts += 1
        traffic.bytesWritten += bytes.count
        guard allows(condition, at: key) else { return .refused }
        if !lies.contains(.forgetsWrites) {
            if contents[key] == nil { newestKey = key }
            earlier[key] = contents[key]
            contents[key] = bytes
        }
        return .written(tag: tag(of: bytes))
    }

    mutating func list(_ prefix: String, after: String?) -> [ListedObject] {
        traffic.lists += 1
        let hidden = lies.contains(.listsLate) ? newestKey : nil
        let listed =
            contents
            .filter { key, _ in
                key.utf8.starts(with: prefix.utf8) && key != hidden
                    && after.map { $0.utf8.lexicographicallyPrecedes(key.utf8) } ?? true
            }
            .map { ListedObject(key: $0.key, size: $0.value.count) }
            .sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
        return lies.contains(.listsOnePage) ? Array(listed.prefix(1000)) : listed
    }

    mutating func delete(_ key: String) {
        traffic.deletes += 1
        guard !lies.contains(.keepsDeleted) else { return }
        earlier[key] = contents[key]
        contents[key] = nil
    }

    func allows(_ condition: WriteCondition?, at key: String) -> Bool {
        switch condition {
        case nil: true
        case .absent: contents[key] == nil || lies.contains(.ignoresAbsence)
        case .tag(let expected):
            if let bytes = contents[key] {
                tag(of: bytes) == expected || lies.contains(.ignoresTags)
            } else {
                lies.contains(.createsByReplacing)
            }
        }
    }

    /// Equal for equal bytes, as S3's are: nobody may count on more.
    private func tag(of bytes: [UInt8]) -> String {
        guard !lies.contains(.reusesTags) else { return "\"0\"" }
        var hasher = Hasher()
        bytes.withUnsafeBytes { hasher.combine(bytes: $0) }
        return "\"\(String(UInt(bitPattern: hasher.finalize()), radix: 16))\""
    }
}
