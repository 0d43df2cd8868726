import HCL
import Services

/// Finds the specs of a repository: one in each folder of `services`, and modules in
/// `infrastructure/*.tf`.
struct SpecSources {
    static let infrastructure = "infrastructure"

    /// One a service, in order of name.
    private(set) var documents: [SpecDocument] = []
    /// What is wrong with files and folders, apart from what their specs say.
    private(set) var diagnostics: [Diagnostic] = []
    private let files: any FileAccess
    /// Where each service has its spec, also one that cannot be read.
    private var locations: [String: String] = [:]

    init(_ files: any FileAccess) {
        self.files = files
        let modules = modules()
        let folders = names(in: "services").filter { files.isFolder("services/\($0)") }
        for name in folders { read(ServiceFolder(name, files: files), modules) }
        for module in modules { claim(module) }
        for name in Set(folders + modules.filter { $0.nameDiagnostics.isEmpty }.map(\.name)) {
            diagnostics += ServiceFolder(name, files: files).composeDiagnostics
        }
        documents.sort { $0.name < $1.name }
    }

    /// A folder that is not there has no names.
    private mutating func names(in folder: String) -> [String] {
        do throws(FileProblem) {
            return try files.names(in: folder)
        } catch {
            if error != .missing {
                diagnostics.append(
                    Diagnostic(
                        file: folder, place: .start,
                        message: "the folder cannot be read: \(error.description)"))
            }
            return []
        }
    }

    private mutating func modules() -> [SpecDocument] {
        let paths = names(in: Self.infrastructure).filter { $0.hasSuffix(".tf") }
            .map { "\(Self.infrastructure)/\($0)" }
        let files = files
        var specs = HCLSpecs(
            paths.filter { !files.isFolder($0) }.compactMap { path in
                attempt { () throws(InvalidRepository) in try files.hcl(path) }
            })
        let documents = specs.modules()
        diagnostics += specs.diagnostics
        return documents
    }

    private mutating func read(_ folder: ServiceFolder, _ modules: [SpecDocument]) {
        let specFiles = folder.specFiles
        if specFiles.isEmpty, modules.contains(where: { $0.name == folder.name }) { return }
        for file in specFiles.isEmpty ? [folder.yamlFile] : specFiles {
            let document = file == folder.yamlFile ? yaml(of: folder) : hcl(file, of: folder)
            if let document {
                claim(document)
            } else {
                locations[folder.name] = locations[folder.name] ?? file
            }
        }
    }

    private mutating func yaml(of folder: ServiceFolder) -> SpecDocument? {
        attempt { () throws(InvalidRepository) in try folder.yaml() }
    }

    private mutating func hcl(_ path: String, of folder: ServiceFolder) -> SpecDocument? {
        let files = files
        guard let file = attempt({ () throws(InvalidRepository) in try files.hcl(path) }) else {
            return nil
        }
        var specs = HCLSpecs([file])
        let document = specs.document(of: folder.name)
        diagnostics += specs.diagnostics
        return document
    }

    private mutating func attempt<Result>(
        _ read: () throws(InvalidRepository) -> Result
    ) -> Result? {
        do throws(InvalidRepository) {
            return try read()
        } catch {
            diagnostics += error.diagnostics
            return nil
        }
    }

    /// Takes a spec in, or reports that its service has one.
    private mutating func claim(_ document: SpecDocument) {
        diagnostics += document.nameDiagnostics
        if let other = locations[document.name] {
            diagnostics.append(
                Diagnostic(
                    file: document.file, place: document.start,
                    message: "\(document.name) has a spec already, in \(other); keep one of the two"
                ))
            return
        }
        locations[document.name] = document.location
        documents.append(document)
    }
}
