import Assembly
import HTTP
import Reconciling
import Reporting
import Resources
import ServiceFiles
import Services
import Simulation
import Terraform
import Testing

/// A world that holds everything that a repository wants, and nothing of it bears a mark: as if
/// Terraform had made it. What GitHub holds is left out: a runner registers itself.
struct ForsakenSite: Sendable {
    let fleet: Fleet
    let repository: Repository
    /// What there is, in order of address.
    let objects: [ObservedResource]

    init(_ clock: VirtualClock, _ repository: Repository) async throws {
        let first = Fleet(clock)
        try await first.converge(repository)
        let workspace = first.workspace(repository)
        let (_, found, _) = try await workspace.reconciler.look(workspace.goal())
        _ = try await workspace.reconciler.forget(workspace.goal(), claim: Fleet.claim) { _ in }
        try await clock.sleep(for: .seconds(120))
        fleet = first.withoutState()
        var project = repository.project
        project.repository = nil
        self.repository = Repository(project: project, services: repository.services)
        objects = found.filter { $0.address.kind.provider != .github }
            .sorted { $0.address < $1.address }
    }

    /// Terraform's state of these objects.
    ///
    /// - Parameter more: of other resources.
    func state(
        _ more: [Value] = [], of chosen: (ObservedResource) -> Bool = { _ in true }
    ) throws -> TerraformState {
        let document: Value = [
            "version": 4, "terraform_version": "1.9.8", "serial": 17, "lineage": "a",
            "outputs": [:],
            "resources": .list(objects.filter(chosen).compactMap(\.terraform) + more),
        ]
        return try TerraformStateReader.read(Array(document.jsonText().utf8), from: "state")
    }

    /// Adopts what a state holds.
    /// - Returns: the report.
    @discardableResult
    func adopt(
        _ state: TerraformState, choices: TerraformChoices = TerraformChoices(),
        http: (any HTTPClient)? = nil, in fleet: Fleet? = nil
    ) async throws -> AdoptionReport {
        let reports = Reports()
        try await (fleet ?? self.fleet).workspace(repository, http: http).adopt(
            state, from: "state", choices: choices, claim: Fleet.claim
        ) { report, _ in await reports.add(report) }
        return try #require(await reports.last)
    }

    /// What is said against it; empty when it is adopted.
    func refusal(
        of state: TerraformState, choices: TerraformChoices = TerraformChoices()
    ) async -> String {
        do {
            try await adopt(state, choices: choices)
            return ""
        } catch {
            return "\(error)"
        }
    }

    private actor Reports {
        private(set) var last: AdoptionReport?
        func add(_ report: AdoptionReport) { last = report }
    }
}

extension ObservedResource {
    /// As an entry of `resources`, in a module of the service's name; `nil` for what Terraform has
    /// no type for.
    var terraform: Value? {
        var attributes: Value
        let type: String
        switch address.kind.description {
        case "aws.instance": (type, attributes) = ("aws_instance", ["id": .string(id)])
        case "aws.security_group":
            (type, attributes) = ("aws_security_group", ["id": .string(id), "name": "any"])
        case "aws.volume": (type, attributes) = ("aws_ebs_volume", ["id": .string(id)])
        case "aws.elastic_ip":
            (type, attributes) = (
                "aws_eip", ["id": .string(id), "allocation_id": .string(id)]
            )
        case "aws.instance_profile":
            (type, attributes) = ("aws_iam_role", ["id": .string(id), "name": .string(id)])
        case "proxmox.vm":
            (type, attributes) = (
                "proxmox_virtual_environment_vm",
                ["id": .string(id), "vm_id": .integer(Int(id) ?? 0)]
            )
        case "proxmox.lxc":
            (type, attributes) = (
                "proxmox_lxc", ["id": .string("pve1/lxc/\(id)"), "vmid": .integer(Int(id) ?? 0)]
            )
        case "cloudflare.tunnel":
            (type, attributes) = (
                "cloudflare_zero_trust_tunnel_cloudflared",
                ["id": .string(id), "name": "any", "tunnel_secret": "hunter2"]
            )
        case "cloudflare.dns_record":
            let host = (address.key ?? "").prefix { $0 != "/" }
            (type, attributes) = (
                "cloudflare_dns_record",
                [
                    "id": .string(id), "name": .string(String(host)),
                    "type": self["type"] ?? "CNAME",
                ]
            )
        default: return nil
        }
        return .resource(
            "module.\(address.service)", type, address.key.map { _ in type + id } ?? "this",
            [["attributes": attributes, "schema_version": 0, "sensitive_attributes": []]])
    }
}

extension Value {
    /// An entry of `resources`.
    static func resource(
        _ module: String, _ type: String, _ name: String, _ instances: [Value]
    ) -> Value {
        [
            "module": .string(module), "mode": "managed", "type": .string(type),
            "name": .string(name), "provider": "provider[\"example\"]",
            "instances": .list(instances),
        ]
    }
}
