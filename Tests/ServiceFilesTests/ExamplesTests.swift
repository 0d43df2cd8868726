import Services
import Testing
import TestSupport

@testable import ServiceFiles

@Suite struct ExamplesTests {
    @Test func theExamplesAreSound() throws {
        let repository = try RepositoryReader(root: PackageFiles.root, environment: [:]).read()
        #expect(repository.project.project == "example")
        #expect(
            repository.services.map { "\($0.name) \($0.machine) \($0.url ?? "-")" } == [
                "librechat librechat/aws.instance https://librechat.example.com",
                "mcp mcp/proxmox.vm https://mcp.example.com",
                "worker worker/proxmox.lxc -",
            ])
    }

    @Test(arguments: ServiceSpec.Target.allCases) func theScaffoldIsSound(
        _ target: ServiceSpec.Target
    ) throws {
        let files =
            try ServiceScaffold.project("sample", domain: "example.com")
            + ServiceScaffold.service("web", target: target, isPublic: true)
        let texts = Dictionary(uniqueKeysWithValues: files.map { ($0.path, $0.content) })
        #expect(InMemoryFiles(texts: texts).problems() == [])
        for schema in ["project", "service"] {
            #expect(texts["schemas/\(schema).schema.json"] != nil, "an editor looks there")
        }
    }

    @Test func aScaffoldedStateInABucketIsRead() throws {
        var state = StateSettings()
        state.backend = .s3
        state.bucket = "acme-state"
        state.key = "shop/state"
        state.region = "auto"
        state.endpoint = "https://acc0.r2.cloudflarestorage.com"
        let files = try ServiceScaffold.project("shop", state: state)
        let texts = Dictionary(uniqueKeysWithValues: files.map { ($0.path, $0.content) })
        let repository = try RepositoryReader(
            files: InMemoryFiles(texts: texts), environment: [:]
        ).read()
        #expect(repository.project.state == state)
    }

    @Test func aScaffoldThatWouldBeRefusedIsNotMade() {
        #expect(throws: InvalidRepository.self) {
            try ServiceScaffold.project("shop", domain: "no domain")
        }
    }

    @Test func theScaffoldKnowsWhichNamesAreRefused() {
        #expect(ServiceScaffold.problem(withServiceName: "web") == nil)
        #expect(ServiceScaffold.problem(withServiceName: "linux") == "is a runner's label")
        #expect(
            ServiceScaffold.problem(withServiceName: "Web")?.hasPrefix("must be a name") == true)
    }
}
