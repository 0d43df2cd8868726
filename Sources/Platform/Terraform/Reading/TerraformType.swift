import Resources

/// What a type of Terraform's is to Launch, and where its attributes say so.
struct TerraformType: Sendable {
    enum Role: Hashable, Sendable {
        /// An object of its own.
        case object(KindName)
        /// It comes with the object whose identifier that attribute holds.
        case part(of: String)
        /// Launch uses it by its name, and owns none.
        case used
    }

    let role: Role
    /// The attributes of which the first that is set identifies it.
    var identifiers = ["id"]
    /// The attributes that say what it is called, each a path.
    var names = [["name"]]
    var tags: [String] = []

    /// `nil` for what Launch does not manage.
    ///
    /// Attributes as the providers' documentation has them: hashicorp/aws 4 to 6,
    /// cloudflare/cloudflare 3 to 5, bpg/proxmox, Telmate/proxmox 2 and 3, integrations/github.
    static func named(_ name: String) -> TerraformType? { all[name] }

    private static let aws = ["tags", "tags_all"]

    private static let all: [String: TerraformType] = [
        "aws_instance": object(.aws, "instance", tags: aws),
        "aws_security_group": object(.aws, "security_group", tags: aws),
        "aws_security_group_rule": part(of: "security_group_id"),
        "aws_vpc_security_group_ingress_rule": part(of: "security_group_id"),
        "aws_vpc_security_group_egress_rule": part(of: "security_group_id"),
        "aws_eip": TerraformType(
            role: .object(KindName(.aws, "elastic_ip")), identifiers: ["allocation_id", "id"],
            tags: aws),
        "aws_eip_association": part(of: "allocation_id"),
        "aws_ebs_volume": object(.aws, "volume", tags: aws),
        "aws_volume_attachment": part(of: "volume_id"),
        "aws_iam_role": TerraformType(
            role: .object(KindName(.aws, "instance_profile")), identifiers: ["name", "id"],
            tags: aws),
        "aws_iam_instance_profile": part(of: "role"),
        "aws_iam_role_policy": part(of: "role"),
        "aws_iam_role_policy_attachment": part(of: "role"),

        "cloudflare_dns_record": object(.cloudflare, "dns_record"),
        "cloudflare_record": TerraformType(
            role: .object(KindName(.cloudflare, "dns_record")), names: [["hostname"], ["name"]]),
        "cloudflare_zero_trust_tunnel_cloudflared": object(.cloudflare, "tunnel"),
        "cloudflare_tunnel": object(.cloudflare, "tunnel"),
        "cloudflare_argo_tunnel": object(.cloudflare, "tunnel"),
        "cloudflare_zero_trust_tunnel_cloudflared_config": part(of: "tunnel_id"),
        "cloudflare_tunnel_config": part(of: "tunnel_id"),

        "proxmox_virtual_environment_vm": guest("vm", names: [["name"]]),
        "proxmox_virtual_environment_container": guest(
            "lxc", names: [["initialization", "hostname"]]),
        "proxmox_vm_qemu": guest("vm", names: [["name"]]),
        "proxmox_lxc": guest("lxc", names: [["hostname"]]),
        "proxmox_virtual_environment_firewall_options": part(of: "vm_id"),
        "proxmox_virtual_environment_firewall_rules": part(of: "vm_id"),

        "github_repository_environment": TerraformType(role: .used, names: [["environment"]]),
    ]

    private static func object(
        _ provider: ProviderName, _ kind: String, tags: [String] = []
    ) -> TerraformType {
        TerraformType(role: .object(KindName(provider, kind)), tags: tags)
    }

    private static func part(of attribute: String) -> TerraformType {
        TerraformType(role: .part(of: attribute), names: [])
    }

    /// bpg's own identifier is the number, Telmate's `node/qemu/number`.
    private static func guest(_ kind: String, names: [[String]]) -> TerraformType {
        TerraformType(
            role: .object(KindName(.proxmox, kind)), identifiers: ["vm_id", "vmid", "id"],
            names: names, tags: ["tags"])
    }
}
