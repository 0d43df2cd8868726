import Resources
import ServiceFiles
import Services
import Simulation
import TestSupport

extension Repository {
    /// The repository's own example services.
    static func examples() throws -> Repository {
        try RepositoryReader(root: PackageFiles.root, environment: [:]).read()
    }

    /// One of everything that the examples need; an instance has a root volume of its own.
    static let examplesInventory = [
        "ec2 instance": 1, "ec2 security group": 1, "ec2 volume": 2, "iam role": 1,
        "iam instance profile": 1, "proxmox vm": 1,
        "proxmox container": 1, "cloudflare tunnel": 2, "cloudflare dns record": 2,
        "github runner": 3, "github secret": 2,
    ]

    /// One service of every kind, with everything set that a spec can set.
    static func full(in world: SimulatedWorld) -> Repository {
        var project = ProjectSpec(
            project: "example", domain: "example.com", repository: "example/services")
        project.aws.subnet = world.locked { $0.aws?.ec2.subnetIDs.last } ?? "default"
        project.budget = BudgetSpec(
            monthlyUSD: 250,
            notify: ["ops@example.com", "arn:aws:sns:us-east-1:123456789012:bills"])
        return Repository(project: project, services: fullServices)
    }

    /// One of everything that the full repository needs.
    static let fullInventory = [
        "ec2 instance": 2, "ec2 security group": 2, "ec2 volume": 3, "ec2 elastic ip": 1,
        "iam role": 2, "iam instance profile": 2, "proxmox vm": 1,
        "proxmox container": 1, "cloudflare tunnel": 2, "cloudflare dns record": 3,
        "cloudflare certificate": 1, "github runner": 4, "github secret": 4, "budget": 1,
    ]

    /// Nothing of the same project.
    var emptied: Repository {
        var project = project
        project.budget = nil
        return Repository(project: project, services: [])
    }

    private static let fullServices = [
        ServiceSpec(
            name: "cloud", target: .aws, size: .named(.medium),
            publicAccess: PublicAccess(hostname: "cloud.example.com", port: 3080), port: 3080,
            secrets: ["KEY"], data: DataVolume(gibibytes: 20),
            ingress: [
                IngressRule(port: 22, sources: ["10.0.0.0/8", "2001:db8::/32"]),
                IngressRule(port: 53, sources: ["192.0.2.0/24"], transport: .udp),
            ], protect: true),
        ServiceSpec(
            name: "edge", target: .aws,
            publicAccess: PublicAccess(hostname: "edge.example.com", port: 443), port: 443,
            spot: true, exposure: .direct),
        ServiceSpec(
            name: "home", target: .proxmox,
            publicAccess: PublicAccess(hostname: "home.example.com", port: 8080), port: 8080,
            kind: .mcp, health: "/mcp", data: DataVolume(gibibytes: 10),
            ingress: [
                IngressRule(port: 22, sources: ["10.0.0.0/8"]),
                IngressRule(port: 8080, sources: ["10.1.0.0/16", "10.2.0.0/16"]),
            ], protect: true),
        ServiceSpec(
            name: "worker", target: .proxmox, kind: .worker, guest: .lxc,
            runnerLife: .ephemeral, data: DataVolume(gibibytes: 5),
            ingress: [IngressRule(port: 9100, sources: ["10.0.0.0/8"])], protect: true),
    ]

    /// The same project with its services changed.
    func with(_ change: (inout ServiceSpec) -> Void) -> Repository {
        Repository(
            project: project,
            services: services.map { service in
                var service = service
                change(&service)
                return service
            })
    }

    /// The same with one service more.
    func adding(_ service: ServiceSpec) -> Repository {
        Repository(project: project, services: services + [service])
    }
}
