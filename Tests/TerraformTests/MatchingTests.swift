import Resources
import Services
import Terraform
import Testing

/// Which of Terraform's objects is which service's.
@Suite struct MatchingTests {
    private let services = [
        ServiceSpec(name: "web", target: .aws), ServiceSpec(name: "home", target: .proxmox),
        ServiceSpec(name: "worker", target: .proxmox, guest: .lxc),
        ServiceSpec(name: "batch-jobs", target: .proxmox),
    ]

    private func wanted(_ address: String, _ attributes: [String: Value] = [:]) throws -> Resource {
        Resource(try #require(Address(address)), attributes: attributes)
    }

    private func desired() throws -> [Resource] {
        [
            try wanted("web/aws.instance", ["name": "shop-web"]),
            try wanted("web/aws.security_group", ["name": "launch-shop-web"]),
            try wanted("web/aws.volume", ["name": "shop-web-data"]),
            try wanted("web/aws.instance_profile", ["name": "launch-shop-web"]),
            try wanted("web/cloudflare.dns_record/web.example.com", ["type": "CNAME"]),
            try wanted("home/proxmox.vm", ["name": "home"]),
            try wanted("home/cloudflare.tunnel", ["name": "launch-shop-home"]),
            try wanted("worker/proxmox.lxc", ["name": "worker"]),
            try wanted("batch-jobs/proxmox.vm", ["name": "batch-jobs"]),
        ]
    }

    private func matching(
        _ state: TerraformState, _ choices: TerraformChoices = TerraformChoices()
    ) throws -> TerraformMatching {
        TerraformMatching(
            state.objects, services: services, desired: try desired(), choices: choices)
    }

    @Test func modulesNamesAndHostnamesTell() throws {
        let matching = try matching(try Fixture.state("terraform-1.5.7"))
        #expect(
            matching.found == [
                "web/aws.instance ← module.web.aws_instance.this",
                "web/aws.security_group ← module.web.aws_security_group.this",
                "web/cloudflare.dns_record/web.example.com ← cloudflare_record.site",
            ])
        #expect(
            matching.parts.map { "\($0.object.address) ∈ \($0.whole)" } == [
                "module.web.aws_security_group_rule.https ∈ web/aws.security_group"
            ])
        #expect(
            matching.left == [
                "aws_s3_bucket.logs: Launch does not manage aws_s3_bucket",
                "module.web.aws_instance.this: deposed (1a2b3c4d): its replacement stands already, "
                    + "and Terraform was to delete it; delete it by hand, or with `terraform apply`",
            ])
    }

    @Test func keysOfForEachTell() throws {
        let matching = try matching(try Fixture.state("terraform-1.11.4"))
        #expect(
            matching.found == [
                "web/aws.instance ← aws_instance.machines[\"web\"]",
                "web/aws.volume ← module.services[\"web\"].aws_ebs_volume.data[0]",
            ])
        #expect(matching.matches[0].object.isTainted)
        #expect(
            matching.left == [
                "aws_instance.machines[\"old \\\"box\\\"\"]: no service is called like its module, "
                    + "name or tags",
                "github_repository_environment.production: batch-jobs, home, web, worker goes on "
                    + "to use it by its name; Launch owns none",
                "aws_vpc_security_group_ingress_rule.stray: what it is a part of, "
                    + "sg-0fffffffffffffff0, is not adopted",
            ])
    }

    @Test func guestsAreToldByModuleAndName() throws {
        let matching = try matching(
            try Fixture.state("opentofu-1.9.0"),
            TerraformChoices(services: ["proxmox_vm_qemu.legacy": "batch-jobs"]))
        #expect(
            matching.found == [
                "batch-jobs/proxmox.vm ← proxmox_vm_qemu.legacy",
                "home/cloudflare.tunnel ← cloudflare_zero_trust_tunnel_cloudflared.home",
                "home/proxmox.vm ← module.home.module.guest[0].proxmox_virtual_environment_vm.vm",
                "worker/proxmox.lxc ← proxmox_virtual_environment_container.ct",
            ])
        #expect(
            matching.left == [
                "proxmox_lxc.legacy: no service is called like its module, name or tags",
                "cloudflare_tunnel.other: no service is called like its module, name or tags",
            ])
    }

    private static let two = """
        {"mode": "managed", "type": "aws_instance", "name": "web", "instances": [
          {"index_key": 0, "attributes": {"id": "i-1"}}, {"index_key": 1, "attributes": {"id": "i-2"}}
        ]}
        """

    @Test func twoForOneAreRivalsUntilOneIsLeft() throws {
        let state = try Fixture.state(resources: Self.two)
        let rivals = try matching(state).rivals
        #expect(
            rivals.values.map { $0.map(\.address.description) } == [
                ["aws_instance.web[0]", "aws_instance.web[1]"]
            ])
        let decided = try matching(state, TerraformChoices(left: ["aws_instance.web[1]"]))
        #expect(decided.found == ["web/aws.instance ← aws_instance.web[0]"])
        #expect(decided.left == ["aws_instance.web[1]: it is left out, as you asked for"])
        #expect(try matching(state, TerraformChoices(left: ["aws_instance.web"])).found == [])
    }

    @Test func aChoiceAboutNothingIsNamed() throws {
        let state = try Fixture.state(resources: Self.two)
        let choices = TerraformChoices(
            services: ["aws_instance.wab": "wob"], left: ["module.gone"])
        #expect(
            try matching(state, choices).unknownChoices == [
                .address("aws_instance.wab", nearest: "aws_instance.web[0]"),
                .address("module.gone", nearest: nil), .service("wob", nearest: "web"),
            ])
    }

    @Test func oneObjectByTwoNamesOfItsTypeIsOne() throws {
        let record = #""attributes": {"id": "r1", "name": "web.example.com", "type": "CNAME"}"#
        let state = try Fixture.state(
            resources: """
                {"mode": "managed", "type": "cloudflare_record", "name": "a", "instances": [{\(record)}]},
                {"mode": "managed", "type": "cloudflare_dns_record", "name": "a", "instances": [{\(record)}]}
                """)
        #expect(
            try matching(state).found == [
                "web/cloudflare.dns_record/web.example.com ← cloudflare_record.a"
            ])
    }

    @Test func whatTheSpecDoesNotAskForStays() throws {
        let state = try Fixture.state(
            resources: """
                {"mode": "managed", "type": "aws_eip", "name": "web", "instances": [
                  {"attributes": {"id": "eipalloc-1", "allocation_id": "eipalloc-1"}}]},
                {"mode": "managed", "type": "aws_iam_role", "name": "web", "instances": [
                  {"attributes": {"id": "web-role", "name": "web-role"}}]},
                {"mode": "managed", "type": "aws_iam_instance_profile", "name": "web", "instances": [
                  {"attributes": {"id": "web", "role": "web-role"}}]}
                """)
        #expect(
            try matching(state).left == [
                "aws_eip.web: services/web/service.yaml asks for no aws.elastic_ip",
                "aws_iam_role.web: a role is known by its name, which would be launch-shop-web, "
                    + "and cannot be renamed: Launch makes one",
                "aws_iam_instance_profile.web: what it is a part of, web-role, is not adopted",
            ])
    }
}

extension TerraformMatching {
    var found: [String] { matches.map { "\($0.desired.address) ← \($0.object.address)" } }
    var left: [String] { strangers.map { "\($0.object.address): \($0.reason)" } }
}
