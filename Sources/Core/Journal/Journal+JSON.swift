package import Resources

extension EnvelopeHeader: JSONCodable {
    init(json: Value) throws {
        self.init(
            kind: try json.member(Self.kindKey), formatVersion: try json.member("format_version"),
            project: try json.member("project"), lineage: try json.member("lineage"),
            position: try json.member("position"), serial: try json.member("serial"),
            checksum: try json.member("sha256"),
            encryption: try json.optionalMember("encryption"))
    }

    var json: Value {
        .members([
            Self.kindKey: kind, "format_version": formatVersion, "project": project,
            "lineage": lineage, "position": position, "serial": serial, "sha256": checksum,
            "encryption": encryption,
        ])
    }
}

extension EnvelopeHeader.Kind: JSONCodable {}

extension EncryptionHeader: JSONCodable {
    package init(json: Value) throws {
        self.init(
            algorithm: try json.member("algorithm"), nonce: try json.member("nonce"),
            key: try json.member("key"))
    }

    package var json: Value { .members(["algorithm": algorithm, "nonce": nonce, "key": key]) }
}

extension WrappedKey: JSONCodable {
    package init(json: Value) throws {
        self.init(
            id: try json.member("id"), wrapped: try json.member("wrapped"),
            source: try json.member("source"))
    }

    package var json: Value { .members(["id": id, "wrapped": wrapped, "source": source]) }
}

extension KeySource: JSONCodable {
    package init(json: Value) throws {
        if let parameters: Value = try json.optionalMember("scrypt") {
            self = .scrypt(
                n: try parameters.member("n"), r: try parameters.member("r"),
                p: try parameters.member("p"), salt: try parameters.member("salt"))
        } else {
            let parameters: Value = try json.member("kms")
            self = .kms(keyID: try parameters.member("key_id"))
        }
    }

    package var json: Value {
        switch self {
        case .scrypt(let n, let r, let p, let salt):
            ["scrypt": .members(["n": n, "r": r, "p": p, "salt": salt])]
        case .kms(let keyID): ["kms": ["key_id": .string(keyID)]]
        }
    }
}

extension JournalEntry: JSONCodable {
    init(json: Value) throws {
        self.init(
            write: try json.member("write"), at: try json.member("at"),
            who: try json.member("who"), purpose: try json.member("purpose"),
            lineage: try json.member("lineage"), serial: try json.member("serial"),
            generations: try json.member("generations"),
            summary: try json.member("summary"), changes: try json.member("changes"),
            replacement: try json.optionalMember("replacement"))
    }

    var json: Value {
        .members([
            "write": write, "at": at, "who": who, "purpose": purpose, "lineage": lineage,
            "serial": serial, "generations": generations, "summary": summary, "changes": changes,
            "replacement": replacement,
        ])
    }
}

extension SliceChange: JSONCodable {
    init(json: Value) throws {
        service = try json.member("service")
        description = try json.optionalMember("description")
        resources = try json.member("resources")
        forgotten = try json.member("forgotten")
        intents = try json.member("intents")
        settled = try json.member("settled")
    }

    var json: Value {
        .members([
            "service": service, "description": description, "resources": resources,
            "forgotten": forgotten, "intents": intents, "settled": settled,
        ])
    }
}

extension Snapshot: JSONCodable {
    init(json: Value) throws {
        self.init(
            at: try json.member("at"), position: try json.member("position"),
            generations: try json.member("generations"), document: try json.member("document"))
    }

    var json: Value {
        .members([
            "at": at, "position": position, "generations": generations, "document": document,
        ])
    }
}
