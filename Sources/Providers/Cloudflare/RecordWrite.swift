import HTTP
import Resources

/// One change that is wanted of a zone's records.
enum RecordWrite: Sendable {
    case place(RecordPlacement)
    case remove(id: String)
}

/// A record that is to be there, whatever of ours has its name now.
struct RecordPlacement: Sendable {
    let name: String
    /// Every field that Launch owns, in canonical form.
    let fields: [String: Value]
    /// A record known to be ours, also when its mark is gone.
    let id: String?

    /// - Parameter present: the records of the zone, or those of the name.
    /// - Throws: `RecordConflict` when somebody else's record has the name.
    func step(among present: [DNSRecord]) throws -> RecordStep {
        let rivals = present.filter { $0.occupiesName && $0.name == name }
        let mark = fields["comment"]?.string ?? ""
        let isOurs = { (record: DNSRecord) in record.id == id || record.comment == mark }
        if let foreign = rivals.first(where: { !isOurs($0) }) {
            throw RecordConflict(with: foreign)
        }
        let replaced = rivals.filter { !$0.standsBeside(fields["type"]) }
        var batch = RecordBatch()
        guard let kept = replaced.first(where: { .string($0.type) == fields["type"] }) else {
            batch.deletes = replaced.map(\.id)
            batch.posts = [fields.merging(["name": .string(name)]) { own, _ in own }]
            return .write(batch)
        }
        batch.deletes = replaced.map(\.id).filter { $0 != kept.id }
        if kept.attributes != fields {
            batch.patches = [fields.merging(["id": .string(kept.id)]) { own, _ in own }]
        }
        if batch.count == 0 { return .done(kept) }
        return .write(batch, keeping: batch.patches.isEmpty ? kept : nil)
    }

    /// True for the record that was placed.
    func isMet(by record: DNSRecord) -> Bool {
        record.name == name && .string(record.type) == fields["type"]
    }
}

/// What has to be done for one `RecordWrite`.
enum RecordStep: Sendable {
    /// Nothing: the record is there.
    case done(DNSRecord)
    /// Changes, and the record that stays when they do not answer with it.
    case write(RecordBatch, keeping: DNSRecord? = nil)
}

/// Another record has the name.
struct RecordConflict: Error {
    let record: DNSRecord

    init(with record: DNSRecord) { self.record = record }
}

/// Changes that Cloudflare makes all or none, in this order:
/// <https://developers.cloudflare.com/dns/manage-dns-records/how-to/batch-record-changes/>.
struct RecordBatch: Sendable {
    /// How many changes one batch may hold on every plan.
    static let limit = 200

    /// Ids.
    var deletes: [String] = []
    /// Fields, among them `id`.
    var patches: [[String: Value]] = []
    var posts: [[String: Value]] = []

    var count: Int { deletes.count + patches.count + posts.count }

    var body: Value {
        var body: [String: Value] = [:]
        if !deletes.isEmpty { body["deletes"] = .list(deletes.map { ["id": .string($0)] }) }
        if !patches.isEmpty { body["patches"] = .list(patches.map(Value.object)) }
        if !posts.isEmpty { body["posts"] = .list(posts.map(Value.object)) }
        return .object(body)
    }

    /// As few batches as hold them, none of which is torn apart.
    static func joined(_ batches: [RecordBatch]) -> [RecordBatch] {
        batches.reduce(into: []) { joined, batch in
            guard let last = joined.last, last.count + batch.count <= limit else {
                return joined.append(batch)
            }
            joined[joined.count - 1] = RecordBatch(
                deletes: last.deletes + batch.deletes, patches: last.patches + batch.patches,
                posts: last.posts + batch.posts)
        }
    }
}
