import Resources

/// hashicorp/aws. Each import's identifier is the first thing that its page's section Import says:
/// <https://registry.terraform.io/providers/hashicorp/aws/latest/docs>
extension TerraformContext {
    /// <https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/security_group#import>
    ///
    /// The description cannot be changed, and is not recorded.
    func securityGroup(_ group: RecordedResource) -> TerraformBlocks {
        TerraformBlocks(
            type: "aws_security_group", name: names[group.address], id: group.id,
            attributes: group.attribute("name", as: "name") + group.attribute("vpc", as: "vpc_id"),
            blocks: rules("ingress", of: group) + rules("egress", of: group),
            ignored: ["description", "tags", "tags_all"])
    }

    /// EC2 shows the peers of one protocol and range of ports together.
    private func rules(_ direction: String, of group: RecordedResource) -> [HCLBlock] {
        let rules = group.attributes[direction]?.list ?? []
        let together = Dictionary(grouping: rules) { rule in
            ["protocol", "from_port", "to_port"].map { rule[$0]?.plainText ?? "" }
        }
        return together.sorted { $0.key.joined(separator: " ") < $1.key.joined(separator: " ") }
            .map { key, rules in
                let peers = rules.compactMap { $0["peer"]?.string }.sorted()
                func list(_ name: String, _ isIn: (String) -> Bool) -> [HCLAttribute] {
                    let chosen = peers.filter(isIn)
                    return chosen.isEmpty
                        ? [] : [HCLAttribute(name, .list(chosen.map(HCLExpression.string)))]
                }
                return HCLBlock(
                    direction,
                    attributes: [
                        HCLAttribute("protocol", .string(key[0])),
                        HCLAttribute("from_port", .integer(Int(key[1]) ?? 0)),
                        HCLAttribute("to_port", .integer(Int(key[2]) ?? 0)),
                    ] + list("cidr_blocks") { $0.contains(".") }
                        + list("ipv6_cidr_blocks") { $0.contains(":") }
                        + list("security_groups") { $0.hasPrefix("sg-") }
                        + list("prefix_list_ids") { $0.hasPrefix("pl-") })
            }
    }

    /// <https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/ebs_volume#import>
    func volume(_ volume: RecordedResource) -> TerraformBlocks {
        TerraformBlocks(
            type: "aws_ebs_volume", name: names[volume.address], id: volume.id,
            attributes: volume.attribute("availability_zone", as: "availability_zone")
                + volume.attribute("gibibytes", as: "size") + volume.nameTag)
    }

    /// <https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/eip#import>
    func elasticIP(_ address: RecordedResource) -> TerraformBlocks {
        TerraformBlocks(
            type: "aws_eip", name: names[address.address], id: address.id,
            attributes: [HCLAttribute("domain", .string("vpc"))] + address.nameTag,
            ignored: ["instance", "associate_with_private_ip"])
    }

    /// <https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/iam_role#import>,
    /// `…/iam_role_policy#import` (`role:policy`) and `…/iam_instance_profile#import`
    func profile(_ profile: RecordedResource) -> [TerraformBlocks] {
        let name = names[profile.address]
        let role = HCLExpression.reference("aws_iam_role.\(name).name")
        // A path cannot be changed, and is not recorded.
        let ignored = ["path", "description", "tags", "tags_all"]
        return [
            TerraformBlocks(
                type: "aws_iam_role", name: name, id: profile.id,
                attributes: [
                    HCLAttribute("name", .string(profile.id)),
                    HCLAttribute("assume_role_policy", document(profile, "trust")),
                ], ignored: ignored),
            TerraformBlocks(
                type: "aws_iam_role_policy", name: name, id: "\(profile.id):launch",
                attributes: [
                    HCLAttribute("name", .string("launch")), HCLAttribute("role", role),
                    HCLAttribute("policy", document(profile, "policy")),
                ]),
            TerraformBlocks(
                type: "aws_iam_instance_profile", name: name, id: profile.id,
                attributes: [
                    HCLAttribute("name", .string(profile.id)), HCLAttribute("role", role),
                ], ignored: ["path", "tags", "tags_all"]),
        ]
    }

    private func document(_ profile: RecordedResource, _ attribute: String) -> HCLExpression {
        let text = profile.text(attribute) ?? "{}"
        return .json(HCLExpression(Value(json: Array(text.utf8)) ?? .object([:])))
    }

    /// <https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/instance#import>
    /// and `…/volume_attachment#import` (`device:volume:instance`)
    ///
    /// The user data held a registration token, and is of use at the first boot alone.
    func instance(_ instance: RecordedResource) -> [TerraformBlocks] {
        let name = names[instance.address]
        let groups = (instance.attributes["security_groups"]?.list ?? []).compactMap(\.string)
        var attributes =
            instance.attribute("image_id", as: "ami")
            + instance.attribute("instance_type", as: "instance_type")
            + instance.attribute("availability_zone", as: "availability_zone")
            + instance.attribute("subnet", as: "subnet_id")
        attributes.append(
            HCLAttribute(
                "vpc_security_group_ids",
                .list(
                    groups.map {
                        names.reference(to: $0, type: "aws_security_group", "id")
                    })))
        if let profile = instance.text("instance_profile"), profile != "none" {
            attributes.append(
                HCLAttribute(
                    "iam_instance_profile",
                    names.reference(to: profile, type: "aws_iam_instance_profile", "name")))
        }
        let machine = TerraformBlocks(
            type: "aws_instance", name: name, id: instance.id,
            attributes: attributes + instance.nameTag,
            blocks: [
                HCLBlock(
                    "root_block_device",
                    attributes: instance.attribute("disk_gibibytes", as: "volume_size")),
                HCLBlock(
                    "metadata_options",
                    attributes: instance.attribute("metadata_tokens", as: "http_tokens")
                        + instance.attribute(
                            "metadata_hop_limit", as: "http_put_response_hop_limit")),
            ].filter { !$0.attributes.isEmpty },
            ignored: ["user_data", "user_data_base64", "instance_market_options"])
        return [machine] + [attachment(of: instance)].compactMap(\.self)
    }

    /// Where Launch attaches a data volume.
    private static let dataDevice = "/dev/sdf"

    private func attachment(of instance: RecordedResource) -> TerraformBlocks? {
        guard let volume = instance.text("data_volume") else { return nil }
        let name = names[instance.address]
        return TerraformBlocks(
            type: "aws_volume_attachment", name: name,
            id: "\(Self.dataDevice):\(volume):\(instance.id)",
            attributes: [
                HCLAttribute("device_name", .string(Self.dataDevice)),
                HCLAttribute(
                    "volume_id", names.reference(to: volume, type: "aws_ebs_volume", "id")),
                HCLAttribute("instance_id", .reference("aws_instance.\(name).id")),
            ])
    }
}
