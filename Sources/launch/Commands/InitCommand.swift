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
            "Begins a repository: launch.yaml, schemas/, services/, workflows; tests the state store.",
        discussion: """
            A launch.yaml that is there is kept, and the store that it names is tested.

            With --from-hcl, every service.hcl in and below DIR and every module of DIR/*.tf whose \
            source ends with launch-service is written as services/<name>/service.yaml, comments \
            kept. All are written or none, and none over a file that is there; the state store is \
            not tested then.

            Example: launch init --domain example.com --state s3://my-bucket/shop
            Example: launch init --from-hcl infrastructure
            """)

    @Option(help: "The project's name; the folder's name if left out.")
    var project: String?

    @Option(help: "The domain under which public services appear.")
    var domain: String?

    @Option(help: "The GitHub repository, as owner/name.")
    var repository: String?

    @Option(help: "Where the state is, as s3://bucket/key; a file if left out.")
    var state: BucketAddress?

    @Option(help: "The region of that bucket; AWS_REGION if left out.")
    var region: String?

    @Option(help: "The S3 service of that bucket, when it is not AWS's.")
    var endpoint: String?

    @Option(
        help: ArgumentHelp(
            "Writes the specs in HCL below this folder as service.yaml.", valueName: "dir"),
        completion: .directory)
    var fromHcl: String?

    @OptionGroup var global: GlobalOptions
    @OptionGroup var run: RunOptions

    func validate() throws {
        guard state != nil || (region == nil && endpoint == nil) else {
            throw ValidationError("--region and --endpoint belong to --state.")
        }
    }

    func run() async throws {
        let folder = URL(fileURLWithPath: global.directory).standardizedFileURL
        let writer = ScaffoldWriter(root: folder.path)
        let specs = try fromHcl.map { try HCLConversion(folder: $0).specs() }
        try writer.refuseExisting(specs?.map(\.file) ?? [])
        for file in try files(in: folder, writer) {
            try writer.write(file, keepingExisting: true)
        }
        if let specs { return try write(specs, writer) }
        let session = try Session(global, parallelism: run.parallelism)
        _ = try await withTimeout(run) { try await session.workspace.store.prove() }
        let workflows = WorkflowFolder(root: folder.path, session.repository)
        try workflows.write(keepingOthers: true)
        try Terminal.print(
            "The workflows need, before the first push:\n"
                + workflows.needs.map { "  \($0)\n" }.joined())
        try Terminal.print(
            "The state store works: \(session.workspace.statePlace). "
                + "Next: launch new SERVICE --target aws\n")
    }

    private func write(_ specs: [ConvertedSpec], _ writer: ScaffoldWriter) throws {
        try writer.writeAll(specs.map(\.file))
        try Terminal.print(
            specs.map { "\($0.file.path) says what \($0.origin) says.\n" }.joined()
                + "Next: remove these specs from the HCL files, put a compose.yaml beside each "
                + "service.yaml, then: launch validate\n")
    }

    private func files(
        in folder: URL, _ writer: ScaffoldWriter
    ) throws -> [ServiceScaffold.File] {
        guard !writer.isThere("launch.yaml") else {
            guard state == nil else {
                throw CommandFailure(
                    "launch.yaml is there already, and says where the state is",
                    remedy: "Set `state` in it, and leave --state out.")
            }
            try writer.sayKept("launch.yaml")
            return ServiceScaffold.surroundings
        }
        var settings = StateSettings()
        if let state {
            settings.backend = .s3
            settings.bucket = state.bucket
            settings.key = state.key
            settings.region = region
            settings.endpoint = endpoint
        }
        return try ServiceScaffold.project(
            project ?? projectName(from: folder.lastPathComponent), domain: domain,
            repository: repository, state: settings,
            environment: ProcessInfo.processInfo.environment)
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
        try writer.refuseExisting(files, others: ["services/\(service)/service.hcl"])
        for file in files { try writer.write(file, keepingExisting: false) }
    }
}

/// `s3://bucket/key` on the command line.
struct BucketAddress: ExpressibleByArgument {
    let bucket: String
    let key: String

    init?(argument: String) {
        guard let path = argument.wholeMatch(of: /s3:\/\/([^\/]+)\/(.+)/) else { return nil }
        bucket = String(path.1)
        key = String(path.2)
    }
}

/// Writes scaffolded files and says so; never over what is there.
private struct ScaffoldWriter {
    let root: String

    func isThere(_ path: String) -> Bool {
        FileManager.default.fileExists(atPath: "\(root)/\(path)")
    }

    /// - Parameter others: what would be in the way, too.
    func refuseExisting(_ files: [ServiceScaffold.File], others: [String] = []) throws {
        let existing = (files.map(\.path) + others).filter(isThere)
        guard !existing.isEmpty else { return }
        let isOne = existing.count == 1
        throw CommandFailure(
            "\(existing.joined(separator: ", ")) \(isOne ? "is" : "are") there already",
            remedy: "Choose another name, or edit \(isOne ? "it" : "them").")
    }

    /// Writes all of these, or takes away again what was written.
    func writeAll(_ files: [ServiceScaffold.File]) throws {
        var written: [ServiceScaffold.File] = []
        do {
            for file in files {
                try write(file, keepingExisting: false)
                written.append(file)
            }
        } catch {
            for file in written {
                try FileManager.default.removeItem(atPath: "\(root)/\(file.path)")
                try Terminal.print("removed  \(file.path)\n")
            }
            throw error
        }
    }

    func sayKept(_ path: String) throws { try Terminal.print("kept     \(path)\n") }

    func write(_ file: ServiceScaffold.File, keepingExisting: Bool) throws {
        let path = "\(root)/\(file.path)"
        if keepingExisting, isThere(file.path) {
            return try sayKept(file.path)
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
