import Foundation
import Journal
import Resources
import Simulation
import Testing

@testable import SQLiteState

@Suite struct SQLiteObjectsTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    @Test func onlyPuttingCreatesTheFile() async throws {
        let objects = folder.objects()
        #expect(try await objects.get("a") == nil)
        #expect(try await objects.list("", after: nil) == [])
        try await objects.delete("a")
        #expect(try await objects.legacyDocument() == nil)
        try await objects.retireLegacy()
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.url.path) == [])

        #expect(try await objects.put("a", [1], if: .absent) != .refused)
        #expect(try await folder.objects().get("a")?.bytes == [1])
    }

    @Test func onlyTheOwnerMayReadWhatItMakes() async throws {
        _ = try await folder.objects().put("a", [1], if: .absent)
        let file = try FileManager.default.attributesOfItem(atPath: folder.statePath)
        let parent = try FileManager.default.attributesOfItem(atPath: folder.stateFolder.path)
        #expect(file[.posixPermissions] as? Int == 0o600)
        #expect(parent[.posixPermissions] as? Int == 0o700)
    }

    @Test func leavesOneFileThatCanBeCopied() async throws {
        let objects = folder.objects()
        _ = try await objects.put("a", [1], if: .absent)
        let files = try FileManager.default.contentsOfDirectory(atPath: folder.stateFolder.path)
        #expect(files == ["launch.sqlite"])

        let copy = try TemporaryFolder()
        try FileManager.default.copyItem(
            at: folder.stateFolder, to: copy.url.appending(path: "state"))
        #expect(try await copy.objects().get("a") == objects.get("a"))
    }

    @Test func namesItsFileAsOneOfLaunch() async throws {
        _ = try await folder.objects().put("a", [1], if: .absent)
        let bytes = try Data(contentsOf: URL(filePath: folder.statePath))
        #expect(bytes[68..<72] == Data("Lnch".utf8))
    }

    /// Somebody puts a backup back while a run holds a tag of what came after it.
    @Test func aTagIsOfNoVersionThatCameAfterABackup() async throws {
        let objects = folder.objects()
        _ = try await objects.put("a", [1], if: .absent)
        let file = URL(filePath: folder.statePath)
        let backup = try Data(contentsOf: file)
        let first = try #require(try await objects.get("a")).tag
        let lost = try await objects.put("a", [2], if: .tag(first))
        guard case .written(let tag) = lost else { throw CancellationError() }

        try backup.write(to: file)
        #expect(try await folder.objects().put("a", [3], if: .tag(first)) != .refused)
        #expect(try await folder.objects().put("a", [4], if: .tag(tag)) == .refused)
    }

    @Test func deletesManyInOneTransaction() async throws {
        let objects = folder.objects()
        let keys = (1...500).map { "journal/\($0)" }
        for key in keys + ["kept"] { _ = try await objects.put(key, [1], if: .absent) }
        try await objects.delete(keys + ["unknown"])
        #expect(try await objects.list("", after: nil).map(\.key) == ["kept"])
    }

    @Test func theFileStopsGrowing() async throws {
        let objects = folder.objects()
        let large = [UInt8](repeating: 1, count: 200_000)
        var sizes: Set<Int> = []
        for turn in 1...30 {
            let tag = try await objects.get("snapshot")?.tag
            _ = try await objects.put(
                "snapshot", large, if: tag.map(WriteCondition.tag) ?? .absent)
            let entries = (1...20).map { "journal/\(turn)/\($0)" }
            for key in entries {
                _ = try await objects.put(key, [UInt8](repeating: 2, count: 500), if: .absent)
            }
            try await objects.delete(entries)
            if turn > 2 {
                sizes.insert(try Data(contentsOf: URL(filePath: folder.statePath)).count)
            }
        }
        #expect(sizes.count == 1)
        #expect(try #require(sizes.first) < 3 * large.count)
    }

    @Test func nothingOfWhatWasDeletedStaysInTheFile() async throws {
        let objects = folder.objects()
        let needle = Array("needle".utf8)
        let text = needle + [UInt8](repeating: 32, count: 20_000) + needle
        _ = try await objects.put("kept", [1], if: .absent)
        _ = try await objects.put("deleted", text, if: .absent)
        guard case .written(let tag) = try await objects.put("replaced", text, if: .absent)
        else { throw CancellationError() }
        let file = URL(filePath: folder.statePath)
        #expect(try Data(contentsOf: file).range(of: Data(needle)) != nil)

        try await objects.delete("deleted")
        _ = try await objects.put("replaced", [2], if: .tag(tag))
        #expect(try Data(contentsOf: file).range(of: Data(needle)) == nil)
    }

    @Test func worksInACancelledTask() async throws {
        let objects = folder.objects()
        let task = Task {
            withUnsafeCurrentTask { $0?.cancel() }
            return try await objects.put("a", [1], if: .absent)
        }
        #expect(try await task.value != .refused)
        #expect(try await objects.get("a")?.bytes == [1])
    }
}
