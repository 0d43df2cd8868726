import Services
import Yams

/// One folder of `services`: its specs and the application beside them.
struct ServiceFolder {
    let name: String
    private let files: any FileAccess

    init(_ name: String, files: any FileAccess) {
        self.name = name
        self.files = files
    }

    var yamlFile: String { "services/\(name)/service.yaml" }
    private var hclFile: String { "services/\(name)/service.hcl" }
    private var composeFile: String { "services/\(name)/compose.yaml" }

    /// Those that are there; a folder should have one.
    var specFiles: [String] {
        [("service.yaml", yamlFile), ("service.hcl", hclFile)].filter { isThere($0.0) }.map(\.1)
    }

    func yaml() throws(InvalidRepository) -> SpecDocument {
        let text = try files.yaml(yamlFile) { missing($0, otherNames: ["service.yml"]) }
        return SpecDocument(name: name, file: yamlFile, namePlace: nil, root: .yaml(text.root))
    }

    var composeDiagnostics: [Diagnostic] {
        do throws(InvalidRepository) {
            let document = try files.yaml(composeFile) {
                missing(
                    $0, otherNames: ["compose.yml", "docker-compose.yaml", "docker-compose.yml"])
            }
            guard let services = document.root.mapping?["services"] else {
                throw InvalidRepository(
                    composeFile, .start, "a Compose file must have a mapping \"services\"")
            }
            guard case .mapping(let mapping) = services, !mapping.isEmpty else {
                throw InvalidRepository(
                    composeFile, services.place,
                    "\"services\" must be a mapping with at least one service, not"
                        + " \(SpecNode.yaml(services).kind)")
            }
            return []
        } catch {
            return error.diagnostics
        }
    }

    private func isThere(_ file: String) -> Bool {
        ((try? files.names(in: "services/\(name)")) ?? []).contains(file)
    }

    private func missing(_ problem: FileProblem, otherNames: [String]) -> String? {
        guard problem == .missing else { return nil }
        if let other = otherNames.first(where: isThere) {
            return "the file is missing; rename \(other) to it"
        }
        return "the file is missing; `launch new` shows what belongs into it"
    }
}
