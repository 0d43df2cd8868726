import HCL
import Resources
import Services

/// A spec in HCL, as the `service.yaml` that means the same.
package struct ConvertedSpec: Hashable, Sendable {
    /// `services/<name>/service.yaml`, below the repository's root.
    package let file: ServiceScaffold.File
    /// `infrastructure/main.tf:3:8`, where it was read.
    package let origin: String
}

/// Turns the specs of a folder of HCL files into YAML; writes nothing.
package struct HCLConversion: Sendable {
    /// Folders in folders that are looked into.
    static let deepest = 8
    private static let header =
        "# yaml-language-server: $schema=../../schemas/service.schema.json\n"

    private let files: any FileAccess
    private let folder: String

    init(files: any FileAccess, folder: String) {
        self.files = files
        self.folder = folder
    }

    /// - Parameter folder: a path of this machine, which messages name as it is.
    package init(folder: String) {
        let path = folder.count > 1 && folder.hasSuffix("/") ? String(folder.dropLast()) : folder
        self.init(files: LocalFiles(root: path.hasPrefix("/") ? "" : "."), folder: path)
    }

    /// Every `service.hcl` in and below the folder, named for the folder it is in, and the modules
    /// of the folder's `*.tf`.
    ///
    /// - Throws: `InvalidRepository` with all that is wrong with any of them, or that there is none.
    package func specs() throws(InvalidRepository) -> [ConvertedSpec] {
        var diagnostics: [Diagnostic] = []
        let documents = documents(&diagnostics)
        var locations: [String: String] = [:]
        var specs: [ConvertedSpec] = []
        for document in documents {
            var checker = SpecChecker(file: document.file, start: document.start)
            let meant = checker.check(document.root, SpecField.service)
            diagnostics += document.nameDiagnostics + checker.diagnostics
            if let other = locations.updateValue(document.location, forKey: document.name) {
                diagnostics.append(
                    Diagnostic(
                        file: document.file, place: document.start,
                        message: "\(document.name) has a spec already, in \(other)"))
            }
            guard diagnostics.isEmpty else { continue }
            specs.append(try converted(document, meaning: meant))
        }
        guard diagnostics.isEmpty else { throw InvalidRepository(diagnostics) }
        guard !specs.isEmpty else {
            throw InvalidRepository(
                folder, .start,
                "there is no spec in HCL here: no service.hcl, and in no *.tf a"
                    + " module whose source ends with \(HCLSpecs.module)")
        }
        return specs
    }

    /// - Throws: `InvalidRepository` when the YAML would mean something else.
    private func converted(
        _ document: SpecDocument, meaning meant: Value
    ) throws(InvalidRepository) -> ConvertedSpec {
        let path = "services/\(document.name)/service.yaml"
        let text = Self.header + document.yamlText
        var checker = SpecChecker(file: path)
        let yaml = try YAMLText(Array(text.utf8), file: path)
        guard checker.check(.yaml(yaml.root), SpecField.service) == meant else {
            throw InvalidRepository(
                document.file, document.start, "this cannot be said in YAML; write \(path) by hand")
        }
        return ConvertedSpec(
            file: ServiceScaffold.File(path: path, content: text), origin: document.location)
    }

    private func documents(_ diagnostics: inout [Diagnostic]) -> [SpecDocument] {
        var documents: [SpecDocument] = []
        for path in paths(in: folder, deep: 0, named: "service.hcl", &diagnostics) {
            guard let file = read(path, &diagnostics) else { continue }
            let parts = path.split(separator: "/")
            var specs = HCLSpecs([file])
            documents.append(specs.document(of: parts.dropLast().last.map(String.init) ?? ""))
            diagnostics += specs.diagnostics
        }
        let names = ((try? files.names(in: folder)) ?? []).filter { $0.hasSuffix(".tf") }
        var specs = HCLSpecs(names.compactMap { read("\(folder)/\($0)", &diagnostics) })
        documents += specs.modules()
        diagnostics += specs.diagnostics
        return documents
    }

    private func read(_ path: String, _ diagnostics: inout [Diagnostic]) -> HCLFile? {
        do throws(InvalidRepository) {
            return try files.hcl(path)
        } catch {
            diagnostics += error.diagnostics
            return nil
        }
    }

    /// The files of a name in and below a folder.
    private func paths(
        in folder: String, deep depth: Int, named name: String, _ diagnostics: inout [Diagnostic]
    ) -> [String] {
        let names: [String]
        do throws(FileProblem) {
            names = try files.names(in: folder)
        } catch {
            diagnostics.append(
                Diagnostic(
                    file: folder, place: .start,
                    message: "the folder cannot be read: \(error.description)"))
            return []
        }
        var paths: [String] = []
        for entry in names {
            let path = "\(folder)/\(entry)"
            if !files.isFolder(path) {
                if entry == name { paths.append(path) }
            } else if depth < Self.deepest {
                paths += self.paths(in: path, deep: depth + 1, named: name, &diagnostics)
            }
        }
        return paths
    }
}
