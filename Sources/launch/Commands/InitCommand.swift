import Assembly
import Services
import Resources
import ArgumentParser
import Foundation
import ServiceFiles

struct InitCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "init",
        abstract:
            "Begins a repository: launch.yaml, schemas/, services/; tests the state store.",
        discussion: "Example: launch init --project shop --domain example.com --repository me/shop")

    @Option(help: "The project's name; the folder's name if left out.")
    var project: String?

    @Option(help: "The domain under which public services appear.")
    var domain: String?

    @Option(help: "The GitHub repository, as owner/name.")
    var repository: String?

    @OptionGroup var global: GlobalOptions
    @OptionGroup var run: RunOptions

    func run() async throws {
        let folder = URL(fileURLWithPath: global.directory).standardizedFileURL
        let writer = ScaffoldWriter(root: folder.path)
        let name = try project ?? projectName(from: folder.lastPathComponent)
        for file in ServiceScaffold.project(name, domain: domain, repository: repository) {
            try writer.write(file, keepingExisting: true)
        }
        let session = try Session(global, parallelism: run.parallelism)
        _ = try await session.workspace.store.prove()
        try Terminal.print("The state store works. Next: launch new SERVICE --target aws\n")
    }

    /// The folder's name, if a project may be called so.
    private func projectName(from folder: String) throws -> String {
        let name = folder.lowercased().map { $0.isASCII && ($0.isLetter || $0.isNumber) ? $0 : "-" }
        guard let first = name.first, first.isLetter, name.count <= 32 else {
            throw CommandFailure(
                "no project can be called \"\(folder)\"", remedy: "Name it with --project.")
        }
        return String(name)
    }
}

struct NewCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "new",
        abstract: "Scaffolds one service's folder.",
        discussion: "Example: launch new web --target aws --size medium --public")

    @Argument(help: "The service's name: its folder, its host name, its runner's label.")
    var service: String

    @Option(help: "Where it runs: aws or proxmox.")
    var target: Target

    @Option(help: "How big its machine is: small, medium, large or xlarge.")
    var size = Size.small

    @Flag(name: .customLong("public"), help: "It answers at https://<service>.<domain>.")
    var isPublic = false

    @OptionGroup var global: GlobalOptions

    enum Target: String, ExpressibleByArgument, CaseIterable { case aws, proxmox }
    enum Size: String, ExpressibleByArgument, CaseIterable { case small, medium, large, xlarge }

    func run() throws {
        if let problem = ServiceScaffold.problem(withServiceName: service) {
            throw CommandFailure("\(service) \(problem)", remedy: "Choose another name.")
        }
        let writer = ScaffoldWriter(root: global.directory)
        let files = ServiceScaffold.service(
            service, target: target == .aws ? .aws : .proxmox, size: size.rawValue,
            isPublic: isPublic)
        try writer.refuseExisting(files)
        for file in files { try writer.write(file, keepingExisting: false) }
    }
}

/// Writes scaffolded files and says so; never over what is there.
private struct ScaffoldWriter {
    let root: String

    func refuseExisting(_ files: [ServiceScaffold.File]) throws {
        for file in files where FileManager.default.fileExists(atPath: "\(root)/\(file.path)") {
            throw CommandFailure(
                "\(file.path) is there already", remedy: "Choose another name, or edit it.")
        }
    }

    func write(_ file: ServiceScaffold.File, keepingExisting: Bool) throws {
        let path = "\(root)/\(file.path)"
        if keepingExisting, FileManager.default.fileExists(atPath: path) {
            try Terminal.print("kept     \(file.path)\n")
            return
        }
        do {
            try FileManager.default.createDirectory(
                at: URL(fileURLWithPath: path).deletingLastPathComponent(),
                withIntermediateDirectories: true)
        } catch {
            throw CommandFailure("the folder of \(path) cannot be made")
        }
        try writeFile(file.content, to: path)
        try Terminal.print("created  \(file.path)\n")
    }
}
