import Foundation
import Resources
import Testing

@Suite struct StateDocumentTests {
    private static let now = Date(timeIntervalSince1970: 1_790_000_000.25)

    private static let document: StateDocument = {
        let volume = Address(service: "web", kind: KindName(.aws, "volume"))
        let instance = Address(service: "web", kind: KindName(.aws, "instance"))
        let resource = RecordedResource(
            address: instance, id: "i-1", attributes: ["type": "t3.medium"],
            fingerprints: ["seed": "ab12"], dependencies: [volume], createdAt: now,
            updatedAt: now)
        let state = ServiceState(
            specDigest: "d1", target: "aws", environment: "production",
            url: "https://web.example.com", lastConvergedAt: now, resources: [resource],
            generations: [instance.description: 1],
            timeline: [TimelineEntry(stage: "serving", reachedAt: now)])
        let intent = Intent(
            id: "n1", address: volume, action: .delete, objectID: "vol-1", startedAt: now,
            run: "run-1")
        return StateDocument(
            lineage: "0123", serial: 7, project: "acme", services: ["web": state],
            intents: [intent])
    }()

    private static let json = """
        {"format_version":2,"intents":[{"action":"delete","address":"web/aws.volume","id":"n1",\
        "object_id":"vol-1","run":"run-1","started_at":"2026-09-21T14:13:20.250Z"}],\
        "lineage":"0123","project":"acme","serial":7,"services":{"web":{\
        "environment":"production","generations":{"web/aws.instance":1},\
        "last_converged_at":"2026-09-21T14:13:20.250Z","resources":[{\
        "address":"web/aws.instance","attributes":{"type":"t3.medium"},\
        "created_at":"2026-09-21T14:13:20.250Z","dependencies":["web/aws.volume"],\
        "fingerprints":{"seed":"ab12"},"id":"i-1","updated_at":"2026-09-21T14:13:20.250Z"}],\
        "spec_digest":"d1","target":"aws",\
        "timeline":[{"reached_at":"2026-09-21T14:13:20.250Z","stage":"serving"}],\
        "url":"https://web.example.com"}}}
        """

    @Test func isWrittenTheSameEveryTime() throws {
        for _ in 1...5 {
            let bytes = try StateCoding.bytes(of: Self.document)
            #expect(String(decoding: bytes, as: UTF8.self) == Self.json)
        }
    }

    @Test func survivesJSON() throws {
        #expect(try read(Self.json) == Self.document)
    }

    @Test func anyDocumentSurvivesJSON() throws {
        for seed in 0..<200 {
            let document = Generator(seed: UInt64(seed)).document()
            let bytes = try StateCoding.bytes(of: document)
            #expect(try StateCoding.read(from: bytes) == document)
        }
    }

    @Test func theFirstFormatIsReadAsTheCurrentOne() throws {
        let old = Self.json.replacing("\"format_version\":2", with: "\"format_version\":1")
        #expect(try read(old) == Self.document)
    }

    @Test func aNewerFormatIsRefusedWhateverElseIsInIt() {
        let error = StateError.newerFormat(location: "here", found: 99, supported: 2)
        #expect(throws: error) { try read(#"{"format_version":99,"services":[]}"#) }
    }

    @Test func whatANewerMinorVersionAddedIsIgnored() throws {
        let more = Self.json.replacing("\"id\":", with: "\"added\":{\"a\":[1]},\"id\":")
        #expect(try read(more) == Self.document)
    }

    @Test(arguments: [
        ("{", "", "the document is not JSON"),
        (json, "[]", "the document is not an object"),
        ("\"serial\":7,", "", "serial is missing"),
        ("\"serial\":7", "\"serial\":null", "serial is missing"),
        ("\"serial\":7", "\"serial\":7.5", "serial is not an integer"),
        ("\"lineage\":\"0123\"", "\"lineage\":123", "lineage is not a text"),
        ("\"delete\"", "\"burn\"", "intents[0].action is none of the known words"),
        ("\"aws\",", "0,", "services.web.target is not a text"),
        (
            "\"created_at\":\"2026-09-21T", "\"created_at\":\"2026-09-21 ",
            "services.web.resources[0].created_at is not a time"
        ),
        (
            "[\"web/aws.volume\"]", "[\"web/aws.volume\",\"web\"]",
            "services.web.resources[0].dependencies[1] is not an address"
        ),
        (
            "\"fingerprints\":{\"seed\":\"ab12\"}", "\"fingerprints\":[]",
            "services.web.resources[0].fingerprints is not an object"
        ),
        (
            "{\"web/aws.instance\":1}", "{\"a\\u001bb\":true}",
            "services.web.generations.a\u{FFFD}b is not an integer"
        ),
        (
            "\"timeline\":[{", "\"timeline\":[7,{",
            "services.web.timeline[0] is not an object"
        ),
    ])
    func saysWhereADocumentIsWrong(part: String, instead: String, detail: String) {
        #expect(throws: StateError.corrupt(location: "here", detail: detail)) {
            try read(Self.json.replacing(part, with: instead, maxReplacements: 1))
        }
    }

    @Test func aSecretIsNotWritten() {
        var document = Self.document
        document.services["web"]?.resources[0].attributes["key"] = .secret(Secret("hunter2"))
        #expect(throws: EncodingError.self) { try StateCoding.bytes(of: document) }
    }

    @Test func leasesAndHistorySurviveJSON() throws {
        let holder = LeaseHolder(
            user: "ada", host: "laptop", pid: 7, runURL: "https://ci/1", commit: "1a2b")
        let lease = Lease(
            id: "l", service: "web", holder: holder, purpose: "converge", since: Self.now,
            expires: Self.now + 60, generation: 3)
        for slot in [LeaseSlot(generation: 3, lease: lease), LeaseSlot(generation: 3)] {
            #expect(try StateCoding.read(from: StateCoding.bytes(of: slot)) == slot)
        }
        let entry = HistoryEntry(
            serial: 7, at: Self.now, who: holder, purpose: "converge", changes: ["a", "b"])
        #expect(try StateCoding.read(from: StateCoding.bytes(of: [entry])) == [entry])
    }

    private func read(_ text: String) throws -> StateDocument {
        try StateCoding.read(StateDocument.self, from: Array(text.utf8), location: "here")
    }
}
