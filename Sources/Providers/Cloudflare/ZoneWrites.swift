import HTTP
import Resources

import Synchronization

/// Changes the records of zones: what is wanted of one zone at the same time goes in one request.
final class ZoneWrites: Sendable {
    /// How many names are asked for one by one rather than by a list of the whole zone.
    private static let fewNames = 3

    private let api: CloudflareAPI
    private let groups = Mutex<[Zone: GroupCommit<RecordWrite, DNSRecord?>]>([:])

    init(_ api: CloudflareAPI) { self.api = api }

    /// - Returns: the record as it is now; `nil` for one that is gone, or that no answer shows.
    /// - Throws: `RecordConflict`, or what the API throws.
    func submit(_ write: RecordWrite, in zone: Zone) async throws -> DNSRecord? {
        let group = groups.withLock { groups in
            let group = groups[zone] ?? GroupCommit(limit: RecordBatch.limit)
            groups[zone] = group
            return group
        }
        return try await group.submit(write) { writes in
            try await self.carryOut(writes, in: zone)
        }
    }

    /// Where a batch is refused for the sake of one of its changes, each goes by itself: so the
    /// others pass, and the refusal is told to whom it concerns.
    private func carryOut(
        _ writes: [RecordWrite], in zone: Zone
    ) async throws -> [Result<DNSRecord?, any Error>] {
        if writes.count > 1 {
            do {
                return try await api.settling(orWhen: { _ in false }) {
                    try await self.together(writes, in: zone)
                }
            } catch let failure as CloudflareFailure where failure.concernsOneChange {}
        }
        return try await writes.concurrentMap(atOnce: 8) { write in
            do {
                return .success(try await self.alone(write, in: zone))
            } catch let error as CancellationError {
                throw error
            } catch {
                return .failure(error)
            }
        }
    }

    private func alone(_ write: RecordWrite, in zone: Zone) async throws -> DNSRecord? {
        switch write {
        case .place:
            return try await api.settling(orWhen: { $0.isRecordConflict || $0.isNotFound }) {
                try await self.together([write], in: zone)[0].get()
            }
        case .remove:
            do {
                return try await together([write], in: zone)[0].get()
            } catch let failure as CloudflareFailure where failure.isNotFound {
                return nil
            }
        }
    }

    /// Looks, and then writes what differs.
    private func together(
        _ writes: [RecordWrite], in zone: Zone
    ) async throws -> [Result<DNSRecord?, any Error>] {
        let present = try await present(for: writes, in: zone)
        let steps = writes.map { write in Result { try Self.step(write, among: present) } }
        var written: [DNSRecord] = []
        for batch in RecordBatch.joined(steps.compactMap(\.changes)) {
            written += try await send(batch, to: zone)
        }
        return zip(writes, steps).map { write, step in
            step.map { step in
                switch (write, step) {
                case (.remove, _): nil
                case (.place, .done(let record)): record
                case (.place(let placement), .write(_, let kept)):
                    written.first(where: placement.isMet) ?? kept
                }
            }
        }
    }

    private static func step(
        _ write: RecordWrite, among present: [DNSRecord]
    ) throws -> RecordStep {
        switch write {
        case .place(let placement): try placement.step(among: present)
        case .remove(let id): .write(RecordBatch(deletes: [id]))
        }
    }

    /// The records that may stand in the way, without those that go in the same breath.
    private func present(
        for writes: [RecordWrite], in zone: Zone
    ) async throws -> [DNSRecord] {
        var names: Set<String> = []
        var doomed: Set<String> = []
        for write in writes {
            switch write {
            case .place(let placement): names.insert(placement.name)
            case .remove(let id): doomed.insert(id)
            }
        }
        let found =
            names.count > Self.fewNames
            ? try await api.list(zone.records, [("order", "name")], perPage: 5000)
            : Array(
                try await names.sorted().concurrentMap { name in
                    try await self.api.list(
                        zone.records, [("name", name), ("order", "type")], perPage: 100)
                }.joined())
        return found.compactMap(DNSRecord.init).filter { !doomed.contains($0.id) }
    }

    /// One request, and what it answers of records.
    private func send(_ batch: RecordBatch, to zone: Zone) async throws -> [DNSRecord] {
        if batch.count > 1 {
            let answer = try await api.post("\(zone.records)/batch", batch.body)
            return ["patches", "posts"].flatMap { answer[$0]?.list ?? [] }
                .compactMap(DNSRecord.init)
        }
        if let post = batch.posts.first {
            return [DNSRecord(try await api.post(zone.records, .object(post)))].compactMap(\.self)
        }
        if let patch = batch.patches.first, let id = patch["id"]?.string {
            let fields = patch.filter { $0.key != "id" }
            let answer = try await api.result(.patch, "\(zone.records)/\(id)", .object(fields))
            return [DNSRecord(answer)].compactMap(\.self)
        }
        if let id = batch.deletes.first {
            _ = try await api.result(.delete, "\(zone.records)/\(id)")
        }
        return []
    }
}

extension Result<RecordStep, any Error> {
    fileprivate var changes: RecordBatch? {
        if case .success(.write(let batch, _)) = self { batch } else { nil }
    }
}

extension CloudflareFailure {
    /// True for a refusal that the other changes of a batch may not deserve.
    fileprivate var concernsOneChange: Bool {
        !isTransient && !isThrottling && ![401, 403].contains(status)
    }
}
