import Foundation
import Resources

/// The leases of one project as they stand in a register: `schemas/lease.schema.json`.
///
/// What the leases of one run have in common is written once.
struct LeaseDocument: Hashable {
    /// The format that this program writes.
    static let currentFormat = 1

    let project: String
    /// Tells two writes of the same content apart: whoever finds it knows whose write arrived.
    var writeID = ""
    var book = LeaseBook()

    init(project: String) { self.project = project }

    /// - Throws: `StateError` when it cannot be used, by the first of: no JSON of this kind, a
    ///   newer format, another project.
    init(_ bytes: [UInt8], project: String, location: String) throws {
        let decoder = StateCoding.decoder()
        let data = Data(bytes)
        do {
            let head = try decoder.decode(Head.self, from: data)
            guard head.formatVersion <= Self.currentFormat else {
                throw StateError.newerFormat(
                    location: location, found: head.formatVersion, supported: Self.currentFormat)
            }
            guard head.project == project else {
                throw StateError.otherProject(
                    location: location, found: head.project, expected: project)
            }
            self = try decoder.decode(Self.self, from: data)
        } catch let error as DecodingError {
            throw StateError.corrupt(location: location, detail: error.words)
        }
    }

    /// - Throws: `EncodingError` only for what no program holds, such as a time without a year.
    func bytes() throws -> [UInt8] { Array(try StateCoding.encoder().encode(self)) }
}

extension LeaseDocument: Codable {
    private struct Head: Decodable {
        let formatVersion: Int
        let project: String

        private enum CodingKeys: String, CodingKey {
            case formatVersion = "format_version"
            case project
        }
    }

    /// What a run says of itself, and until when it is alive.
    private struct Run: Codable {
        let holder: LeaseHolder
        let purpose: String
        let since: Date
        let expires: Date
    }

    private struct Slot: Codable {
        let generation: Int
        /// The id of the run that holds it.
        let run: String?
        let broken: Bool?
    }

    private enum CodingKeys: String, CodingKey {
        case formatVersion = "format_version"
        case project
        case writeID = "write_id"
        case runs, slots
    }

    init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        project = try container.decode(String.self, forKey: .project)
        writeID = try container.decode(String.self, forKey: .writeID)
        let runs = try container.decode([String: Run].self, forKey: .runs)
        for (service, slot) in try container.decode([String: Slot].self, forKey: .slots) {
            let lease = try slot.run.map { id in
                guard let run = runs[id] else {
                    throw DecodingError.dataCorruptedError(
                        forKey: .slots, in: container,
                        debugDescription: "\(service) is held by a run that is not there")
                }
                return Lease(
                    id: id, service: service, holder: run.holder, purpose: run.purpose,
                    since: run.since, expires: run.expires, generation: slot.generation)
            }
            book.slots[service] = LeaseSlot(
                generation: slot.generation, lease: lease, isBroken: slot.broken ?? false)
        }
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(Self.currentFormat, forKey: .formatVersion)
        try container.encode(project, forKey: .project)
        try container.encode(writeID, forKey: .writeID)
        let runs = book.leases.map { lease in
            let run = Run(
                holder: lease.holder, purpose: lease.purpose, since: lease.since,
                expires: lease.expires)
            return (lease.id, run)
        }
        try container.encode(Dictionary(runs) { _, last in last }, forKey: .runs)
        let slots = book.slots.mapValues { slot in
            Slot(
                generation: slot.generation, run: slot.lease?.id,
                broken: slot.isBroken ? true : nil)
        }
        try container.encode(slots, forKey: .slots)
    }
}

extension DecodingError {
    /// What is wrong, and where in the document.
    fileprivate var words: String {
        let context: Context? =
            switch self {
            case .typeMismatch(_, let context), .valueNotFound(_, let context),
                .keyNotFound(_, let context), .dataCorrupted(let context):
                context
            @unknown default: nil
            }
        let path = (context?.codingPath ?? []).map(\.stringValue).joined(separator: ".")
        let detail = context?.debugDescription ?? "it is no lease document"
        return path.isEmpty ? detail : "\(path): \(detail)"
    }
}
