import Foundation
import Resources
import Terraform
import Testing

/// States as Terraform 1.5 to 1.11 and OpenTofu write them.
@Suite struct StateReadingTests {
    static let files = ["terraform-1.5.7", "terraform-1.11.4", "opentofu-1.9.0"]

    @Test func modulesDeposedAndSensitiveAttributesAreRead() throws {
        let state = try Fixture.state("terraform-1.5.7")
        #expect(state.writer == "1.5.7")
        #expect(state.serial == 42)
        #expect(state.dataSources == 1)
        #expect(
            state.objects.map(\.summary) == [
                "aws_s3_bucket.logs",
                "module.web.aws_instance.this i-0123456789abcdef0 frontend",
                "module.web.aws_instance.this i-0fedcba9876543210 frontend deposed 1a2b3c4d",
                "module.web.aws_security_group.this sg-0123456789abcdef0 frontend",
                "module.web.aws_security_group_rule.https sgrule-1234567890 "
                    + "part of sg-0123456789abcdef0",
                "cloudflare_record.site aaaabbbbccccddddeeeeffff00001111 web,web.example.com",
            ])
        #expect(state.objects[1].tags == ["frontend", "shop"])
        #expect(state.objects[5].recordType == "CNAME")
    }

    @Test func countForEachAndTaintedAreRead() throws {
        let state = try Fixture.state("terraform-1.11.4")
        #expect(
            state.objects.map(\.summary) == [
                "module.services[\"web\"].aws_ebs_volume.data[0] vol-0123456789abcdef0",
                "module.services[\"web\"].aws_volume_attachment.data vai-1234567890 "
                    + "part of vol-0123456789abcdef0",
                "aws_instance.machines[\"web\"] i-0123456789abcdef0 tainted",
                "aws_instance.machines[\"old \\\"box\\\"\"] i-00000000000000001",
                "aws_vpc_security_group_ingress_rule.stray sgr-0123456789abcdef0 "
                    + "part of sg-0fffffffffffffff0",
                "github_repository_environment.production services:production production",
            ])
    }

    @Test func guestsOfBothProvidersAreRead() throws {
        let state = try Fixture.state("opentofu-1.9.0")
        #expect(
            state.objects.map(\.summary) == [
                "module.home.module.guest[0].proxmox_virtual_environment_vm.vm 101 home",
                "proxmox_virtual_environment_container.ct 102 worker",
                "proxmox_vm_qemu.legacy 103 batch",
                "proxmox_lxc.legacy 104 cache",
                "cloudflare_zero_trust_tunnel_cloudflared.home "
                    + "f70ff985-a4ef-4643-bbbc-4a0ed4fc8415 launch-shop-home",
                "cloudflare_tunnel.other 0bbb985a-a4ef-4643-bbbc-4a0ed4fc8415 office",
            ])
    }

    /// Outputs and attributes that the state calls sensitive, or that nothing needs.
    @Test(arguments: files) func noSecretIsKept(file: String) throws {
        let text = String(decoding: try Fixture.bytes(file), as: UTF8.self)
        #expect(text.contains("hunter2") == (file != "terraform-1.11.4"))
        #expect(!"\(try Fixture.state(file))".contains("hunter2"))
    }

    @Test func anIdentifierThatIsSensitiveIsNotKept() throws {
        let state = try Fixture.state(
            resources: """
                {"mode": "managed", "type": "aws_instance", "name": "web", "instances": [
                  {"attributes": {"id": "i-1", "tags": {"Name": "hidden"}}, "sensitive_attributes": [
                    [{"type": "get_attr", "value": "id"}],
                    [{"type": "get_attr", "value": "tags"}, {"type": "index", "value": {"value": "Name", "type": "string"}}]
                  ]}
                ]}
                """)
        #expect(state.objects.map(\.summary) == ["aws_instance.web"])
        #expect(state.objects[0].tags == [])
    }

    @Test(arguments: [
        ("", "x: it is not JSON, as Terraform's state is"),
        ("terraform {}", "x: it is not JSON, as Terraform's state is"),
        ("[]", "x: it is not JSON, as Terraform's state is"),
        (
            #"{"name": "web"}"#,
            "x: it is JSON, but no Terraform state: `version` or `lineage` is missing"
        ),
        (
            #"{"serial":1,"lineage":"a","meta":{"key_provider.pbkdf2.k":"e30="},"#
                + #""encrypted_data":"AA==","encryption_version":"v0"}"#,
            "x: it is an OpenTofu state, and encrypted"
        ),
        (
            #"{"version":3,"serial":1,"lineage":"a","modules":[]}"#,
            "x: it has format 3, of before Terraform 0.12; 4 is read"
        ),
        (
            #"{"version":5,"terraform_version":"2.0.0","serial":1,"lineage":"a"}"#,
            "x: it has format 5, of Terraform 2.0.0; this Launch reads 4"
        ),
    ])
    func whatIsNoStateIsRefused(text: String, words: String) throws {
        let error = try #require(throws: InvalidTerraformState.self) {
            try TerraformStateReader.read(Array(text.utf8), from: "x")
        }
        #expect(error.description == words)
        #expect(error.remedy.hasSuffix("."))
    }

    @Test func everythingThatIsMalformedIsNamedAtOnce() throws {
        let error = try #require(throws: InvalidTerraformState.self) {
            try Fixture.state(
                resources: """
                    {"mode": "managed", "name": "web", "instances": []},
                    {"mode": "managed", "type": "aws_instance", "name": "web", "module": "web", "instances": []},
                    {"mode": "managed", "type": "aws_instance", "name": "web", "instances": [{"index_key": []}]}
                    """)
        }
        #expect(
            error.description == """
                test:
                  - resources[0]: it has no mode, type or name
                  - resources[1]: its module is no path of modules
                  - resources[2].instances[0]: its key is no number and no text
                """)
        #expect(error.remedy.components(separatedBy: "\n").count == 1)
    }

    /// Any piece of a good file, and any file with a byte changed, is read or refused.
    @Test(arguments: files) func damageNeverCrashes(file: String) throws {
        let whole = try Fixture.bytes(file)
        for end in stride(from: 0, to: whole.count, by: 37) {
            #expect(throws: InvalidTerraformState.self) {
                try TerraformStateReader.read(Array(whole[..<end]), from: "x")
            }
            var changed = whole
            changed[end] = UInt8(ascii: "[")
            _ = try? TerraformStateReader.read(changed, from: "x")
        }
    }

    /// What the installed program writes, by its own provider alone.
    @Test(.enabled(if: TerraformProgram.path != nil, "terraform is not installed"))
    func theStateOfTheInstalledProgramIsRead() throws {
        let state = try TerraformProgram.applied(
            """
            resource "terraform_data" "each" {
              for_each = toset(["a b", "c\\"d"])
              input    = sensitive("hunter2")
            }
            resource "terraform_data" "counted" {
              count = 2
            }
            module "inner" {
              source   = "./inner"
              for_each = toset(["web"])
            }
            """, inner: #"resource "terraform_data" "this" {}"#)
        #expect(
            state.objects.map(\.address.description).sorted() == [
                #"module.inner["web"].terraform_data.this"#, "terraform_data.counted[0]",
                "terraform_data.counted[1]", #"terraform_data.each["a b"]"#,
                #"terraform_data.each["c\"d"]"#,
            ])
        #expect(!"\(state)".contains("hunter2"))
    }

    @Test func aLockSaysWhoHasIt() {
        let lock = TerraformLock(
            Array(
                #"{"ID":"b2c1","Operation":"OperationTypeApply","Who":"ada@laptop","#.utf8)
                + Array(#""Version":"1.10.0","Created":"2026-01-02T03:04:05Z","Path":"b/k"}"#.utf8))
        #expect(lock.description == "by ada@laptop, for apply, since 2026-01-02T03:04:05Z")
        let error = InvalidTerraformState(location: "s3://b/k", problems: [.locked(lock)])
        #expect(error.remedy.contains("terraform force-unlock b2c1"))
        #expect(TerraformLock([1, 2]).description == "by unknown, for unknown, since unknown")
    }
}
