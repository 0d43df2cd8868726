extension StateDocument: JSONCodable {
    /// The document was written by a newer Launch.
    package struct NewerFormat: Error, Hashable {
        package let found: Int
    }

    /// Reads a document of any format so far; what is read has the current one.
    /// - Throws: `NewerFormat` besides.
    package init(json: Value) throws {
        let format: Int = try json.member("format_version")
        guard format <= Self.currentFormat else { throw NewerFormat(found: format) }
        self.init(
            lineage: try json.member("lineage"), serial: try json.member("serial"),
            project: try json.member("project"), services: try json.member("services"),
            intents: try json.member("intents"))
    }

    package var json: Value {
        .members([
            "format_version": formatVersion, "lineage": lineage, "serial": serial,
            "project": project, "services": services, "intents": intents,
        ])
    }
}

extension ServiceState: JSONCodable {
    package init(json: Value) throws {
        self.init(
            specDigest: try json.optionalMember("spec_digest"),
            target: try json.optionalMember("target"),
            environment: try json.optionalMember("environment"),
            url: try json.optionalMember("url"),
            lastConvergedAt: try json.optionalMember("last_converged_at"),
            resources: try json.member("resources"),
            generations: try json.member("generations"),
            timeline: try json.member("timeline"))
    }

    package var json: Value {
        .members([
            "spec_digest": specDigest, "target": target, "environment": environment, "url": url,
            "last_converged_at": lastConvergedAt, "resources": resources,
            "generations": generations, "timeline": timeline,
        ])
    }
}

extension TimelineEntry: JSONCodable {
    package init(json: Value) throws {
        self.init(
            stage: try json.member("stage"), reachedAt: try json.member("reached_at"),
            note: try json.optionalMember("note"))
    }

    package var json: Value { .members(["stage": stage, "reached_at": reachedAt, "note": note]) }
}

extension RecordedResource: JSONCodable {
    package init(json: Value) throws {
        self.init(
            address: try json.member("address"), id: try json.member("id"),
            attributes: try json.member("attributes"),
            fingerprints: try json.member("fingerprints"),
            dependencies: try json.member("dependencies"),
            createdAt: try json.member("created_at"), updatedAt: try json.member("updated_at"),
            createdBy: try json.optionalMember("created_by"))
    }

    package var json: Value {
        .members([
            "address": address, "id": id, "attributes": attributes,
            "fingerprints": fingerprints, "dependencies": dependencies,
            "created_at": createdAt, "updated_at": updatedAt, "created_by": createdBy,
        ])
    }
}

extension Intent: JSONCodable {
    package init(json: Value) throws {
        self.init(
            id: try json.member("id"), address: try json.member("address"),
            action: try json.member("action"), key: try json.optionalMember("key"),
            objectID: try json.optionalMember("object_id"),
            startedAt: try json.member("started_at"), run: try json.member("run"),
            reason: try json.optionalMember("reason"))
    }

    package var json: Value {
        .members([
            "id": id, "address": address, "action": action, "key": key, "object_id": objectID,
            "started_at": startedAt, "run": run, "reason": reason,
        ])
    }
}

extension Intent.Action: JSONCodable {}
