import ArgumentParser
import Foundation
import ServiceFiles
import Services
import Workflows

struct WorkflowsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "workflows",
        abstract: "Writes the GitHub workflows of this repository; contacts nobody.",
        discussion: """
            Never over a file that a person wrote. Run it again after each change of launch.yaml \
            or a service.yaml; the Plan workflow checks that.

            Example: launch workflows --check
            """)

    @Flag(help: "Write nothing; exit with 1 when a file is missing or out of date.")
    var check = false

    @OptionGroup var global: GlobalOptions

    func run() throws {
        let repository = try Session.repository(global, ProcessInfo.processInfo.environment)
        let folder = WorkflowFolder(root: global.directory, repository)
        let stale = folder.stale
        if check, !stale.isEmpty {
            throw CommandFailure(
                "out of date: \(stale.joined(separator: ", "))",
                remedy: "Run `launch workflows`, and commit what it writes.")
        }
        if stale.isEmpty { return try Terminal.print("The workflows are up to date.\n") }
        try folder.write(keepingOthers: false)
        for need in folder.needs { Terminal.printError("Note: \(need)") }
    }
}

/// The generated files as they lie in a repository.
struct WorkflowFolder {
    private let root: String
    private let workflows: Workflows

    init(root: String, _ repository: Repository) {
        self.root = root
        workflows = Workflows(for: repository.services, in: repository.project)
    }

    /// Paths of what is missing, differs or is no longer needed.
    var stale: [String] {
        workflows.files.filter { content($0.path) != $0.content }.map(\.path) + obsolete
    }

    /// - Parameter keepingOthers: what a person wrote is passed over, and said so.
    /// - Throws: otherwise `CommandFailure`, before anything is written.
    func write(keepingOthers: Bool) throws {
        let due = workflows.files.filter { content($0.path) != $0.content }
        let others = due.map(\.path).filter { !isOurs($0) }
        guard others.isEmpty || keepingOthers else {
            throw CommandFailure(
                "not written by Launch: \(others.joined(separator: ", "))",
                remedy: "Move or delete what is there; Launch writes over its own files only.")
        }
        for file in due {
            guard isOurs(file.path) else {
                try Terminal.print("kept     \(file.path)\n")
                continue
            }
            try write(file)
        }
        for path in obsolete {
            try FileManager.default.removeItem(atPath: "\(root)/\(path)")
            try Terminal.print("deleted  \(path)\n")
        }
    }

    private func write(_ file: WorkflowFile) throws {
        let path = "\(root)/\(file.path)"
        let verb = content(file.path) == nil ? "created " : "updated "
        do {
            try FileManager.default.createDirectory(
                at: URL(fileURLWithPath: path).deletingLastPathComponent(),
                withIntermediateDirectories: true)
        } catch {
            throw CommandFailure("the folder of \(path) cannot be made")
        }
        try writeFile(file.content, to: path)
        try Terminal.print("\(verb) \(file.path)\n")
    }

    private var obsolete: [String] {
        workflows.obsoletePaths.filter { content($0) != nil && isOurs($0) }
    }

    private func isOurs(_ path: String) -> Bool {
        content(path).map(WorkflowFile.isGenerated) ?? true
    }

    private func content(_ path: String) -> String? {
        FileManager.default.contents(atPath: "\(root)/\(path)")
            .map { String(decoding: $0, as: UTF8.self) }
    }

    /// What the workflows need that only a person can give.
    var needs: [String] { workflows.needs(hasAction: content("action.yml") != nil) }
}
