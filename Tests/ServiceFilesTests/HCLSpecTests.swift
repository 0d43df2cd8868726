import Services
import Simulation
import Testing

@testable import ServiceFiles

/// Specs in HCL mean what the same specs in YAML mean.
@Suite struct HCLSpecTests {
    static let pairs: [(hcl: String, yaml: String)] = [
        ("target = \"aws\"\n", "target: aws\n"),
        (
            """
            # Everything
            target = "proxmox"
            size   = { cpu = 2, memory = "1536MiB", disk : "1TiB" }
            public { # a block
              hostname = "chat.example.org"
              port     = 8.443e3
            }
            port    = "3080"
            secrets = ["A_KEY",
              "_B", # the second
            ]
            kind = "mcp"
            health = "/mcp"
            spot = false
            guest   = "lxc"
            runner  = "ephemeral"
            data { size = "20GiB" }
            expose = "direct"
            ingress {
              port = 22
              from = ["10.1.2.3/8", "2001:DB8:0:0::1/32", "10.0.0.0/8"]
            }
            ingress {
              port     = 53
              from     = ["0.0.0.0/0"]
              protocol = "udp"
            }
            environment = "staging"
            protect     = true
            was         = "old-web"
            """,
            """
            target: proxmox
            size: {cpu: 2, memory: 1536MiB, disk: 1TiB}
            public: {hostname: chat.example.org, port: 8443}
            port: 3080
            secrets: [A_KEY, _B]
            kind: mcp
            health: /mcp
            spot: false
            guest: lxc
            runner: ephemeral
            data: {size: 20GiB}
            expose: direct
            ingress:
              - {port: 22, from: [10.1.2.3/8, 2001:DB8:0:0::1/32, 10.0.0.0/8]}
              - {port: 53, from: ["0.0.0.0/0"], protocol: udp}
            environment: staging
            protect: true
            was: old-web
            """
        ),
        (
            """
            variable "environment" {
              type    = string
              default = "staging"
            }
            locals {
              office = ["10.0.0.0/8", "192.168.0.0/16"]
              sizes  = { small = "small", big = { cpu = 8, memory = "16GiB", disk = "80GiB" } }
              port   = 80
              unused = file("nowhere")
            }
            target      = "aws"
            environment = var.environment
            size        = local.sizes.big
            public      = { hostname = "web-${var.environment}.example.com" }
            port        = local.port
            ingress     = [{ port = 22, from = local.office }, { port = 23, from = [local.office[1]] }]
            health      = null
            """,
            """
            target: aws
            environment: staging
            size: {cpu: 8, memory: 16GiB, disk: 80GiB}
            public: {hostname: web-staging.example.com}
            port: 80
            ingress:
              - {port: 22, from: [10.0.0.0/8, 192.168.0.0/16]}
              - {port: 23, from: [192.168.0.0/16]}
            health: null
            """
        ),
    ]

    private func service(_ texts: [String: String]) throws -> ServiceSpec {
        let files = InMemoryFiles(
            texts: texts.merging([
                "launch.yaml": InMemoryFiles.sampleProject,
                "services/web/compose.yaml": InMemoryFiles.compose,
            ]) { $1 })
        let repository = try RepositoryReader(files: files, environment: [:]).read()
        #expect(repository.services.count == 1)
        return try #require(repository.services.first).withoutPlaces
    }

    @Test(arguments: pairs.indices) func aFileOfHCLMeansTheSame(index: Int) throws {
        let (hcl, yaml) = Self.pairs[index]
        var read = try service(["services/web/service.hcl": hcl])
        #expect(read.file == "services/web/service.hcl")
        read.file = "services/web/service.yaml"
        #expect(read == (try service(["services/web/service.yaml": yaml])))
    }

    @Test(arguments: pairs.indices) func aModuleMeansTheSame(index: Int) throws {
        let (hcl, yaml) = Self.pairs[index]
        // Definitions stand beside the module, here in a file of their own.
        let start = try #require(hcl.firstRange(of: "target")).lowerBound
        let module = """
            module "any_label" {
              source       = "./modules/launch-service"
              version      = "1.0"
              providers    = { aws = aws.eu }
              depends_on   = [module.vpc]
              service_name = "web"
              \(hcl[start...])
            }
            """
        var read = try service([
            "infrastructure/main.tf": module,
            "infrastructure/locals.tf": String(hcl[..<start]),
        ])
        #expect(read.file == "infrastructure/main.tf")
        read.file = "services/web/service.yaml"
        #expect(read == (try service(["services/web/service.yaml": yaml])))
    }

    @Test func aModuleInItsFolderMeansTheSame() throws {
        let text = """
            module "web" {
              source = "../../modules/launch-service/"
              target = "aws"
            }
            """
        #expect(
            try service(["services/web/service.hcl": text])
                == ServiceSpec(name: "web", target: .aws, file: "services/web/service.hcl"))
    }

    @Test func whatElseTerraformHasIsLeftAlone() throws {
        let text = """
            terraform {
              required_version = ">= 1.5"
              backend "s3" {}
            }
            provider "aws" { region = var.region }
            variable "region" {}
            module "vpc" {
              source   = "terraform-aws-modules/vpc/aws"
              for_each = toset(["a"])
              target   = 5
            }
            module "lambda" {
              source = "./modules/lambda-service"
            }
            resource "aws_instance" "this" {
              count = length(local.all) > 1 ? 1 : 0
              tags  = merge(local.tags, { Name = "x" })
              dynamic "ebs_block_device" {
                for_each = [for d in var.disks : d]
                content { device_name = ebs_block_device.value["name"] }
              }
            }
            output "id" { value = aws_instance.this[*].id }
            module "web" {
              source = "./modules/launch-service"
              target = "proxmox"
            }
            """
        let read = try service([
            "infrastructure/main.tf": text, "infrastructure/terraform.tfvars": "region = ",
            "infrastructure/modules/launch-service/main.tf": "}",
        ])
        #expect(
            read == ServiceSpec(name: "web", target: .proxmox, file: "infrastructure/main.tf"))
    }

    @Test func placesAreThoseOfTheFile() throws {
        let files = InMemoryFiles(texts: [
            "launch.yaml": InMemoryFiles.sampleProject,
            "services/web/compose.yaml": InMemoryFiles.compose,
            "infrastructure/main.tf": """
            module "web" {
              source = "./modules/launch-service"
              target = "aws"
              data {
                size = "5GiB"
              }
            }
            """,
        ])
        let services = try RepositoryReader(files: files, environment: [:]).read().services
        #expect(
            services.map(\.places) == [
                [
                    "service_name": Place(line: 1, column: 8), "target": Place(line: 3, column: 3),
                    "data": Place(line: 4, column: 3), "data.size": Place(line: 5, column: 5),
                ]
            ])
    }

    @Test(arguments: 0..<4) func anyFileIsReadToItsEnd(seed: UInt64) {
        let random = SeededRandom(seed: seed)
        let sample = Array(
            "module \"web\" {\n  source = \"./modules/launch-service\"\n\(Self.pairs[2].hcl)\n}\n"
                .utf8)
        let pieces = ["", "}", "{", "\"", "[", "=", "\n", "count", "ingress", "${", "null", "é"]
        for _ in 0..<200 {
            var bytes = sample
            for _ in 0...random.next() % 4 {
                let start = Int(random.next() % UInt64(bytes.count))
                let end = min(bytes.count, start + Int(random.next() % 6))
                let piece = pieces[Int(random.next() % UInt64(pieces.count))]
                bytes.replaceSubrange(start..<end, with: piece.utf8)
            }
            let text = String(decoding: bytes, as: UTF8.self)
            for path in ["infrastructure/main.tf", "services/web/service.hcl"] {
                let files = InMemoryFiles(texts: [
                    "launch.yaml": InMemoryFiles.sampleProject, path: text,
                    "services/web/compose.yaml": InMemoryFiles.compose,
                ])
                for problem in files.problems() {
                    #expect(problem.contains(/^[a-z\/.]+:\d+:\d+: error: ./), "\(problem)")
                }
            }
        }
    }
}
