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
    /// How far the state went when leases were last given back.
    var head: StateMark?

    init(project: String) { self.project = project }

    /// - Throws: `StateError` when it cannot be used, by the first of: no JSON of this kind, a
    ///   newer format, damage, another project.
    init(
        _ bytes: [UInt8], project: String, location: String, digests: any Digesting
    ) throws {
        do {
            let json: Value = try StateCoding.read(from: bytes)
            let format: Int = try json.member("format_version")
            guard format <= Self.currentFormat else {
                throw StateError.newerFormat(
                    location: location, found: format, supported: Self.currentFormat)
            }
            guard try Self.sealed(json, digests) == json else {
                throw JSONMismatch("is damaged: its checksum is another")
            }
            let owner: String = try json.member("project")
            guard owner == project else {
                throw StateError.otherProject(
                    location: location, found: owner, expected: project)
            }
            try self.init(json: json)
        } catch let mismatch as JSONMismatch {
            throw StateError.corrupt(location: location, detail: mismatch.description)
        }
    }

    /// - Throws: `EncodingError` only for what no program holds, such as a time without a year.
    func bytes(_ digests: any Digesting) throws -> [UInt8] {
        try Self.sealed(json, digests).jsonBytes()
    }

    /// With the checksum of all the rest.
    static func sealed(_ json: Value, _ digests: any Digesting) throws -> Value {
        var members = json.object ?? [:]
        members["sha256"] = nil
        let checksum = digests.sha256(try Value.object(members).jsonBytes()).hexadecimal
        members["sha256"] = .string(checksum)
        return .object(members)
    }
}

extension LeaseDocument: JSONCodable {
    init(json: Value) throws {
        project = try json.member("project")
        writeID = try json.member("write_id")
        head = try json.optionalMember("head")
        let runs: [String: Run] = try json.member("runs")
        let slots: [String: Slot] = try json.member("slots")
        for (service, slot) in slots {
            let lease = try slot.run.map { id in
                guard let run = runs[id] else {
                    throw JSONMismatch("has a slot \(service) held by a run that is not there")
                }
                return Lease(
                    id: id, service: service, holder: run.holder, purpose: run.purpose,
                    since: run.since, expires: run.expires, generation: slot.generation)
            }
            book.slots[service] = LeaseSlot(
                generation: slot.generation, lease: lease, isBroken: slot.isBroken)
        }
    }

    var json: Value {
        let runs = book.leases.map { lease in
            let run = Run(
                holder: lease.holder, purpose: lease.purpose, since: lease.since,
                expires: lease.expires)
            return (lease.id, run)
        }
        let slots = book.slots.mapValues {
            Slot(generation: $0.generation, run: $0.lease?.id, isBroken: $0.isBroken)
        }
        return .members([
            "format_version": Self.currentFormat, "project": project, "write_id": writeID,
            "head": head, "runs": Dictionary(runs) { _, last in last }, "slots": slots,
        ])
    }
}

/// What a run says of itself, and until when it is alive.
private struct Run: JSONCodable {
    let holder: LeaseHolder
    let purpose: String
    let since: Date
    let expires: Date

    init(holder: LeaseHolder, purpose: String, since: Date, expires: Date) {
        self.holder = holder
        self.purpose = purpose
        self.since = since
        self.expires = expires
    }

    init(json: Value) throws {
        holder = try json.member("holder")
        purpose = try json.member("purpose")
        since = try json.member("since")
        expires = try json.member("expires")
    }

    var json: Value {
        .members(["holder": holder, "purpose": purpose, "since": since, "expires": expires])
    }
}

private struct Slot: JSONCodable {
    let generation: Int
    /// The id of the run that holds it.
    let run: String?
    let isBroken: Bool

    init(generation: Int, run: String?, isBroken: Bool) {
        self.generation = generation
        self.run = run
        self.isBroken = isBroken
    }

    init(json: Value) throws {
        generation = try json.member("generation")
        run = try json.optionalMember("run")
        isBroken = (json["broken"]?.boolean) ?? false
    }

    var json: Value {
        .members([
            "generation": generation, "run": run,
            "broken": isBroken ? Value.boolean(true) : nil,
        ])
    }
}
