package import Services

import HCL

/// A repository's specs, checked and complete.
package struct Repository: Hashable, Sendable {
    package let project: ProjectSpec
    /// In order of name.
    package let services: [ServiceSpec]

    package init(project: ProjectSpec, services: [ServiceSpec]) {
        self.project = project
        self.services = services
    }
}

/// Reads `launch.yaml` and the services' specs, in YAML or HCL. It asks nobody but the file system.
package struct RepositoryReader: Sendable {
    static let projectFile = "launch.yaml"
    private let files: any FileAccess
    private let environment: [String: String]

    /// - Parameter environment: where `${NAME}` in `launch.yaml` is looked up.
    package init(files: any FileAccess, environment: [String: String]) {
        self.files = files
        self.environment = environment
    }

    package init(root: String, environment: [String: String]) {
        self.init(files: LocalFiles(root: root), environment: environment)
    }

    /// - Throws: `InvalidRepository` with everything that is wrong in all files.
    package func read() throws(InvalidRepository) -> Repository {
        var diagnostics: [Diagnostic] = []
        let project = readProject(&diagnostics)
        let isProjectSound = diagnostics.isEmpty
        let sources = SpecSources(files)
        diagnostics += sources.diagnostics
        var services: [ServiceSpec] = []
        for document in sources.documents {
            var reader = ServiceReader(document, in: project, isProjectSound: isProjectSound)
            services.append(reader.read())
            diagnostics += reader.checker.diagnostics
        }
        diagnostics += ServiceConflicts(services, in: project).diagnostics
        guard diagnostics.isEmpty else { throw InvalidRepository(diagnostics) }
        return Repository(project: project, services: services)
    }

    private func readProject(_ diagnostics: inout [Diagnostic]) -> ProjectSpec {
        do throws(InvalidRepository) {
            let document = try files.yaml(Self.projectFile) {
                $0 == .missing
                    ? "there is no launch.yaml here; run `launch init` to begin a project,"
                        + " or name its folder with --directory" : nil
            }
            var reader = ProjectReader(environment: environment)
            let project = reader.read(document)
            diagnostics += reader.checker.diagnostics
            return project
        } catch {
            diagnostics += error.diagnostics
            return ProjectSpec(project: "")
        }
    }
}

extension FileAccess {
    /// - Parameter explain: a better message for a problem, if there is one.
    /// - Throws: `InvalidRepository` with the one diagnostic of what is wrong.
    func yaml(
        _ file: String, explain: (FileProblem) -> String?
    ) throws(InvalidRepository) -> YAMLText {
        try YAMLText(try bytes(of: file, explain: explain), file: file)
    }

    /// The same for HCL; what is wrong with its form is in the result.
    func hcl(_ file: String) throws(InvalidRepository) -> HCLFile {
        let bytes = try bytes(of: file) { _ in nil }
        return HCLFile(try SpecText.decoded(bytes, file: file), name: file)
    }

    private func bytes(
        of file: String, explain: (FileProblem) -> String?
    ) throws(InvalidRepository) -> [UInt8] {
        do throws(FileProblem) {
            return try content(of: file)
        } catch {
            throw InvalidRepository(
                file, .start, explain(error) ?? "the file cannot be read: \(error.description)")
        }
    }
}
