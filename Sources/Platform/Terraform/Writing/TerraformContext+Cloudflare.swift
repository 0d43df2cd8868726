import Resources

/// cloudflare/cloudflare 5, and integrations/github.
extension TerraformContext {
    /// `<zone_id>/<dns_record_id>`:
    /// <https://registry.terraform.io/providers/cloudflare/cloudflare/latest/docs/resources/dns_record#import>
    ///
    /// The comment is Launch's mark, and is left out.
    func record(_ record: RecordedResource) -> TerraformBlocks? {
        guard let zone = zone(of: record) else { return nil }
        return TerraformBlocks(
            type: "cloudflare_dns_record", name: names[record.address], id: "\(zone)/\(record.id)",
            attributes: [
                HCLAttribute("zone_id", .string(zone)),
                HCLAttribute("name", .string(hostname(of: record))),
            ] + record.attribute("type", as: "type") + record.attribute("content", as: "content")
                + record.attribute("proxied", as: "proxied") + record.attribute("ttl", as: "ttl"),
            ignored: ["comment"])
    }

    /// `<account_id>/<tunnel_id>`, the tunnel and its rules:
    /// <https://registry.terraform.io/providers/cloudflare/cloudflare/latest/docs/resources/zero_trust_tunnel_cloudflared#import>,
    /// <https://registry.terraform.io/providers/cloudflare/cloudflare/latest/docs/resources/zero_trust_tunnel_cloudflared_config#import>
    func tunnel(_ tunnel: RecordedResource) -> [TerraformBlocks] {
        let name = names[tunnel.address]
        let type = "cloudflare_zero_trust_tunnel_cloudflared"
        let id = "\(tunnel.text("account_id") ?? "")/\(tunnel.id)"
        let account = tunnel.attribute("account_id", as: "account_id")
        let rules = HCLExpression(tunnel.attributes["ingress"] ?? [])
        return [
            TerraformBlocks(
                type: type, name: name, id: id,
                attributes: account + tunnel.attribute("name", as: "name")
                    + [HCLAttribute("config_src", .string("cloudflare"))],
                ignored: ["tunnel_secret"]),
            TerraformBlocks(
                type: "\(type)_config", name: name, id: id,
                attributes: account + [
                    HCLAttribute("tunnel_id", .reference("\(type).\(name).id")),
                    HCLAttribute("config", .object([HCLAttribute("ingress", rules)])),
                ]),
        ]
    }

    /// The environments that secrets are kept with, `<repository>:<environment>`, where a colon
    /// of the environment's is `??`:
    /// <https://registry.terraform.io/providers/integrations/github/latest/docs/resources/repository_environment#import>
    func environments(of resources: [RecordedResource]) -> [TerraformBlocks] {
        guard let repository = repository?.split(separator: "/").last.map(String.init) else {
            return []
        }
        let kept = resources.filter { $0.address.kind == KindName(.github, "secret") }
        return Set(kept.compactMap { $0.text("environment") }).sorted().map { environment in
            TerraformBlocks(
                type: "github_repository_environment",
                name: TerraformNames.identifier(environment),
                id: "\(repository):\(environment.replacing(":", with: "??"))",
                attributes: [
                    HCLAttribute("repository", .string(repository)),
                    HCLAttribute("environment", .string(environment)),
                ],
                ignored: [
                    "wait_timer", "can_admins_bypass", "prevent_self_review", "reviewers",
                    "deployment_branch_policy",
                ])
        }
    }
}
