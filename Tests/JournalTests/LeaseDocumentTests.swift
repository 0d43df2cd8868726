import Cryptography
import Foundation
import Resources
import Simulation
import TestSupport
import Testing

@testable import Journal

private let validator = ExternalTool("check-jsonschema")

@Suite struct LeaseDocumentTests {
    private let digests = OpenSSLDigests()

    /// Leases of two runs, one given back, one broken.
    private func document() async throws -> String {
        let bench = LeaseBench()
        let table = bench.table()
        _ = try await table.claim(LeaseBench.request("r1", ["api", "web"]))
        let run = "https://github.com/acme/launch/actions/runs/9/attempts/1"
        _ = try await table.claim(
            LeaseRequest(id: "r2", services: ["db"], claim: LeaseBench.claim(2, runURL: run)))
        try await table.release(try await table.claim(LeaseBench.request("r3", ["old"])).leases)
        _ = try await table.claim(LeaseBench.request("r4", ["broken"]))
        _ = try await table.unlock("r4")
        return bench.register.text
    }

    @Test func whatRunsHaveInCommonIsWrittenOnce() async throws {
        let document = try #require(Value(json: Array(try await document().utf8)))
        #expect(document["format_version"] == 1)
        #expect(document["project"] == "acme")
        #expect(
            document["runs"]?["r1"] == [
                "holder": ["host": "laptop", "pid": 1, "user": "ada"], "purpose": "converge",
                "since": "2026-09-21T14:13:20.000Z", "expires": "2026-09-21T14:14:20.000Z",
            ])
        #expect(document["runs"]?.object?.keys.sorted() == ["r1", "r2"])
        #expect(
            document["slots"] == [
                "api": ["generation": 1, "run": "r1"], "broken": ["broken": true, "generation": 1],
                "db": ["generation": 1, "run": "r2"], "old": ["generation": 1],
                "web": ["generation": 1, "run": "r1"],
            ])
    }

    @Test func whatIsWrittenIsReadAgain() async throws {
        let bytes = Array(try await document().utf8)
        let document = try LeaseDocument(
            bytes, project: "acme", location: "here", digests: digests)
        #expect(try document.bytes(digests) == bytes)
    }

    @Test(arguments: [
        (
            "not json",
            StateError.corrupt(location: "here", detail: "the document is not JSON")
        ),
        ("", .corrupt(location: "here", detail: "the document is not JSON")),
        (
            #"{"format_version": 2, "project": "acme"}"#,
            .newerFormat(location: "here", found: 2, supported: 1)
        ),
        (
            #"{"format_version": 1, "project": "zebra"}"#,
            .otherProject(location: "here", found: "zebra", expected: "acme")
        ),
        (
            #"""
            {"format_version": 1, "project": "acme", "write_id": "", "runs": {},
             "slots": {"web": {"generation": 1, "run": "r1"}}}
            """#,
            .corrupt(
                location: "here",
                detail: "the document has a slot web held by a run that is not there")
        ),
        (
            #"""
            {"format_version": 1, "project": "acme", "write_id": "", "runs": {},
             "slots": {"web": {"generation": "1"}}}
            """#,
            .corrupt(
                location: "here",
                detail: "slots.web.generation is not an integer")
        ),
    ])
    func whatCannotBeUsedIsLeftAlone(text: String, error: StateError) async throws {
        let text =
            try Value(json: Array(text.utf8)).map {
                String(decoding: try LeaseDocument.sealed($0, digests).jsonBytes(), as: UTF8.self)
            } ?? text
        let bench = LeaseBench(register: InMemoryRegister(text))
        let table = bench.table()
        await #expect(throws: error) { try await table.leases() }
        await #expect(throws: error) {
            try await table.claim(LeaseBench.request("r1", ["web"]))
        }
        await #expect(throws: error) { try await table.renew([bench.lease("r1", "web")]) }
        await #expect(throws: error) { try await table.release([bench.lease("r1", "web")]) }
        await #expect(throws: error) { try await table.unlock("r1") }
        #expect(bench.register.text == text)
        #expect(bench.register.writes == 0)
    }

    @Test(.enabled(if: validator.isInstalled, "check-jsonschema is not installed"))
    func realDocumentsFitTheSchema() async throws {
        let good = try await document()
        #expect(try complaint(good) == nil)
        for (old, new) in [
            ("\"format_version\":1", "\"format_version\":2"),
            ("\"generation\":1", "\"generation\":0"), ("\"purpose\"", "\"aim\""),
            ("\"write_id\"", "\"id\""), ("\"sha256\"", "\"sha\""), ("\"pid\":1", "\"pid\":\"1\""),
        ] {
            let bad = good.replacingOccurrences(of: old, with: new)
            #expect(bad != good)
            #expect(try complaint(bad) != nil, "\(new)")
        }
    }

    /// - Returns: what the validator says of `text`; `nil` when it fits.
    private func complaint(_ text: String) throws -> String? {
        try PackageFiles.withTemporaryFolder { folder in
            let file = "\(folder)/leases.json"
            try Data(text.utf8).write(to: URL(fileURLWithPath: file))
            let schema = "\(PackageFiles.root)/schemas/lease.schema.json"
            return try validator.complaint(["--schemafile", schema, file])
        }
    }
}
