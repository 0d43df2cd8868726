import Foundation
import GRDB
import Resources
import Simulation
import TestSupport
import Testing

@testable import SQLiteState

/// One clear error each, and the file as it was.
@Suite struct DamageTests {
    private let folder: TemporaryFolder
    private var path: String { folder.statePath }

    init() async throws {
        folder = try TemporaryFolder()
        try await folder.store().record((1...50).map { volume(String($0)) })
    }

    @Test func aFileOfSomethingElse() async throws {
        try Data("resources: []\n".utf8).write(to: URL(filePath: path))
        try await expectRefusal(.corrupt(location: path, detail: "file is not a database"))
    }

    @Test func aDatabaseOfSomethingElse() async throws {
        try FileManager.default.removeItem(atPath: path)
        try alter("CREATE TABLE songs (title TEXT)")
        try await expectRefusal(.corrupt(location: path, detail: "it is no database of Launch"))
    }

    @Test func aTruncatedFile() async throws {
        let url = URL(filePath: path)
        let bytes = try Data(contentsOf: url)
        try bytes.prefix(bytes.count / 2).write(to: url)
        try await expectCorruption { _ in true }
    }

    @Test func aFlippedBitInsideAValue() async throws {
        let url = URL(filePath: path)
        var bytes = try Data(contentsOf: url)
        let needle = try #require(bytes.range(of: Data("needle".utf8)))
        bytes[needle.lowerBound] ^= 1
        try bytes.write(to: url)
        try await expectCorruption(whileWriting: false) {
            $0.contains("of table resources does not match its checksum")
        }
    }

    @Test func aRowThatIsNoResource() async throws {
        let text = #"{"id":7}"#
        let checksum = LegacyChecksum.of("web/aws.volume/1", text)
        try alter(
            """
            UPDATE resources SET document = '\(text)', checksum = \(checksum)
            WHERE key = 'web/aws.volume/1'
            """)
        try await expectCorruption(whileWriting: false) {
            $0.hasPrefix("the row \"web/aws.volume/1\" of table resources is not what it should be")
        }
    }

    @Test func aProcessThatIsKilledInMidWrite() async throws {
        let before = try await folder.store().read()
        let state = URL(filePath: path).deletingLastPathComponent()
        let killed = try TemporaryFolder()
        // A cache of one page forces the unfinished changes out to the disk.
        let queue = try DatabaseQueue(path: path)
        try await queue.writeWithoutTransaction { database in
            try database.execute(sql: "PRAGMA cache_size = 1")
            try database.inTransaction {
                try database.execute(sql: "UPDATE resources SET document = upper(document)")
                try FileManager.default.copyItem(
                    at: state, to: killed.url.appending(path: "state"))
                return .rollback
            }
        }
        let left = try FileManager.default.contentsOfDirectory(
            atPath: URL(filePath: killed.statePath).deletingLastPathComponent().path)
        #expect(left.sorted() == ["launch.sqlite", "launch.sqlite-journal"])
        #expect(
            try Data(contentsOf: URL(filePath: killed.statePath))
                != Data(contentsOf: URL(filePath: path)))
        #expect(try await killed.store().read() == before)
    }

    @Test func aMissingHeader() async throws {
        try alter("DELETE FROM header")
        try await expectRefusal(.corrupt(location: path, detail: "its header is damaged"))
    }

    @Test func aNewerFormat() async throws {
        try alter("UPDATE header SET format_version = 99")
        try await expectRefusal(
            .newerFormat(location: path, found: 99, supported: StateDocument.currentFormat))
    }

    @Test func anotherProject() async throws {
        try await expectRefusal(
            .otherProject(location: path, found: StateStoreContract.project, expected: "zebra"),
            by: folder.store(project: "zebra"))
    }

    @Test func aFolderThatCannotBeMade() async throws {
        let store = SQLiteStateStore(
            path: "\(path)/inside/a/file", project: StateStoreContract.project,
            terms: LeaseTerms { _ in true }, time: VirtualClock(), random: SeededRandom(seed: 1))
        #expect(try await store.read().services == [:])
        let error = await #expect(throws: StateError.self) { try await store.record([]) }
        guard case .unwritable = error else {
            Issue.record("\(String(describing: error)) is not about writing")
            return
        }
    }

    @Test(arguments: [
        (ResultCode.SQLITE_FULL, "database or disk is full"),
        (.SQLITE_IOERR, "disk I/O error"),
        (.SQLITE_READONLY, "attempt to write a readonly database"),
        (.SQLITE_CANTOPEN, "unable to open database file"),
        (.SQLITE_PERM, "access permission denied"),
    ])
    func whatKeepsSQLiteFromWriting(code: ResultCode, words: String) {
        #expect(
            StateError(DatabaseError(resultCode: code), location: path)
                == .unwritable(location: path, detail: words))
    }

    @Test func aFullDiskLosesNothing() async throws {
        let before = try await folder.store().read()
        let full = StateFile(
            path: path, project: StateStoreContract.project, newLineage: { "" }, maximumPages: 1)
        #expect(throws: StateError.unwritable(location: path, detail: "database or disk is full")) {
            try full.write { database in
                for number in 51...500 {
                    let volume = volume(String(number))
                    try Tables.resources.put(
                        volume, key: String(number), service: "web", in: database)
                }
            }
        }
        #expect(try await folder.store().read() == before)
    }

    private func alter(_ sql: String) throws {
        try DatabaseQueue(path: path).write { try $0.execute(sql: sql) }
    }

    private func expectRefusal(
        _ expected: StateError, by other: SQLiteStateStore? = nil
    ) async throws {
        let bytes = try Data(contentsOf: URL(filePath: path))
        let store = other ?? folder.store()
        await #expect(throws: expected) { try await store.read() }
        await #expect(throws: expected) { try await store.record([]) }
        #expect(try Data(contentsOf: URL(filePath: path)) == bytes)
    }

    /// - Parameter whileWriting: whether the search before a run finds it as well.
    private func expectCorruption(
        whileWriting: Bool = true, where matches: (String) -> Bool
    ) async throws {
        let bytes = try Data(contentsOf: URL(filePath: path))
        let store = folder.store()
        let reading = await #expect(throws: StateError.self) { try await store.read() }
        try expectCorruption(reading, where: matches)
        if whileWriting {
            let writing = await #expect(throws: StateError.self) { try await store.record([]) }
            try expectCorruption(writing, where: matches)
            #expect(try Data(contentsOf: URL(filePath: path)) == bytes)
        }
    }

    private func expectCorruption(_ error: StateError?, where matches: (String) -> Bool) throws {
        guard case .corrupt(path, let detail) = error, matches(detail) else {
            Issue.record("\(String(describing: error)) is not the corruption expected")
            return
        }
    }
}
