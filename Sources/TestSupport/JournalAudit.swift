package import Journal
package import Resources

/// What a state's journal says, read as plain JSON: a second opinion on who wrote what, and when.
package struct JournalAudit: Sendable {
    /// In order of position.
    package let entries: [Entry]

    /// - Parameters:
    ///   - storage: where the state is, unencrypted.
    ///   - key: the snapshot's.
    package init(_ storage: any ObjectStorage, key: String) async throws {
        let prefix = "\(key).journal/"
        var entries: [Entry] = []
        for listed in try await storage.list(prefix, after: nil) {
            guard let object = try await storage.get(listed.key) else { continue }
            entries.append(try Entry(object.bytes, key: listed.key.dropFirst(prefix.count)))
        }
        self.entries = entries
    }

    package struct Entry: Sendable {
        package let position: Int
        package let serial: Int
        /// The number of the process.
        package let writer: Int
        package let generations: [String: Int]
        /// What was new or changed, by address; `nil` for what was removed.
        package let records: [String: Value?]
        package let changesDocument: Bool
        private let summary: [String]

        /// True when it says how an action on an object ended.
        package func settles(_ address: String) -> Bool {
            summary.contains { $0.contains("\(address): ") && !$0.hasSuffix(": begun") }
        }

        fileprivate init(_ bytes: [UInt8], key: Substring) throws {
            let content = bytes.drop { $0 != UInt8(ascii: "\n") }.dropFirst()
            guard let json = Value(json: Array(content)), let position = Int(key) else {
                throw JSONMismatch("has an unreadable entry \(key)")
            }
            self.position = position
            serial = try json.member("serial")
            writer = try (json.member("who") as Value).member("pid")
            generations = try json.member("generations")
            let changes: [Value] = try json.member("changes")
            changesDocument = !changes.isEmpty
            summary = try json.member("summary")
            var records: [String: Value?] = [:]
            for change in changes {
                for address in change["forgotten"]?.list ?? [] {
                    records[try String(json: address)] = .some(nil)
                }
                for record in change["resources"]?.list ?? [] {
                    records[try record.member("address")] = record
                }
            }
            self.records = records
        }
    }

    /// How many generations of the document there are.
    package var generations: Int { entries.count(where: \.changesDocument) }

    /// What is recorded in the end, by address.
    package var records: [String: Value] {
        entries.reduce(into: [:]) { records, entry in
            for (address, record) in entry.records { records[address] = record }
        }
    }

    /// What no runs can leave behind that write one after the other.
    package var flaws: [String] {
        var flaws: [String] = []
        var serial = 0
        var latest: [String: Int] = [:]
        var writers: [String: Int] = [:]
        for (index, entry) in entries.enumerated() {
            let name = "entry \(entry.position)"
            if entry.position != index + 1 { flaws.append("\(name) follows \(index)") }
            serial += entry.changesDocument ? 1 : 0
            if entry.serial != serial { flaws.append("\(name) has serial \(entry.serial)") }
            for (service, generation) in entry.generations {
                if generation < latest[service, default: 1] {
                    flaws.append("\(name) has generation \(generation) of \(service), too late")
                }
                latest[service] = max(generation, latest[service, default: 1])
                let first = writers["\(service) \(generation)"] ?? entry.writer
                writers["\(service) \(generation)"] = first
                if first != entry.writer {
                    flaws.append("\(name) is by \(entry.writer) under the lease of \(first)")
                }
            }
        }
        return flaws
    }
}
