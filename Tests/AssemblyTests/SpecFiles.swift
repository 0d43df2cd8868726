import Foundation
import Resources
import ServiceFiles
import Services
import Simulation

/// `Repository.full` as files with comments, in a folder of its own.
struct SpecFiles: Sendable {
    let root: URL

    init(in world: SimulatedWorld) throws {
        root = FileManager.default.temporaryDirectory
            .appending(path: "launch-\(UUID().uuidString)")
        try write(Self.project(in: world), to: "launch.yaml")
        for (name, text) in Self.services {
            try write(text, to: "services/\(name)/service.yaml")
            try write("services:\n  app:\n    image: app\n", to: "services/\(name)/compose.yaml")
        }
    }

    func remove() { try? FileManager.default.removeItem(at: root) }

    var editor: RepositoryEditor { RepositoryEditor(root: root.path, environment: [:]) }

    func repository() throws -> Repository {
        try RepositoryReader(root: root.path, environment: [:]).read()
    }

    func text(of service: String) throws -> String {
        try String(
            contentsOf: root.appending(path: "services/\(service)/service.yaml"), encoding: .utf8)
    }

    func texts() throws -> [String: String] {
        try Self.services.reduce(into: [:]) { $0[$1.key] = try text(of: $1.key) }
    }

    func write(_ text: String, to path: String) throws {
        let file = root.appending(path: path)
        try FileManager.default.createDirectory(
            at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(text.utf8).write(to: file)
    }

    static func project(in world: SimulatedWorld) -> String {
        let subnet = world.locked { $0.aws?.ec2.subnetIDs.last } ?? "default"
        return """
            project: example
            domain: example.com
            repository: example/services
            budget:
              monthly_usd: 250
              notify: [ops@example.com, "arn:aws:sns:us-east-1:123456789012:bills"]
            targets: { aws: { subnet: \(subnet) } }

            """
    }

    static let services = [
        "cloud": """
        # The cloud
        target: aws
        size: medium   # enough
        public: true
        port: 3080
        secrets: [KEY]
        data: { size: 20GiB }   # keep
        ingress:
          # The office
          - port: 22
            from: [10.0.0.0/8, "2001:db8::/32"]
          - { port: 53, from: [192.0.2.0/24], protocol: udp }  # names

        """,
        "edge": """
        # The edge
        target: aws
        spot: true  # cheap
        public: true
        port: 443
        expose: direct

        """,
        "home": """
        # At home
        target: proxmox
        public: true   # by a tunnel
        port: 8080
        kind: mcp
        health: /mcp
        data:
          # Grows
          size: 10GiB
        ingress:
          - port: 22
            from: [10.0.0.0/8]
          - port: 8080
            from: [10.1.0.0/16, 10.2.0.0/16]

        """,
        "worker": """
        target: proxmox
        guest: lxc   # small
        kind: worker
        runner: ephemeral   # one job each
        data: {size: 5GiB}
        ingress: [{port: 9100, from: [10.0.0.0/8]}]
        # The end
        """,
    ]
}
