import Foundation
import HCL
import Resources
import Testing

@testable import Terraform

/// What Launch holds, for Terraform.
@Suite struct ExportTests {
    private static func recorded(
        _ address: String, _ id: String, _ attributes: [String: Value]
    ) throws -> RecordedResource {
        let moment = Date(timeIntervalSince1970: 0)
        return RecordedResource(
            address: try #require(Address(address)), id: id, attributes: attributes,
            fingerprints: ["seed": "hunter2-fingerprint"], createdAt: moment, updatedAt: moment)
    }

    /// One of every kind.
    private static func everything() throws -> [RecordedResource] {
        [
            try recorded(
                "web/aws.security_group", "sg-1",
                [
                    "id": "sg-1", "name": "launch-shop-web", "vpc": "vpc-1",
                    "ingress": [
                        [
                            "protocol": "tcp", "from_port": 443, "to_port": 443,
                            "peer": "10.0.0.0/8",
                        ],
                        [
                            "protocol": "tcp", "from_port": 443, "to_port": 443,
                            "peer": "2001:db8::/32",
                        ],
                        ["protocol": "udp", "from_port": 53, "to_port": 53, "peer": "sg-2"],
                    ],
                    "egress": [["protocol": "-1", "peer": "0.0.0.0/0"]],
                ]),
            try recorded(
                "web/aws.volume", "vol-1",
                ["name": "shop-web-data", "availability_zone": "us-east-1a", "gibibytes": 20]),
            try recorded("web/aws.elastic_ip", "eipalloc-1", ["name": "shop-web"]),
            try recorded(
                "web/aws.instance_profile", "launch-shop-web",
                [
                    "name": "launch-shop-web",
                    "trust": #"{"Statement":[{"Effect":"Allow"}],"Version":"2012-10-17"}"#,
                    "policy": #"{"Statement":[],"Version":"2012-10-17"}"#,
                ]),
            try recorded(
                "web/aws.instance", "i-1",
                [
                    "image_id": "ami-1", "name": "shop-web", "instance_type": "t3.small",
                    "availability_zone": "us-east-1a", "subnet": "subnet-1",
                    "instance_profile": "launch-shop-web", "security_groups": ["sg-1", "sg-9"],
                    "disk_gibibytes": 20, "metadata_tokens": "required", "metadata_hop_limit": 1,
                    "data_volume": "vol-1",
                ]),
            try recorded(
                "home/proxmox.vm", "101",
                [
                    "node": "pve1", "name": "home", "onboot": true, "running": true,
                    "protect": false, "agent": true, "cpu": 2, "memory": 4096, "bridge": "vmbr0",
                    "firewall": true, "image": "debian-12",
                ]),
            try recorded(
                "worker/proxmox.lxc", "102",
                [
                    "node": "pve1", "name": "worker", "onboot": true, "running": true, "cpu": 1,
                    "memory": 512, "swap": 512, "nesting": true, "unprivileged": true, "ip": "dhcp",
                    "bridge": "vmbr0", "image": "debian-12",
                ]),
            try recorded("home/proxmox.firewall", "101", ["guest": "101"]),
            try recorded(
                "web/cloudflare.dns_record/web.example.com", "rec1",
                [
                    "type": "A", "content": "192.0.2.1", "proxied": true, "ttl": 1,
                    "comment": "launch:shop/web",
                ]),
            try recorded(
                "web/cloudflare.dns_record/web.example.com/AAAA", "rec2",
                ["type": "AAAA", "content": "2001:db8::1", "proxied": true, "ttl": 1]),
            try recorded(
                "home/cloudflare.tunnel", "tun1",
                [
                    "name": "launch-shop-home", "account_id": "acc1",
                    "ingress": [
                        ["hostname": "home.example.com", "service": "http://localhost:80"],
                        ["service": "http_status:404"],
                    ],
                ]),
            try recorded("web/github.runner", "7", ["name": "web"]),
            try recorded(
                "worker/github.secret/runner-token", "LAUNCH_SHOP_WORKER_RUNNER_TOKEN",
                ["environment": "prod:eu"]),
        ]
    }

    private static func export() throws -> String {
        TerraformExport(
            try everything(), project: "shop", repository: "acme/services",
            zones: ["web.example.com": "zone1"]
        ).text
    }

    @Test func everyKindHasItsImport() throws {
        let text = try Self.export()
        let imports = text.matches(of: /to = (\S+)\n  id = (".*")/).map { "\($0.1) \($0.2)" }
        #expect(
            imports == [
                #"cloudflare_zero_trust_tunnel_cloudflared.home "acc1/tun1""#,
                #"cloudflare_zero_trust_tunnel_cloudflared_config.home "acc1/tun1""#,
                #"proxmox_virtual_environment_vm.home "pve1/101""#,
                #"aws_eip.web "eipalloc-1""#,
                #"aws_instance.web "i-1""#,
                #"aws_volume_attachment.web "/dev/sdf:vol-1:i-1""#,
                #"aws_iam_role.web "launch-shop-web""#,
                #"aws_iam_role_policy.web "launch-shop-web:launch""#,
                #"aws_iam_instance_profile.web "launch-shop-web""#,
                #"aws_security_group.web "sg-1""#,
                #"aws_ebs_volume.web "vol-1""#,
                #"cloudflare_dns_record.web_web_example_com "zone1/rec1""#,
                #"cloudflare_dns_record.web_web_example_com_AAAA "zone1/rec2""#,
                #"proxmox_virtual_environment_container.worker "pve1/102""#,
                #"github_repository_environment.prod_eu "services:prod??eu""#,
            ])
        #expect(
            text.hasSuffix(
                """
                # Without a counterpart here:
                #   home/proxmox.firewall: write its rules with proxmox_virtual_environment_firewall_rules
                #   web/github.runner: a runner registers itself from its machine
                #   worker/github.secret/runner-token: its value is kept nowhere; write it anew with \
                github_actions_secret

                """))
        #expect(!text.contains("hunter2"))
        #expect(!text.contains("launch:shop"))
    }

    @Test func anInstanceRefersToWhatIsWrittenWithIt() throws {
        #expect(
            try Self.export().contains(
                """
                resource "aws_instance" "web" {
                  ami                    = "ami-1"
                  instance_type          = "t3.small"
                  availability_zone      = "us-east-1a"
                  subnet_id              = "subnet-1"
                  vpc_security_group_ids = [aws_security_group.web.id, "sg-9"]
                  iam_instance_profile   = aws_iam_instance_profile.web.name
                  tags = {
                    Name = "shop-web"
                  }

                  root_block_device {
                    volume_size = 20
                  }

                  metadata_options {
                    http_tokens                 = "required"
                    http_put_response_hop_limit = 1
                  }

                  lifecycle {
                    ignore_changes = [user_data, user_data_base64, instance_market_options]
                  }
                }
                """))
    }

    @Test func aRecordWithoutAZoneIsNamed() throws {
        let records = try Self.everything().filter { $0.address.kind.name == "dns_record" }
        let text = TerraformExport(records, project: "shop", repository: nil, zones: [:]).text
        #expect(!text.contains("import {"))
        #expect(text.contains("AAAA: no zone that the token can see holds its name"))
    }

    @Test(arguments: [
        ("plain", #""plain""#), ("a\"b\\c\nd", #""a\"b\\c\nd""#),
        ("${x} %{y} $", #""$${x} %%{y} $""#),
    ])
    func textIsQuoted(text: String, quoted: String) {
        #expect(text.hclQuoted == quoted)
    }

    /// Byte for byte as the formatter leaves it.
    @Test(.enabled(if: TerraformProgram.path != nil, "terraform is not installed"))
    func theFormatterChangesNothing() throws {
        let texts = [
            try Self.export(),
            HCLWriter.text(of: Self.odd) + "\n",
        ]
        for text in texts { #expect(try TerraformProgram.formatted(text) == text) }
    }

    /// Keys in quotes, nothing, and lists of lists.
    private static let odd = HCLBlock(
        "odd", "a",
        attributes: [
            HCLAttribute("a", .object([])), HCLAttribute("long_name", .list([])),
            HCLAttribute(
                "x",
                .json(
                    .object([
                        HCLAttribute("launch:x", .integer(1)), HCLAttribute("y", .boolean(true)),
                        HCLAttribute(
                            "zz",
                            .list([
                                .list([.string("p"), .object([HCLAttribute("q", .integer(2))])])
                            ])),
                    ]))),
            HCLAttribute("b", .reference("null")),
        ],
        blocks: [HCLBlock("empty", attributes: [])])
}
