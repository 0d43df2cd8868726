import Testing

@testable import ServiceFiles

/// What is said of specs in HCL.
@Suite struct BadHCLTests {
    private func problems(_ texts: [String: String]) -> [String] {
        InMemoryFiles(
            texts: texts.merging([
                "launch.yaml": InMemoryFiles.sampleProject,
                "services/web/compose.yaml": InMemoryFiles.compose,
            ]) { $1 }
        ).problems()
    }

    /// The same mistake in both languages, at the same place of its line.
    private static let mistakes: [(hcl: String, yaml: String)] = [
        ("size = \"small\"", "size: small"),
        ("target = \"was\"", "target: was"),
        ("target = null", "target: null"),
        ("target = [\"aws\"]", "target: [aws]"),
        ("target = \"aws\"\nsise = \"small\"", "target: aws\nsise: small"),
        ("target = \"aws\"\nsize = \"medum\"", "target: aws\nsize: medum"),
        (
            "target = \"aws\"\nsize = { cpu = 0, disk = 20 }",
            "target: aws\nsize: {cpu: 0, disk: 20}"
        ),
        ("target = \"aws\"\npublic = true", "target: aws\npublic: true"),
        ("target = \"aws\"\nport = 70000", "target: aws\nport: 70000"),
        ("target = \"aws\"\nport = 0.5", "target: aws\nport: 0.5"),
        ("target = \"aws\"\nsecrets = [\"a\", 5]", "target: aws\nsecrets: [a, 5]"),
        ("target = \"aws\"\nsecrets = \"KEY\"", "target: aws\nsecrets: KEY"),
        ("target = \"aws\"\nguest = \"lxc\"", "target: aws\nguest: lxc"),
        ("target = \"aws\"\nenvironment = true", "target: aws\nenvironment: true"),
        ("target = \"aws\"\nprotect = 1", "target: aws\nprotect: 1"),
        ("target = \"aws\"\ningress = [{}]", "target: aws\ningress: [{}]"),
        ("target = \"aws\"\nwas = \"web\"", "target: aws\nwas: web"),
    ]

    @Test(arguments: mistakes.indices) func aMistakeIsTheSameInBothLanguages(index: Int) {
        let (hcl, yaml) = Self.mistakes[index]
        let inHCL = problems(["services/web/service.hcl": hcl])
        let inYAML = problems(["services/web/service.yaml": yaml])
        let messages = { (problems: [String]) in
            problems.map { $0.split(separator: ": ", maxSplits: 1).last.map(String.init) }
        }
        #expect(messages(inHCL) == messages(inYAML))
        #expect(!inHCL.isEmpty)
    }

    @Test func everyErrorIsReportedAtItsPlace() {
        let text = """
            target  = aws
            sise    = "small"
            size    = "medum"
            port    = var.port
            secrets = [upper("a"), "b"]
            kind: "web"
            health  = "/
            dynamic "ingress" {
              for_each = []
            }
            data "x" {
              size = "1GiB"
            }
            data {
              size = "2GiB"
            }
            spot = true ? 1 : 2
            """
        #expect(
            problems(["services/web/service.hcl": text])
                == [
                    #"1:11: error: a text stands in quotes: "aws""#,
                    #"2:1: error: unknown key "sise"; did you mean "size"? \#(BadService.keys)"#,
                    #"3:11: error: "size" must be small, medium, large or xlarge, or {cpu, memory, disk}, not "medum"; did you mean medium?"#,
                    "4:11: error: there is no var.port",
                    "5:12: error: the function call upper(…) is not evaluated; write its result",
                    #"5:24: error: this element of "secrets" must be a name of capital letters, digits and underscores that does not begin with a digit or GITHUB_, not "b""#,
                    #"6:5: error: "=" must stand between a key and its value, not ":""#,
                    "7:11: error: the text is not closed before its line ends; end it with \", or write"
                        + " several lines as a heredoc, <<EOT",
                    "8:1: error: a dynamic block is not evaluated; write each block out",
                    "11:6: error: a block of a spec has no label",
                    "14:1: error: the key \"data\" stands here a second time",
                    "17:8: error: the conditional \"… ? … : …\" is not evaluated; write the value that"
                        + " holds",
                ].map { "services/web/service.hcl:\($0)" })
    }

    @Test func modulesHaveErrorsOfTheirOwn() {
        let text = """
            locals {
              size = "medum"
            }
            module "web" {
              source   = "./modules/launch-service"
              count    = 2
              for_each = {}
              target   = "aws"
              size     = local.size
              was      = "${local.size}-1"
            }
            module "Web" {
              source = "./modules/launch-service"
            }
            module "linux" {
              source       = "../launch-service"
              service_name = local.size
              target       = "aws"
            }
            module "near" {
              source = "./modules/launch-servce"
            }
            """
        #expect(
            problems(["infrastructure/main.tf": text])
                == [
                    "6:3: error: \"count\" is not evaluated: a module is one service; write one for"
                        + " each",
                    "7:3: error: \"for_each\" is not evaluated: a module is one service; write one for"
                        + " each",
                    #"9:14: error: "size" must be small, medium, large or xlarge, or {cpu, memory, disk}, not "medum"; did you mean medium?"#,
                    "10:14: error: \"was\" must be written out in quotes: the workflows read it as it"
                        + " stands",
                    "12:8: error: \"target\" is missing: it must be aws or proxmox",
                    "12:8: error: the service's name must be a name of small letters, digits and"
                        + " hyphens, at most 31 long, that begins with a letter and does not end with a"
                        + " hyphen, not \"Web\"",
                    "15:8: error: a service cannot be called linux: its runner's labels would be taken"
                        + " for those of other runners; reserved: arm, arm64, linux, macos,"
                        + " self-hosted, windows, x64, x86",
                    "17:18: error: \"service_name\" must be written out in quotes: the workflows read"
                        + " it as it stands",
                    "21:12: error: this is no spec: the source of one ends with launch-service, not"
                        + " \"launch-servce\"",
                ].map { "infrastructure/main.tf:\($0)" })
    }

    @Test func aServiceHasOneSpec() {
        let module =
            "module \"web\" {\n  source = \"./modules/launch-service\"\n"
            + "  target = \"aws\"\n}\n"
        #expect(
            problems([
                "services/web/service.yaml": "target: aws", "services/web/service.hcl": "target =",
                "infrastructure/a.tf": module, "infrastructure/b.tf": module,
            ]) == [
                "infrastructure/a.tf:1:8: error: web has a spec already, in"
                    + " services/web/service.yaml; keep one of the two",
                "infrastructure/b.tf:1:8: error: web has a spec already, in"
                    + " services/web/service.yaml; keep one of the two",
                "services/web/service.hcl:1:1: error: web has a spec already, in"
                    + " services/web/service.yaml; keep one of the two",
                "services/web/service.hcl:1:9: error: a value must stand here, not the file's end",
            ])
        #expect(
            problems(["infrastructure/a.tf": module + module]) == [
                "infrastructure/a.tf:5:8: error: web has a spec already, in"
                    + " infrastructure/a.tf:1:8; keep one of the two"
            ])
    }

    @Test func aModuleNeedsItsApplication() {
        let files = InMemoryFiles(texts: [
            "launch.yaml": InMemoryFiles.sampleProject,
            "infrastructure/main.tf": "module \"web\" {\n  source = \"./modules/launch-service\"\n"
                + "  target = \"aws\"\n}\n",
        ])
        #expect(
            files.problems() == [
                "services/web/compose.yaml:1:1: error: the file is missing; `launch new` shows what"
                    + " belongs into it"
            ])
    }

    @Test func theFolderNamesTheServiceOfAServiceHCL() {
        #expect(
            problems(["services/web/service.hcl": "service_name = \"api\"\ntarget = \"aws\"\n"])
                == [
                    "services/web/service.hcl:1:16: error: the folder's name, web, is the service's"
                        + " name, not \"api\""
                ])
        let module =
            "module \"api\" {\n  source = \"./modules/launch-service\"\n"
            + "  target = \"aws\"\n}\n"
        #expect(
            problems(["services/web/service.hcl": "port = 1\n" + module + module])
                == [
                    "1:1: error: \"port\" must stand inside the module block",
                    "2:8: error: the folder's name, web, is the service's name, not \"api\"",
                    "6:8: error: a service.hcl is the spec of one service",
                    "6:8: error: the folder's name, web, is the service's name, not \"api\"",
                ].map { "services/web/service.hcl:\($0)" })
    }

    @Test func anEnvironmentAndAServiceOfOneNameAreFoundAtTheName() {
        let module =
            "\nmodule \"production\" {\n  source = \"./modules/launch-service\"\n"
            + "  target = \"aws\"\n}\n"
        #expect(
            problems([
                "infrastructure/main.tf": module,
                "services/web/service.yaml": "target: aws",
                "services/production/compose.yaml": InMemoryFiles.compose,
            ]) == [
                "infrastructure/main.tf:2:8: error: a service cannot be called production: that is"
                    + " an environment, and runner labels would not tell them apart"
            ])
    }
}
