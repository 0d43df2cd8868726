import Assembly
import Resources
import Simulation
import TestSupport
import Testing

@testable import Reconciling

/// One field that somebody changes behind Launch's back.
struct ForeignEdit: Sendable, CustomTestStringConvertible {
    /// How it is done.
    enum Hand: Sendable {
        /// Through the vendor's API, as anyone may, to what this answers with.
        case api(@Sendable (_ all: [ObservedResource]) -> Value)
        /// By what only the vendor or its console does.
        case world(@Sendable (WorldCore, _ target: ObservedResource) -> Void)
    }

    let field: ComparedField
    let hand: Hand
    /// Fields that cannot but change with it: `github.runner online`.
    let consequences: [String]
    /// False where the vendor has no way back: disks do not shrink.
    let isReversible: Bool

    init(
        _ kind: String, _ name: String, _ hand: Hand, with consequences: [String] = [],
        isReversible: Bool = true
    ) {
        field = ComparedField(KindName(kind) ?? KindName(.aws, kind), name)
        self.hand = hand
        self.consequences = consequences
        self.isReversible = isReversible
    }

    init(_ kind: String, _ name: String, to value: Value, with consequences: [String] = []) {
        self.init(kind, name, .api { _ in value }, with: consequences)
    }

    var testDescription: String { field.testDescription }

    /// Every changed field of every object, by kind.
    var expectedFindings: [String] {
        (consequences + ["\(field.kind) \(field.name)"]).sorted()
    }

    /// Changes the first object of its kind.
    func make(in fleet: Fleet, _ workspace: Workspace) async throws {
        let (_, all, _) = try await workspace.reconciler.look(workspace.goal())
        let targets = all.filter {
            $0.address.kind == field.kind && !($0[field.name] ?? .null).isNull
        }
        let target = try #require(targets.min { $0.address < $1.address })
        switch hand {
        case .world(let change): fleet.world.locked { change($0, target) }
        case .api(let value):
            let wished = Resource(target.address, attributes: target.attributes)
            let provider = try workspace.reconciler.providers(field.kind.provider)
            _ = try await provider.update(target, to: wished.with([field.name: value(all)]))
        }
    }
}

extension ForeignEdit {
    static let all = aws + guests + [firewall, edge].flatMap { $0 }

    private static let aws = [
        ForeignEdit("aws.security_group", "environment", to: "theirs"),
        ForeignEdit(
            "aws.security_group", "ingress",
            to: [["protocol": "tcp", "from_port": 1, "to_port": 9, "peer": "192.0.2.0/24"]]),
        ForeignEdit("aws.security_group", "egress", to: []),
        ForeignEdit("aws.volume", "name", to: "theirs"),
        ForeignEdit("aws.volume", "environment", to: "theirs"),
        ForeignEdit("aws.volume", "gibibytes", .api { _ in 30 }, isReversible: false),
        ForeignEdit("aws.volume", "protect", to: true),
        ForeignEdit("aws.elastic_ip", "name", to: "theirs"),
        ForeignEdit("aws.elastic_ip", "environment", to: "theirs"),
        ForeignEdit("aws.instance_profile", "environment", to: "theirs"),
        ForeignEdit("aws.instance_profile", "trust", to: .string(anyone)),
        ForeignEdit("aws.instance_profile", "policy", to: .string(anything)),
        ForeignEdit(
            "aws.instance_profile", "ready", .world { $0.aws?.iam.emptyProfile($1.id) }),
        ForeignEdit("aws.instance", "name", to: "theirs"),
        ForeignEdit("aws.instance", "environment", to: "theirs"),
        ForeignEdit(
            "aws.instance", "image",
            .world { $0.aws?.ec2.setTag("launch:image", to: "debian-12", on: $1.id) }),
        ForeignEdit("aws.instance", "instance_type", to: "m7i.large"),
        ForeignEdit("aws.instance", "disk_gibibytes", .api { _ in 90 }, isReversible: false),
        ForeignEdit(
            "aws.instance", "security_groups",
            .api { all in
                .list(
                    all.filter { $0.address.kind.name == "security_group" }.map { .string($0.id) })
            }),
        ForeignEdit("aws.instance", "data_volume", to: .null),
        ForeignEdit("aws.instance", "elastic_ip", to: .null),
        ForeignEdit(
            "aws.instance", "instance_profile",
            .api { all in
                let profiles = all.filter { $0.address.kind.name == "instance_profile" }
                return .string(profiles.map(\.id).max() ?? "")
            }),
        ForeignEdit("aws.instance", "metadata_tokens", to: "optional"),
        ForeignEdit("aws.instance", "metadata_hop_limit", to: 2),
        ForeignEdit(
            "aws.instance", "running", .world { $0.aws?.ec2.stop($1.id) },
            with: ["github.runner online"]),
        ForeignEdit("aws.budget", "environment", to: "theirs"),
        ForeignEdit("aws.budget", "monthly_usd", to: 9000),
        ForeignEdit("aws.budget", "project_tag", to: "user:team$theirs"),
        ForeignEdit(
            "aws.budget", "alerts",
            to: [
                ["spending": "actual", "percent": 80, "notify": ["theirs@example.com"]],
                ["spending": "actual", "percent": 300, "notify": ["theirs@example.com"]],
            ]),
    ]

    private static let anyone = """
        {"Statement":[{"Action":"sts:AssumeRole","Effect":"Allow","Principal":{"AWS":"*"}}],\
        "Version":"2012-10-17"}
        """
    private static let anything =
        #"{"Statement":[{"Action":"*","Effect":"Allow","Resource":"*"}],"Version":"2012-10-17"}"#

    private static let guests =
        ["proxmox.vm", "proxmox.lxc"].flatMap { kind in
            [
                ForeignEdit(kind, "name", to: "theirs"),
                ForeignEdit(kind, "cpu", to: 7),
                ForeignEdit(kind, "memory", to: 5120),
                ForeignEdit(kind, "disk", .api { _ in 90 }, isReversible: false),
                ForeignEdit(kind, "data_disk", .api { _ in 90 }, isReversible: false),
                ForeignEdit(kind, "bridge", to: "vmbr1"),
                ForeignEdit(kind, "firewall", to: false),
                ForeignEdit(
                    kind, "tags",
                    .world { $0.proxmox?.change("tags", to: "theirs", of: Int($1.id) ?? 0) }),
                ForeignEdit(kind, "owner", to: ["project": "example", "environment": "theirs"]),
                ForeignEdit(kind, "protect", to: true),
                ForeignEdit(kind, "onboot", to: false),
                ForeignEdit(kind, "exposed", to: true),
                ForeignEdit(
                    kind, "running", .world { $0.proxmox?.pullPlug(of: Int($1.id) ?? 0) },
                    with: ["github.runner online"]),
            ]
        } + [
            ForeignEdit("proxmox.vm", "agent", to: false),
            ForeignEdit("proxmox.lxc", "swap", to: 1024),
            ForeignEdit("proxmox.lxc", "ip", to: "manual"),
            ForeignEdit("proxmox.lxc", "nesting", to: false),
        ]

    private static let firewall = [
        ForeignEdit("proxmox.firewall", "enabled", to: false),
        ForeignEdit("proxmox.firewall", "policy_in", to: "REJECT"),
        ForeignEdit("proxmox.firewall", "policy_out", to: "DROP"),
        ForeignEdit("proxmox.firewall", "dhcp", to: false),
        ForeignEdit("proxmox.firewall", "rules", to: []),
    ]

    /// Cloudflare and GitHub. A record's type and content go together, as do its proxy and TTL.
    private static let edge = [
        ForeignEdit(
            "cloudflare.tunnel", "name",
            .world { core, _ in
                core.cloudflare?.tunnels.rename("launch-example-cloud", to: "theirs")
            }),
        ForeignEdit(
            "cloudflare.tunnel", "ingress", to: [["service": "http_status:404"]]),
        ForeignEdit("cloudflare.dns_record", "content", to: "theirs.example.net"),
        ForeignEdit("cloudflare.dns_record", "proxied", to: false),
        ForeignEdit("cloudflare.dns_record", "comment", to: "theirs"),
        ForeignEdit("github.runner", "labels", to: ["theirs"]),
        ForeignEdit(
            "github.secret", "intact",
            .world { core, target in
                core.github?.secrets(of: "example/services")?.overwrite(target.id)
            }),
    ]
}
