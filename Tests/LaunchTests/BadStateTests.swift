import Foundation
import GRDB
import TestSupport
import Testing

/// A state that cannot be read or written: one clear error, exit 1, nothing changed.
@Suite(.timeLimit(.minutes(20))) struct BadStateTests {
    enum Damage: String, CaseIterable, Sendable {
        case truncated, foreign, flipped, newer

        /// What is said of `file`.
        func errors(_ file: URL) -> String {
            switch self {
            case .truncated:
                "\(file.path): the state cannot be read: database disk image is malformed"
            case .foreign: "\(file.path): the state cannot be read: file is not a database"
            case .flipped:
                "\(file.path)/state: the state cannot be read: it is damaged: its checksum is "
                    + "another"
            case .newer:
                "\(file.path): the state has format 99, written by a newer Launch; "
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
                    UPDATE objects
                    SET bytes = CAST(replace(CAST(bytes AS TEXT), 'lineage', 'linEage') AS BLOB)
                    WHERE key = 'state'
                    """, in: file)
            case .newer: return try await execute("PRAGMA user_version = 99", in: file)
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
                errors: "Error: \(damage.errors(bench.stateFile))\n→ \(damage.remedy)\n")
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
            let disk = try SmallDisk(
                at: bench.repository.appending(path: "state"), size: "20k")
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

extension BadStateTests {
    /// What was written up to then is there, and the next run goes on from it.
    @Test(.enabled(if: SmallDisk.isPossible, "only root can mount a small disk"))
    func aDiskThatFillsInMidRun() async throws {
        try await withBench { (bench) async throws in
            let disk = try SmallDisk(
                at: bench.repository.appending(path: "state"), size: "48k")
            defer { disk.remove() }
            let refused = try await bench.run("converge", "--yes")
            #expect(refused.code == 1)
            #expect(
                refused.errors.contains(
                    "\(bench.stateFile.path): the state cannot be written: database or disk is "
                        + "full"), "\(refused.errors)")
            #expect(try await bench.run("state", "pull").code == 0)
            try disk.grow(to: "10m")
            let second = try await bench.run("converge", "--yes")
            #expect(second.code == 0, "\(second.errors)")
            #expect(try await bench.world.inventory() == Bench.everything)
            #expect(try await bench.run("plan", "--detailed-exitcode").code == 0)
        }
    }
}

/// A file system of its own.
private struct SmallDisk {
    static let isPossible = geteuid() == 0 && ExternalTool("mount").isInstalled

    private let folder: URL

    init(at folder: URL, size: String) throws {
        self.folder = folder
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let complaint = try ExternalTool("mount").complaint([
            "-t", "tmpfs", "-o", "size=\(size)", "none", folder.path,
        ])
        try #require(complaint == nil)
    }

    func grow(to size: String) throws {
        let complaint = try ExternalTool("mount").complaint([
            "-o", "remount,size=\(size)", folder.path,
        ])
        try #require(complaint == nil)
    }

    func remove() { _ = try? ExternalTool("umount").complaint([folder.path]) }
}

extension BadStateTests {
    /// A machine remembers how far it has seen the state go.
    @Test func anOlderFilePutBack() async throws {
        try await withBench(["worker"]) { (bench) async throws in
            #expect(try await bench.run("converge", "--yes").code == 0)
            let older = try Data(contentsOf: bench.stateFile)
            try bench.edit("services/worker/service.yaml", "size: small", "size: large")
            #expect(try await bench.run("converge", "--yes").code == 0)
            try older.write(to: bench.stateFile)

            let folder = bench.folder.appending(path: ".local/state/launch")
            let witnesses = try FileManager.default.contentsOfDirectory(atPath: folder.path)
            let witness = try #require(witnesses.first)
            #expect(witnesses == [witness])
            for command in ["plan", "converge"] {
                let refused = try await bench.run(command)
                #expect(refused.code == 1)
                #expect(refused.output == "")
                #expect(
                    refused.errors.hasPrefix(
                        "Error: \(bench.stateFile.path)/state: an older copy of the state was put back: "
                            + "it ends with change "))
                #expect(refused.errors.contains("\(folder.path)/\(witness) knows of change "))
            }
            #expect(try Data(contentsOf: bench.stateFile) == older)

            try FileManager.default.removeItem(at: folder.appending(path: witness))
            #expect(try await bench.run("converge", "--yes").code == 0)
            #expect(try await bench.run("plan", "--detailed-exitcode").code == 0)
        }
    }
}
