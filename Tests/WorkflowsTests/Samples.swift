import ServiceFiles
import Services
import TestSupport
import Testing

@testable import Workflows

/// Repositories that are generated for, from the examples to odd ones.
struct Sample: CustomTestStringConvertible, Sendable {
    let name: String
    let services: [ServiceSpec]
    let project: ProjectSpec

    var workflows: Workflows { Workflows(for: services, in: project) }
    var testDescription: String { name }

    func file(_ path: String) -> String? {
        workflows.files.first { $0.path == path }?.content
    }

    static let all = [examples, empty, one, forty, dashes, offAWS, ephemeral]

    static let examples: Sample = {
        let reader = RepositoryReader(root: PackageFiles.root, environment: [:])
        let repository = try? reader.read()
        return Sample(
            name: "the examples", services: repository?.services ?? [],
            project: repository?.project ?? ProjectSpec(project: "unread"))
    }()

    static let empty = Sample(
        name: "no services", services: [], project: ProjectSpec(project: "fresh"))

    static let one = Sample(
        name: "one service", services: [ServiceSpec(name: "web", target: .aws)],
        project: ProjectSpec(project: "shop"))

    static let forty = Sample(
        name: "forty services",
        services: (1...40).map { number in
            ServiceSpec(
                name: "s\(number)", target: number % 2 == 0 ? .aws : .proxmox,
                publicAccess: PublicAccess(hostname: "s\(number).example.com", port: 8080),
                port: 8080, secrets: ["KEY_\(number)", "SHARED"], health: "/it's/ok?a=%20&b",
                environment: number % 3 == 0 ? "staging" : "production")
        },
        project: ProjectSpec(project: "crowd", domain: "example.com"))

    /// Names that YAML takes for something else, and others that are hard to quote.
    static let dashes = Sample(
        name: "odd names",
        services: ["a-b-c", "true", "null", "on", "no", "y", "e1", "web"].map {
            ServiceSpec(
                name: $0, target: .aws,
                publicAccess: PublicAccess(hostname: "\($0).example.com", port: 1), port: 1,
                secrets: ["_"], exposure: $0 == "on" ? .direct : .tunnel, environment: "yes")
        },
        project: {
            var project = ProjectSpec(project: "null", environment: "off")
            project.workflows.branch = "release/1.x"
            project.workflows.setup = "octo/launch@\(String(repeating: "a", count: 40))"
            return project
        }())

    static let ephemeral = Sample(
        name: "ephemeral runners",
        services: [
            ServiceSpec(name: "web", target: .aws, runnerLife: .ephemeral),
            ServiceSpec(name: "my-tools", target: .proxmox, environment: "staging"),
        ],
        project: ProjectSpec(project: "shop"))

    static let offAWS = Sample(
        name: "nothing of AWS",
        services: [ServiceSpec(name: "tools", target: .proxmox, kind: .worker)],
        project: {
            var project = ProjectSpec(project: "home")
            project.state.backend = .s3
            project.state.bucket = "state"
            project.state.key = "home.json"
            project.state.endpoint = "https://minio.lan"
            project.state.passphraseVariable = "LAUNCH_STATE_PASSPHRASE"
            return project
        }())
}
