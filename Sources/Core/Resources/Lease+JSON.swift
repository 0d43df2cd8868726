extension LeaseHolder: JSONCodable {
    package init(json: Value) throws {
        self.init(
            user: try json.member("user"), host: try json.member("host"),
            pid: try json.member("pid"), runURL: try json.optionalMember("run_url"),
            commit: try json.optionalMember("commit"))
    }

    package var json: Value {
        .members(["user": user, "host": host, "pid": pid, "run_url": runURL, "commit": commit])
    }
}

extension Lease: JSONCodable {
    package init(json: Value) throws {
        self.init(
            id: try json.member("id"), service: try json.member("service"),
            holder: try json.member("holder"), purpose: try json.member("purpose"),
            since: try json.member("since"), expires: try json.member("expires"),
            generation: try json.member("generation"))
    }

    package var json: Value {
        .members([
            "id": id, "service": service, "holder": holder, "purpose": purpose, "since": since,
            "expires": expires, "generation": generation,
        ])
    }
}

extension LeaseSlot: JSONCodable {
    package init(json: Value) throws {
        self.init(
            generation: try json.member("generation"), lease: try json.optionalMember("lease"))
    }

    package var json: Value { .members(["generation": generation, "lease": lease]) }
}

extension HistoryEntry: JSONCodable {
    package init(json: Value) throws {
        self.init(
            serial: try json.member("serial"), at: try json.member("at"),
            who: try json.member("who"), purpose: try json.member("purpose"),
            changes: try json.member("changes"))
    }

    package var json: Value {
        .members(["serial": serial, "at": at, "who": who, "purpose": purpose, "changes": changes])
    }
}
