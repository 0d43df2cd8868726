import Services
import Yams

/// One folder of `services`: its name, its spec and the application beside it.
struct ServiceFolder {
    /// Names that would be taken for labels that every runner has.
    static let reservedNames: Set = [
        "linux", "windows", "macos", "x64", "x86", "arm", "arm64", "self-hosted",
    ]

    /// Why runners cannot be labelled with `environment`; `nil` when they can.
    static func problem(withEnvironment environment: String) -> String? {
        reservedNames.contains(environment)
            ? "an environment cannot be called \(environment): other runners have that label" : nil
    }

    private let name: String
    private let files: any FileAccess

    init(_ name: String, files: any FileAccess) {
        self.name = name
        self.files = files
    }

    var specFile: String { "services/\(name)/service.yaml" }
    private var composeFile: String { "services/\(name)/compose.yaml" }

    /// What is wrong with the folder apart from its spec.
    var diagnostics: [Diagnostic] { nameDiagnostics + composeDiagnostics + hclDiagnostics }

    /// The spec's YAML; `nil` when it cannot be read, which is then reported.
    func spec(_ diagnostics: inout [Diagnostic]) -> YAMLText? {
        if isThere("service.hcl"), !isThere("service.yaml") { return nil }
        do throws(InvalidRepository) {
            return try files.yaml(specFile) { missing($0, otherNames: ["service.yml"]) }
        } catch {
            diagnostics += error.diagnostics
            return nil
        }
    }

    private var nameDiagnostics: [Diagnostic] {
        guard TextRule.serviceName.accepts(name) else {
            return [
                diagnostic(
                    "the folder's name is the service's name and must be"
                        + " \(TextRule.serviceName.meaning), not \"\(name)\"")
            ]
        }
        guard !Self.reservedNames.contains(name) else {
            return [
                diagnostic(
                    "a service cannot be called \(name): its runner's labels would be taken for"
                        + " those of other runners; reserved: "
                        + Self.reservedNames.sorted().joined(separator: ", "))
            ]
        }
        return []
    }

    private var composeDiagnostics: [Diagnostic] {
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
                        + " \(services.kind)")
            }
            return []
        } catch {
            return error.diagnostics
        }
    }

    private var hclDiagnostics: [Diagnostic] {
        guard isThere("service.hcl") else { return [] }
        return [
            Diagnostic(
                file: "services/\(name)/service.hcl", place: .start,
                message: "service.hcl is not read yet; write service.yaml")
        ]
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

    private func diagnostic(_ message: String) -> Diagnostic {
        Diagnostic(file: specFile, place: .start, message: message)
    }
}
