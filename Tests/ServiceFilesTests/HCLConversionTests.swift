import Services
import Testing

@testable import ServiceFiles

@Suite struct HCLConversionTests {
    private func converted(_ texts: [String: String]) throws -> [ConvertedSpec] {
        try HCLConversion(files: InMemoryFiles(texts: texts), folder: "old").specs()
    }

    private func problems(_ texts: [String: String]) -> [String] {
        do {
            _ = try converted(texts)
            return []
        } catch let error as InvalidRepository {
            return error.diagnostics.map(\.description)
        } catch {
            return ["\(error)"]
        }
    }

    private static let module = """
        locals {
          networks = ["10.0.0.0/8", "2001:db8::/32"]
        }

        # The web shop
        module "shop" {
          source       = "./modules/launch-service"
          service_name = "web"

          # On a machine
          // of its own
          target = "aws"   # not at home
          size = {         # inside
            cpu    = 2
            memory = "4GiB"
            disk   = "20GiB"
          }
          public { hostname = "*.example.com" }
          port = 3080
          environment = "on"
          /* The office */
          ingress = [
            { from = local.networks, port = 22 },
          ]
          health = null
          # The end
        }
        """

    @Test func aModuleBecomesAFile() throws {
        #expect(
            try converted(["old/main.tf": Self.module]) == [
                ConvertedSpec(
                    file: ServiceScaffold.File(
                        path: "services/web/service.yaml",
                        content: """
                            # yaml-language-server: $schema=../../schemas/service.schema.json
                            # The web shop
                            # On a machine
                            # of its own
                            target: aws  # not at home
                            size: {cpu: 2, memory: 4GiB, disk: 20GiB}
                            public: {hostname: "*.example.com"}
                            port: 3080
                            environment: "on"
                            # The office
                            ingress:
                              - {port: 22, from: [10.0.0.0/8, "2001:db8::/32"]}
                            health: null
                            # The end

                            """),
                    origin: "old/main.tf:8:18")
            ])
    }

    @Test(arguments: HCLSpecTests.pairs.indices) func theFileMeansTheSame(index: Int) throws {
        let pair = HCLSpecTests.pairs[index]
        let spec = try #require(try converted(["old/a/web/service.hcl": pair.hcl]).first)
        #expect(spec.file.path == "services/web/service.yaml")
        let read = { (text: String) in
            try RepositoryReader(files: InMemoryFiles.service(text), environment: [:]).read()
                .services.map(\.withoutPlaces)
        }
        #expect(try read(spec.file.content) == (try read(pair.yaml)))
    }

    @Test func everythingThatIsWrongIsSaidAndNothingConverted() {
        #expect(
            problems([
                "old/web/service.hcl": "target = \"was\"\n",
                "old/web/other.hcl": "}",
                "old/api/service.hcl": "target = lower(\"AWS\")\n",
                "old/main.tf": Self.module,
            ]) == [
                "old/api/service.hcl:1:10: error: the function call lower(…) is not evaluated;"
                    + " write its result",
                "old/main.tf:8:18: error: web has a spec already, in old/web/service.hcl",
                "old/web/service.hcl:1:10: error: \"target\" must be aws or proxmox, not \"was\";"
                    + " did you mean aws?",
            ])
    }

    @Test func aFolderWithoutSpecsIsSaidToBeOne() {
        #expect(
            problems(["old/main.tf": "locals {}\n", "old/service.yaml": "target: aws"]) == [
                "old:1:1: error: there is no spec in HCL here: no service.hcl, and in no *.tf a"
                    + " module whose source ends with launch-service"
            ])
        #expect(
            problems(["new/main.tf": Self.module])
                == ["old:1:1: error: the folder cannot be read: there is no such file"])
    }

    @Test func hclIsNeverEdited() throws {
        var files = InMemoryFiles(texts: [
            "launch.yaml": InMemoryFiles.sampleProject, "infrastructure/main.tf": Self.module,
            "services/web/compose.yaml": InMemoryFiles.compose,
        ])
        files.texts["infrastructure/main.tf"]?.replace("*.example", with: "a.example")
        let repository = try RepositoryReader(files: files, environment: [:]).read()
        var spec = repository.services[0]
        spec.size = .custom(MachineShape(cpu: 4, memoryMebibytes: 4096, diskGibibytes: 20))
        spec.protect = true
        spec.ingress[0].sources.append("192.0.2.0/24")
        let error = #expect(throws: UneditableSpec.self) {
            _ = try RepositoryEditor(files: files, environment: [:]).edited(repository, to: [spec])
        }
        #expect(
            error?.description
                == "infrastructure/main.tf:13:3: error: \"size.cpu\" is not edited in"
                + " place: HCL is only read")
        #expect(
            error?.remedy == "Write it by hand: size.cpu = 4; one more of ingress.0.from:"
                + " \"192.0.2.0/24\"; protect = true. Then run `launch converge`.")
    }
}
