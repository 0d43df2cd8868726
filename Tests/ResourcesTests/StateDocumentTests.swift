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
        {"format_version":1,"intents":[{"action":"delete","address":"web/aws.volume","id":"n1",\
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
            let data = try StateCoding.encoder().encode(Self.document)
            #expect(String(decoding: data, as: UTF8.self) == Self.json)
        }
    }

    @Test func survivesJSON() throws {
        let read = try StateCoding.decoder().decode(
            StateDocument.self, from: Data(Self.json.utf8))
        #expect(read == Self.document)
    }

    @Test func timesKeepTheirMillisecond() {
        let start = Self.now.timeIntervalSince1970.rounded()
        for millisecond in 0..<1000 {
            let date = Date(timeIntervalSince1970: start + Double(millisecond) / 1000)
            let again = Date(timestamp: date.timestamp)
            #expect(again?.timestamp == date.timestamp)
            #expect(abs(again?.timeIntervalSince(date) ?? 1) < 0.000_001)
        }
    }

    @Test(arguments: ["", "yesterday", "2026-09-21", "2026-13-21T14:13:20.250Z"])
    func refusesOtherTimes(text: String) {
        #expect(Date(timestamp: text) == nil)
    }
}
