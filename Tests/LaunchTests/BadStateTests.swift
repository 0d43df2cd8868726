import Foundation
import GRDB
import TestSupport
import Testing

/// A state that cannot be read or written: one clear error, exit 1, nothing changed.
@Suite(.timeLimit(.minutes(10))) struct BadStateTests {
    enum Damage: String, CaseIterable, Sendable {
        case truncated, foreign, flipped, newer

        var errors: String {
            switch self {
            case .truncated: "the state cannot be read: database disk image is malformed"
            case .foreign: "the state cannot be read: file is not a database"
            case .flipped:
                "the state cannot be read: the row \"librechat/aws.volume\" of table resources "
                    + "does not match its checksum"
            case .newer:
                "the state has format 99, written by a newer Launch; "
                    + "this one reads up to format 1"
            }
        }

        var remedy: String {
            self == .newer
                ? "Update Launch."
                : "Restore it from a backup, or move it away: objects are found again by their "
                    + "marks."
        }

        func inflict(on file: URL) async throws {
            var bytes = try Data(contentsOf: file)
            switch self {
            case .truncated: bytes = bytes.prefix(bytes.count / 2)
            case .foreign: bytes = Data("milk, eggs, bread".utf8)
            case .flipped:
                return try await execute(
                    """
                    UPDATE resources SET document = replace(document, 'vol-', 'voL-')
                    WHERE key = 'librechat/aws.volume'
                    """, in: file)
            case .newer: return try await execute("UPDATE header SET format_version = 99", in: file)
            }
            try bytes.write(to: file)
        }

        private func execute(_ statement: String, in file: URL) async throws {
            try await DatabaseQueue(path: file.path).write { try $0.execute(sql: statement) }
        }
    }

    @Test(arguments: Damage.allCases)
    func aStateThatCannotBeUsed(_ damage: Damage) async throws {
        try await withBench(["librechat"]) { (bench) async throws in
            #expect(try await bench.run("converge", "--yes").code == 0)
            try await damage.inflict(on: bench.stateFile)
            let bytes = try Data(contentsOf: bench.stateFile)
            let world = try await bench.world.inventory()
            let refusal = Outcome(
                1,
                errors: "Error: \(bench.stateFile.path): \(damage.errors)\n→ \(damage.remedy)\n")
            #expect(try await bench.run("converge", "--yes") == refusal)
            #expect(try await bench.run("destroy", "--all", "--yes") == refusal)
            #expect(try await bench.run("plan") == refusal)
            #expect(try await bench.run("state", "list") == refusal)
            #expect(try Data(contentsOf: bench.stateFile) == bytes)
            #expect(try await bench.world.inventory() == world)
        }
    }

    @Test(.enabled(if: SmallDisk.isPossible, "only root can mount a small disk"))
    func aFullDisk() async throws {
        try await withBench { (bench) async throws in
            let disk = try SmallDisk(at: bench.repository.appending(path: "state"))
            defer { disk.remove() }
            let refused = try await bench.run("converge", "--yes")
            #expect(
                refused
                    == Outcome(
                        1,
                        errors: """
                            Error: \(bench.stateFile.path): the state cannot be written: \
                            database or disk is full
                            → Free space or grant access to that place, then run it again.

                            """))
            #expect(try await bench.world.inventory() == [:])
        }
    }
}

/// A file system with room for little more than a file's name.
private struct SmallDisk {
    static let isPossible = geteuid() == 0 && ExternalTool("mount").isInstalled

    private let folder: URL

    init(at folder: URL) throws {
        self.folder = folder
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let complaint = try ExternalTool("mount").complaint([
            "-t", "tmpfs", "-o", "size=20k", "none", folder.path,
        ])
        try #require(complaint == nil)
    }

    func remove() { _ = try? ExternalTool("umount").complaint([folder.path]) }
}
