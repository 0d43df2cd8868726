import Resources

/// What the blocks of one object are written from, besides the object.
struct TerraformContext {
    let names: TerraformNames
    let repository: String?
    let zones: [String: String]

    func blocks(for resource: RecordedResource) -> [TerraformBlocks] {
        switch resource.address.kind {
        case KindName(.aws, "security_group"): [securityGroup(resource)]
        case KindName(.aws, "volume"): [volume(resource)]
        case KindName(.aws, "elastic_ip"): [elasticIP(resource)]
        case KindName(.aws, "instance_profile"): profile(resource)
        case KindName(.aws, "instance"): instance(resource)
        case KindName(.proxmox, "vm"): [machine(resource)]
        case KindName(.proxmox, "lxc"): [container(resource)]
        case KindName(.cloudflare, "dns_record"): [record(resource)].compactMap(\.self)
        case KindName(.cloudflare, "tunnel"): tunnel(resource)
        default: []
        }
    }

    /// Why there is no block for the object; `nil` where there is one.
    func complaint(about resource: RecordedResource) -> String? {
        switch resource.address.kind {
        case KindName(.github, "runner"):
            "a runner registers itself from its machine"
        case KindName(.github, "secret"):
            "its value is kept nowhere; write it anew with github_actions_secret"
        case KindName(.cloudflare, "origin_certificate"):
            "its key is kept nowhere; issue one with cloudflare_origin_ca_certificate"
        case KindName(.proxmox, "firewall"):
            "write its rules with proxmox_virtual_environment_firewall_rules"
        case KindName(.aws, "budget"): "write it with aws_budgets_budget"
        case KindName(.cloudflare, "dns_record") where zone(of: resource) == nil:
            "no zone that the token can see holds its name"
        default: blocks(for: resource).isEmpty ? "it has no type at Terraform" : nil
        }
    }

    func zone(of record: RecordedResource) -> String? { zones[hostname(of: record)] }

    /// The key's first part; the type of record may follow it.
    func hostname(of record: RecordedResource) -> String {
        String((record.address.key ?? "").prefix { $0 != "/" })
    }
}

extension RecordedResource {
    func text(_ attribute: String) -> String? {
        attributes[attribute].flatMap { $0 == .null ? nil : $0.plainText }
    }

    func flag(_ attribute: String) -> Bool { attributes[attribute]?.boolean ?? false }

    /// `name = "…"` of an attribute; none where it is not recorded.
    func attribute(_ attribute: String, as name: String) -> [HCLAttribute] {
        switch attributes[attribute] {
        case .string(let text)?: [HCLAttribute(name, .string(text))]
        case .integer(let number)?: [HCLAttribute(name, .integer(number))]
        case .boolean(let flag)?: [HCLAttribute(name, .boolean(flag))]
        default: []
        }
    }

    /// AWS's Name tag. Launch's own marks are left out.
    var nameTag: [HCLAttribute] {
        guard let name = text("name") else { return [] }
        return [HCLAttribute("tags", .object([HCLAttribute("Name", .string(name))]))]
    }
}

extension HCLExpression {
    /// A JSON document; members in order of their names.
    init(_ value: Value) {
        switch value {
        case .boolean(let flag): self = .boolean(flag)
        case .integer(let number): self = .integer(number)
        case .list(let values): self = .list(values.map(HCLExpression.init))
        case .object(let members):
            self = .object(
                members.sorted { $0.key < $1.key }.map {
                    HCLAttribute($0.key, HCLExpression($0.value))
                })
        case .null: self = .reference("null")
        default: self = .string(value.plainText)
        }
    }
}
