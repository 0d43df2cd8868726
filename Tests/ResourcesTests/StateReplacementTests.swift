import Foundation
import Resources
import Testing

@Suite struct StateReplacementTests {
    private static func document(
        lineage: String = "a", serial: Int, project: String = "shop", ids: [String: String]
    ) -> StateDocument {
        let moment = Date(timeIntervalSince1970: 0)
        let services = Dictionary(
            uniqueKeysWithValues: ids.map { service, id in
                let address = Address(service: service, kind: KindName(.aws, "instance"))
                let record = RecordedResource(
                    address: address, id: id, attributes: [:], createdAt: moment, updatedAt: moment)
                return (service, ServiceState(resources: [record]))
            })
        return StateDocument(
            lineage: lineage, serial: serial, project: project, services: services)
    }

    private static let present = document(serial: 7, ids: ["web": "i-1", "api": "i-2"])

    private func replacement(
        by new: StateDocument, of old: StateDocument = present, force: Bool = false
    ) throws -> StateReplacement {
        try StateReplacement(of: old, by: new, from: "state.json", force: force)
    }

    @Test(arguments: [7, 8]) func whatIsNoOlderMayReplace(serial: Int) throws {
        let new = Self.document(serial: serial, ids: ["web": "i-9", "old": "i-3"])
        let replacement = try replacement(by: new)
        #expect(!replacement.changesNothing)
        #expect(replacement.services == ["web", "api", "old"])
        #expect(
            replacement.changes.map { "\($0.fate) \($0.address)" } == [
                "forgotten api/aws.instance", "recorded old/aws.instance",
                "changed web/aws.instance",
            ])
    }

    @Test func whatWouldLoseSomethingNeedsForce() throws {
        let older = Self.document(serial: 6, ids: ["web": "i-1"])
        let foreign = Self.document(lineage: "b", serial: 9, ids: ["web": "i-1"])
        for (new, detail) in [
            (older, "state.json has serial 6, and the state has 7"),
            (foreign, "state.json has lineage b, and the state has a"),
        ] {
            #expect(throws: StateError.staleReplacement(detail: detail)) {
                try replacement(by: new)
            }
            #expect(try replacement(by: new, force: true).new == new)
        }
    }

    @Test(arguments: [true, false]) func anotherProjectIsRefused(force: Bool) {
        let other = Self.document(serial: 7, project: "else", ids: [:])
        #expect(
            throws: StateError.otherProject(
                location: "state.json", found: "else", expected: "shop")
        ) { try replacement(by: other, force: force) }
    }

    @Test func equalContentIsNothingToDo() throws {
        var same = Self.present
        same.serial = 3
        #expect(try replacement(by: same).changesNothing)
    }

    @Test func anEmptyStateTakesAnyLineage() throws {
        let empty = StateDocument(lineage: "fresh", project: "shop")
        #expect(try !replacement(by: Self.present, of: empty).changesNothing)
    }
}
