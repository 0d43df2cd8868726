package import Services

/// The files that `launch init` and `launch new` begin with. Pure: writing them, and never over
/// others, is the command's part.
package enum ServiceScaffold {
    /// A file to be written, its path relative to the repository.
    package struct File: Hashable, Sendable {
        package let path: String
        package let content: String
    }

    /// Lines that the repository's `.gitignore` needs: secrets, and the embedded state.
    package static let ignoredPaths = [".env", "/state/*", "!/state/.gitkeep"]

    /// A new repository's files.
    /// - Parameter environment: where `${NAME}` in launch.yaml will be looked up.
    /// - Throws: `InvalidRepository` when launch.yaml would be refused, as for a domain that is
    ///   none.
    package static func project(
        _ name: String, domain: String? = nil, repository: String? = nil,
        state: StateSettings = StateSettings(), environment: [String: String] = [:]
    ) throws(InvalidRepository) -> [File] {
        let settings = [
            domain.map { "domain: \($0)" }
                ?? "# domain: example.com               # public services become <name>.<domain>",
            repository.map { "repository: \($0)" }
                ?? "# repository: owner/name            # GitHub; GITHUB_REPOSITORY if left out",
        ]
        let text = """
            # yaml-language-server: $schema=schemas/project.schema.json
            project: \(name)
            environment: production
            \(settings.joined(separator: "\n"))
            state:
            \(lines(of: state).map { "  \($0)" }.joined(separator: "\n"))
            targets:
              aws: { subnet: default, image: ubuntu-24.04 }
              proxmox: { node: auto, storage: local-lvm, bridge: vmbr0, guest: vm }

            """
        try check(text, environment)
        return [File(path: RepositoryReader.projectFile, content: text)] + surroundings
    }

    private static func lines(of state: StateSettings) -> [String] {
        let settings = [
            ("bucket", state.bucket), ("key", state.key), ("region", state.region),
            ("endpoint", state.endpoint),
        ]
        return ["backend: \(state.backend.rawValue)"]
            + settings.compactMap { name, value in value.map { "\(name): \($0)" } }
    }

    private static func check(
        _ text: String, _ environment: [String: String]
    ) throws(InvalidRepository) {
        var reader = ProjectReader(environment: environment)
        _ = reader.read(try YAMLText(Array(text.utf8), file: RepositoryReader.projectFile))
        guard reader.checker.diagnostics.isEmpty else {
            throw InvalidRepository(reader.checker.diagnostics)
        }
    }

    /// What a repository has besides launch.yaml.
    package static var surroundings: [File] {
        [
            File(path: "schemas/project.schema.json", content: JSONSchema.project),
            File(path: "schemas/service.schema.json", content: JSONSchema.service),
            File(path: "services/.gitkeep", content: ""),
            File(path: "state/.gitkeep", content: ""),
            File(path: ".gitignore", content: ignoredPaths.map { "\($0)\n" }.joined()),
        ]
    }

    /// A new service's files: a spec, and an application that answers.
    package static func service(
        _ name: String, target: ServiceSpec.Target, size: String = "small",
        isPublic: Bool = false
    ) -> [File] {
        let spec = """
            # yaml-language-server: $schema=../../schemas/service.schema.json
            target: \(target.rawValue)
            size: \(size)
            public: \(isPublic)
            port: 8080
            kind: web
            health: /
            secrets: []

            """
        let compose = """
            services:
              \(name):
                image: nginx:1.29.3-alpine
                restart: unless-stopped
                env_file:
                  - path: .env
                    required: false
                ports:
                  - "127.0.0.1:8080:80"
                healthcheck:
                  test: ["CMD", "wget", "-q", "-O", "/dev/null", "http://127.0.0.1/"]
                  interval: 30s
                  timeout: 5s
                  retries: 3

            """
        return [
            File(path: "services/\(name)/service.yaml", content: spec),
            File(path: "services/\(name)/compose.yaml", content: compose),
        ]
    }

    /// Why `name` cannot be a service's name; `nil` when it can.
    package static func problem(withServiceName name: String) -> String? {
        if !TextRule.serviceName.accepts(name) { return "must be \(TextRule.serviceName.meaning)" }
        return ServiceName.reserved.contains(name) ? "is a runner's label" : nil
    }
}
