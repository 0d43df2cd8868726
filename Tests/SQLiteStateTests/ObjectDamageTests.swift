import Foundation
import GRDB
import Journal
import Resources
import Simulation
import Testing

@testable import SQLiteState

/// One clear error each, and the file as it was.
@Suite struct ObjectDamageTests {
    private let folder: TemporaryFolder
    private var path: String { folder.statePath }
    private var file: URL { URL(filePath: path) }

    init() async throws {
        folder = try TemporaryFolder()
        let objects = folder.objects()
        for (key, bytes) in Self.contents.sorted(by: { $0.key < $1.key }) {
            _ = try await objects.put(key, bytes, if: .absent)
        }
    }

    /// Small ones and some that need pages of their own.
    private static let contents = Dictionary(
        uniqueKeysWithValues: (10...60).map { number in
            let size = number % 10 == 0 ? 9000 : 100
            return ("key \(number)", [UInt8](repeating: UInt8(number), count: size))
        })

    @Test func aFileOfSomethingElse() async throws {
        try Data("resources: []\n".utf8).write(to: file)
        try await expectRefusal(.corrupt(location: path, detail: "file is not a database"))
    }

    @Test(arguments: [
        "CREATE TABLE songs (title TEXT)",
        "CREATE TABLE header (title TEXT)",
        "CREATE TABLE objects (key TEXT, tag TEXT, bytes BLOB)",
        "PRAGMA application_id = 1",
    ])
    func aDatabaseOfSomethingElse(sql: String) async throws {
        try FileManager.default.removeItem(at: file)
        try alter("\(sql); CREATE VIEW one AS SELECT 1")
        try await expectRefusal(.corrupt(location: path, detail: "it is no database of Launch"))
    }

    @Test func aMissingTable() async throws {
        try alter("ALTER TABLE objects RENAME TO things")
        try await expectRefusal(.corrupt(location: path, detail: "its table is missing"))
    }

    @Test func aNewerFormat() async throws {
        try alter("PRAGMA user_version = 9")
        try await expectRefusal(.newerFormat(location: path, found: 9, supported: 1))
    }

    @Test func aFolderInPlaceOfTheFile() async throws {
        try FileManager.default.removeItem(at: file)
        try FileManager.default.createDirectory(at: file, withIntermediateDirectories: false)
        let expected = StateError.corrupt(location: path, detail: "it is not a file")
        await #expect(throws: expected) { try await folder.objects().get("key 10") }
        await #expect(throws: expected) {
            try await folder.objects().put("new", [1], if: .absent)
        }
    }

    /// As a crash leaves it between making the file and the first write.
    @Test func anEmptyFileHoldsNothingYet() async throws {
        try Data().write(to: file)
        #expect(try await folder.objects().list("", after: nil) == [])
        #expect(try await folder.objects().put("new", [1], if: .absent) != .refused)
        #expect(try await folder.objects().get("new")?.bytes == [1])
    }

    /// Whole pages are missing: what is cut off within the last one may be unused.
    @Test func truncatedFiles() async throws {
        let bytes = try Data(contentsOf: file)
        for length in [512] + Array(stride(from: 4096, to: bytes.count, by: 4096)) {
            try bytes.prefix(length).write(to: file)
            for error in await errors() {
                guard case .corrupt(path, _) = error else {
                    Issue.record("\(length) bytes: \(String(describing: error))")
                    continue
                }
            }
            #expect(try Data(contentsOf: file) == bytes.prefix(length))
        }
    }

    /// A flipped bit inside an object's bytes is for the reader of the object to find. One
    /// anywhere else is reported or does no harm: no object is missing, none comes twice.
    @Test func flippedBits() async throws {
        let bytes = try Data(contentsOf: file)
        let sizes = Self.contents.mapValues(\.count)
        for offset in Array(0..<100) + Array(stride(from: 100, to: bytes.count, by: 499)) {
            var damaged = bytes
            damaged[offset] ^= 1 << UInt8(offset % 8)
            try damaged.write(to: file)
            do {
                let found = try await everything()
                #expect(found.count == sizes.count, "a flip at \(offset)")
                #expect(found.mapValues(\.count) == sizes, "a flip at \(offset)")
            } catch StateError.corrupt, StateError.newerFormat {
            } catch {
                Issue.record("a flip at \(offset): \(error)")
            }
        }
    }

    @Test func aProcessThatIsKilledInMidWrite() async throws {
        let killed = try TemporaryFolder()
        // A cache of one page forces the unfinished changes out to the disk.
        let queue = try DatabaseQueue(path: path)
        let from = folder.stateFolder
        try await queue.writeWithoutTransaction { database in
            try database.execute(sql: "PRAGMA cache_size = 1")
            try database.inTransaction {
                try database.execute(sql: "UPDATE objects SET tag = 'x', bytes = zeroblob(9000)")
                try FileManager.default.copyItem(
                    at: from, to: killed.url.appending(path: "state"))
                return .rollback
            }
        }
        let left = try FileManager.default.contentsOfDirectory(atPath: killed.stateFolder.path)
        #expect(left.sorted() == ["launch.sqlite", "launch.sqlite-journal"])
        #expect(try Data(contentsOf: URL(filePath: killed.statePath)) != Data(contentsOf: file))
        #expect(try await everything(in: killed) == Self.contents)
    }

    @Test(arguments: [false, true])
    func aFileThatIsTakenAwayInMidRun(isReplaced: Bool) async throws {
        let objects = folder.objects()
        _ = try await objects.get("key 10")
        let backup = try Data(contentsOf: file)
        try FileManager.default.moveItem(at: file, to: folder.url.appending(path: "elsewhere"))
        if isReplaced { try backup.write(to: file) }

        let expected = StateError.inaccessible(
            location: path,
            detail: "the file was \(isReplaced ? "replaced" : "deleted") during the run",
            remedy: "Put the right file there, then run it again.")
        await #expect(throws: expected) { try await objects.get("key 10") }
        await #expect(throws: expected) { try await objects.put("new", [1], if: .absent) }
        await #expect(throws: expected) { try await objects.delete("key 10") }
        #expect(FileManager.default.fileExists(atPath: path) == isReplaced)
        #expect(try await everything() == (isReplaced ? Self.contents : [:]))
    }

    @Test func aFolderThatCannotBeMade() async throws {
        let objects = SQLiteObjects(
            path: "\(path)/inside/a/file", time: VirtualClock(), random: SeededRandom(seed: 1))
        #expect(try await objects.get("a") == nil)
        let error = await #expect(throws: StateError.self) {
            try await objects.put("a", [1], if: .absent)
        }
        guard case .unwritable("\(path)/inside/a/file", _) = error else {
            Issue.record("\(String(describing: error)) is not about writing")
            return
        }
    }

    @Test(.enabled(if: geteuid() != 0, "the superuser may write everything"))
    func whatMayOnlyBeRead() async throws {
        let places = [(path, 0o400, 0o600), (folder.stateFolder.path, 0o500, 0o700)]
        for (place, closed, open) in places {
            try FileManager.default.setAttributes([.posixPermissions: closed], ofItemAtPath: place)
            defer {
                try? FileManager.default.setAttributes(
                    [.posixPermissions: open], ofItemAtPath: place)
            }
            #expect(try await everything() == Self.contents)
            let error = await #expect(throws: StateError.self) {
                try await folder.objects().put("new", [1], if: .absent)
            }
            guard case .unwritable(path, _) = error else {
                Issue.record("\(String(describing: error)) is not about writing")
                continue
            }
        }
    }

    @Test(.enabled(if: geteuid() != 0, "the superuser may read everything"))
    func whatMayNotBeRead() async throws {
        for place in [path, folder.stateFolder.path] {
            try FileManager.default.setAttributes([.posixPermissions: 0], ofItemAtPath: place)
            defer {
                try? FileManager.default.setAttributes(
                    [.posixPermissions: 0o700], ofItemAtPath: place)
            }
            let expected = StateError.inaccessible(
                location: path, detail: "Permission denied",
                remedy: "Grant this user access to the file and its folder, then run it again.")
            await #expect(throws: expected) { try await folder.objects().get("key 10") }
        }
    }

    @Test func aFullDiskLosesNothing() async throws {
        let full = SQLiteObjects(
            DatabaseFile(path: path, maximumPages: 1), time: VirtualClock(),
            random: SeededRandom(seed: 1))
        let large = [UInt8](repeating: 1, count: 100_000)
        let tag = try #require(try await full.get("key 10")).tag
        let expected = StateError.unwritable(location: path, detail: "database or disk is full")
        await #expect(throws: expected) { try await full.put("new", large, if: .absent) }
        await #expect(throws: expected) { try await full.put("key 10", large, if: .tag(tag)) }
        #expect(try await everything() == Self.contents)
        try await full.delete("key 10")
        #expect(try await full.get("key 10") == nil)
    }

    @Test(arguments: [
        (ResultCode.SQLITE_FULL, "database or disk is full"),
        (.SQLITE_IOERR, "disk I/O error"),
        (.SQLITE_READONLY, "attempt to write a readonly database"),
        (.SQLITE_CANTOPEN, "unable to open database file"),
        (.SQLITE_PERM, "access permission denied"),
        (.SQLITE_ERROR, "SQL logic error"),
    ])
    func whatKeepsSQLiteFromWriting(code: ResultCode, words: String) {
        #expect(
            StateError(DatabaseError(resultCode: code), location: path)
                == .unwritable(location: path, detail: words))
    }

    private func alter(_ sql: String) throws {
        try DatabaseQueue(path: path).write { try $0.execute(sql: sql) }
    }

    private func everything(in other: TemporaryFolder? = nil) async throws -> [String: [UInt8]] {
        let objects = (other ?? folder).objects()
        var found: [String: [UInt8]] = [:]
        for object in try await objects.list("", after: nil) {
            found[object.key] = try await objects.get(object.key)?.bytes
        }
        return found
    }

    /// What reading, listing, writing and deleting say.
    private func errors() async -> [StateError?] {
        [
            await #expect(throws: StateError.self) { try await folder.objects().get("key 10") },
            await #expect(throws: StateError.self) {
                try await folder.objects().list("", after: nil)
            },
            await #expect(throws: StateError.self) {
                try await folder.objects().put("new", [1], if: .absent)
            },
            await #expect(throws: StateError.self) { try await folder.objects().delete("key 10") },
        ]
    }

    private func expectRefusal(_ expected: StateError) async throws {
        let bytes = try Data(contentsOf: file)
        #expect(await errors() == Array(repeating: expected, count: 4))
        #expect(try Data(contentsOf: file) == bytes)
    }
}
