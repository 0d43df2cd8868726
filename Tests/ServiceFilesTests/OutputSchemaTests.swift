import Foundation
import Resources
import Testing
import TestSupport

/// The schemas of what Launch prints and stores: they fix the keys that scripts rely on.
@Suite struct OutputSchemaTests {
    private func schema(_ name: String) throws -> Value {
        let file = "\(PackageFiles.root)/schemas/\(name).schema.json"
        return try JSONDecoder().decode(
            Value.self, from: Data(contentsOf: URL(fileURLWithPath: file)))
    }

    @Test(arguments: [
        (
            "plan", [],
            ["format_version", "project", "lineage", "serial", "changes", "summary", "requests"]
        ),
        (
            "plan", ["changes"],
            [
                "address", "service", "action", "reason", "before", "after", "unknown",
                "replaced_by_change_of",
            ]
        ),
        ("plan", ["summary"], ["create", "update", "replace", "delete", "adopt", "no_op"]),
        ("plan", ["requests"], ["count", "by_provider"]),
        ("drift", [], ["format_version", "project", "findings", "summary"]),
        (
            "drift", ["findings"],
            [
                "address", "service", "kind", "fields", "changed_by", "changed_at", "reason",
                "fingerprint",
            ]
        ),
        ("drift", ["findings", "fields"], ["path", "recorded", "actual"]),
        ("drift", ["summary"], ["changed", "missing", "unmanaged", "pending"]),
        ("status", [], ["format_version", "services"]),
        (
            "status", ["services"],
            [
                "name", "target", "environment", "url", "address_ipv4", "state", "health",
                "runner", "monthly_usd", "last_converged_at", "push_to_live_seconds", "timeline",
            ]
        ),
        ("status", ["services", "timeline"], ["stage", "reached_at", "seconds", "note"]),
        ("timeline", [], ["format_version", "services"]),
        (
            "timeline", ["services"],
            [
                "name", "url", "target", "reached", "push_to_live_seconds", "timeline", "failure",
            ]
        ),
        ("timeline", ["services", "failure"], ["stage", "message", "remedy", "log"]),
        ("doctor", [], ["format_version", "project", "findings", "summary"]),
        ("doctor", ["findings"], ["subject", "grade", "detail", "remedy"]),
        ("doctor", ["summary"], ["good", "warning", "bad"]),
        ("history", [], ["format_version", "generations"]),
        ("history", ["generations"], ["serial", "at", "who", "purpose", "changes"]),
        ("history", ["generations", "who"], ["user", "host", "pid", "run_url"]),
        ("why", [], ["format_version", "address", "id", "events"]),
        (
            "why", ["events"],
            ["kind", "serial", "at", "who", "purpose", "reason", "id", "fields"]
        ),
        ("why", ["events", "who"], ["user", "host", "pid", "run_url"]),
        ("why", ["events", "fields"], ["path", "before", "after"]),
        ("events", [], ["format_version", "type"]),
    ])
    func theKeysAreFixed(name: String, path: [String], keys: [String]) throws {
        var place = try schema(name)
        for part in path {
            let property = try #require(place["properties"]?[part])
            place = property["items"] ?? property
        }
        #expect(place["required"]?.list == keys.map(Value.string))
        #expect(place["additionalProperties"] == nil)
    }

    private var document: StateDocument {
        let instance = Address(service: "web", kind: KindName(.aws, "instance"))
        let moment = Date(timeIntervalSince1970: 1_750_000_000)
        let resource = RecordedResource(
            address: instance, id: "i-0abc", attributes: ["type": "t3.small", "size": 20],
            fingerprints: ["seed": "00ff"],
            dependencies: [Address(service: "web", kind: KindName(.aws, "volume"))],
            createdAt: moment, updatedAt: moment,
            createdBy: LeaseHolder(
                user: "ada", host: "laptop", pid: 7, runURL: "https://ci/1", commit: "1a2b"))
        return StateDocument(
            lineage: "5f3c", serial: 7, project: "sample",
            services: [
                "new": ServiceState(),
                "web": ServiceState(
                    specDigest: "ab", target: "aws", environment: "production",
                    url: "https://web.example.com", lastConvergedAt: moment,
                    resources: [resource], generations: ["web/aws.instance": 1],
                    timeline: [TimelineEntry(stage: "machine", reachedAt: moment)]),
            ],
            intents: [
                Intent(
                    id: "1", address: instance, action: .create, key: "k", objectID: "i-1",
                    startedAt: moment, run: "r", reason: "new")
            ])
    }

    @Test func everythingInTheStateIsDescribed() throws {
        let state = document.json
        let schema = try schema("state")
        let service = schema["properties"]?["services"]?["additionalProperties"]
        let described: [(Value?, Value?)] = [
            (state, schema),
            (state["services"]?["web"], service),
            (
                state["services"]?["web"]?["resources"]?.list?.first,
                service?["properties"]?["resources"]?["items"]
            ),
            (state["intents"]?.list?.first, schema["properties"]?["intents"]?["items"]),
        ]
        for (value, schema) in described {
            let keys = try #require(value?.object?.keys.sorted())
            #expect(schema?["properties"]?.object?.keys.sorted() == keys)
        }
    }

    @Test(.enabled(if: PublishedSchema.isCheckable, "check-jsonschema is not installed"))
    func theStateFitsItsSchema() throws {
        let text = document.json.jsonText()
        #expect(try PublishedSchema("state").complaint([text]) == nil)
    }
}
