import ArgumentParser
import Assembly
import Foundation
import Planning
import Reconciling
import Reporting
import Resources

extension StateCommand {
    struct Push: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Puts a document in the place of the whole state.",
            discussion: """
                For repairs by hand and for moving a state to another store. The document must be \
                this project's; one of another lineage, or older than what is there, is refused \
                unless --force is given. Nothing but the state is changed. On a terminal it shows \
                what becomes of the records and asks first; elsewhere it needs --yes.

                Example: launch state push state.json
                """)

        @Argument(help: "The document, as `launch state pull` prints it; - is stdin.")
        var file = "-"

        @Flag(help: "Replace also what is newer, or of another lineage.")
        var force = false

        @Flag(name: .shortAndLong, help: "Do not ask.")
        var yes = false

        @OptionGroup var global: GlobalOptions
        @OptionGroup var run: RunOptions

        func run() async throws {
            let session = try Session(global)
            let pushed = try document(contents())
            let replacement = try StateReplacement(
                of: try await session.workspace.store.read(), by: pushed, from: location,
                force: force)
            guard !replacement.changesNothing else {
                return try Terminal.print("Nothing to do: the state says the same.\n")
            }
            try approve(replacement)
            let serial = try await withTimeout(run) {
                try await carryOut(replacement, in: session)
            }
            try Terminal.print("Replaced: the state has serial \(serial) now.\n")
        }

        /// - Returns: the state's serial.
        private func carryOut(
            _ replacement: StateReplacement, in session: Session
        ) async throws -> Int {
            try await session.workspace.store.exclusively(
                replacement.services, claim: session.claim("state push", run)
            ) { writer in
                let current = try await writer.document()
                guard current.serial == replacement.old.serial,
                    current.saysTheSame(as: replacement.old)
                else {
                    throw CommandFailure(
                        "the state was changed meanwhile, and was not replaced",
                        remedy: "Run it again.")
                }
                try await writer.replace(with: replacement.new)
                return try await writer.document().serial
            }
        }
    }
}

extension StateCommand.Push {
    private var location: String { file == "-" ? "stdin" : file }

    private func contents() throws -> [UInt8] {
        let data =
            file == "-"
            ? try? FileHandle.standardInput.readToEnd() ?? Data()
            : FileManager.default.contents(atPath: file)
        guard let data else {
            throw CommandFailure(
                "\(location) cannot be read", remedy: "Make one with `launch state pull`.")
        }
        return Array(data)
    }

    /// - Throws: `CommandFailure` that tells the place of what is wrong.
    private func document(_ bytes: [UInt8]) throws -> StateDocument {
        do {
            let document = try StateCoding.read(StateDocument.self, from: bytes, location: location)
            try document.check(Workspace.kinds, location: location)
            return document
        } catch StateError.corrupt(let location, let detail) {
            throw CommandFailure(
                "\(location) is no state: \(detail)",
                remedy: "Correct it; nothing was changed.")
        }
    }

    private func approve(_ replacement: StateReplacement) throws {
        let changes = replacement.changes
        for (address, fate) in changes {
            try Terminal.print(
                fate.rawValue.padding(toLength: 9, withPad: " ", startingAt: 0) + "  \(address)\n")
        }
        let (old, new) = (replacement.old, replacement.new)
        try Terminal.print(
            (changes.isEmpty ? "" : "\n")
                + "Serial \(old.serial) with \(counted(old.resources.count, "object")) gives way "
                + "to serial \(new.serial) with \(counted(new.resources.count, "object")).\n")
        guard !yes else { return }
        guard file != "-", Terminal.isInputInteractive, Terminal.isErrorInteractive else {
            throw CommandFailure(
                "there is nobody to ask",
                remedy: "Say --yes to replace the state without a question.")
        }
        guard try Terminal.confirms("Replace the state?") else { throw ReconcilingError.declined }
    }
}
