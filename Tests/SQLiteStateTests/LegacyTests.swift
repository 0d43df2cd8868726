import Foundation
import GRDB
import Journal
import Resources
import Simulation
import Testing

@testable import SQLiteState

/// Databases of a Launch before the journal.
@Suite struct LegacyTests {
    private let folder: TemporaryFolder
    private var path: String { folder.statePath }

    private let document: StateDocument

    init() throws {
        folder = try TemporaryFolder()
        document = try LegacyFixture.document
        try LegacyFixture.write(to: path)
    }

    @Test func readingThemChangesNothing() async throws {
        try LegacyFixture.lend(path)
        let bytes = try Data(contentsOf: URL(filePath: path))
        let objects = folder.objects()
        #expect(try await objects.legacyDocument() == document)
        #expect(try await objects.get("state") == nil)
        #expect(try await objects.list("", after: nil) == [])
        try await objects.delete("state")
        try await objects.retireLegacy()
        #expect(try Data(contentsOf: URL(filePath: path)) == bytes)
    }

    @Test func theyGoWhenObjectsHaveReplacedThem() async throws {
        let objects = folder.objects()
        #expect(try await objects.put("state", [1], if: .absent) != .refused)
        // A crash here leaves both.
        #expect(try await folder.objects().legacyDocument() == document)
        for _ in 1...2 {
            try await folder.objects().retireLegacy()
            #expect(try await folder.objects().legacyDocument() == nil)
            #expect(try await objects.get("state")?.bytes == [1])
        }
        let tables = try await DatabaseQueue(path: path).read {
            try String.fetchAll($0, sql: "SELECT name FROM sqlite_schema WHERE type = 'table'")
        }
        #expect(tables == ["objects"])
        let bytes = try Data(contentsOf: URL(filePath: path))
        #expect(bytes.range(of: Data("needle".utf8)) == nil)
    }

    @Test func olderProgramsAreLockedOutByTheFirstObject() async throws {
        #expect(try await folder.objects().put("lease", [1], if: .absent) != .refused)
        let version = try await DatabaseQueue(path: path).read {
            try Int.fetchOne($0, sql: "SELECT format_version FROM header")
        }
        #expect(version == 2)
    }

    @Test func aHeldLeaseIsRespected() async throws {
        try LegacyFixture.lend(path)
        let clock = VirtualClock()
        let objects = folder.objects(time: clock)
        let lease = try LegacyFixture.lease
        await #expect(throws: StateError.locked(lease)) {
            try await objects.put("state", [1], if: .absent)
        }
        #expect(try await objects.get("state") == nil)

        clock.advance(by: .seconds(61))
        #expect(try await objects.put("state", [1], if: .absent) != .refused)
    }

    @Test(arguments: [
        (
            "UPDATE resources SET document = replace(document, 'needle', 'noodle')",
            "the row \"web/aws.volume/a\" of table resources does not match its checksum"
        ),
        ("DELETE FROM header", "its header is damaged"),
        ("DROP TABLE leases", "it is no database of Launch"),
    ])
    func damageIsReported(sql: String, words: String) async throws {
        try LegacyFixture.alter(path, sql)
        await #expect(throws: StateError.corrupt(location: path, detail: words)) {
            try await folder.objects().legacyDocument()
        }
    }

    @Test func aRowThatIsNoResourceIsReported() async throws {
        let text = #"{"id":7}"#
        let checksum = LegacyChecksum.of("web/aws.volume/a", text)
        try LegacyFixture.alter(
            path,
            """
            UPDATE resources SET document = '\(text)', checksum = \(checksum)
            WHERE key = 'web/aws.volume/a'
            """)
        let error = await #expect(throws: StateError.self) {
            try await folder.objects().legacyDocument()
        }
        guard case .corrupt(path, let detail) = error else {
            Issue.record("\(String(describing: error)) is not the corruption expected")
            return
        }
        #expect(
            detail.hasPrefix(
                "the row \"web/aws.volume/a\" of table resources is not what it should be"))
    }

    @Test func aNewerFormatIsRefused() async throws {
        try LegacyFixture.alter(path, "UPDATE header SET format_version = 99")
        let expected = StateError.newerFormat(location: path, found: 99, supported: 2)
        await #expect(throws: expected) { try await folder.objects().legacyDocument() }
        await #expect(throws: expected) {
            try await folder.objects().put("state", [1], if: .absent)
        }
    }
}
