import GitHub
import HTTP
import Resources
import Services
import Simulation
import TestSupport
import Testing

@Suite struct GitHubContractTests {
    @Test func aRunnerHonoursTheContract() async throws {
        try await withVirtualTime { clock in
            let fixture = GitHubFixture(clock)
            fixture.runners { $0.add(named: "launch-other-web", labels: ["web"]) }
            try await ProviderContract(
                fixture.provider(), example: GitHubFixture.runner(),
                edited: GitHubFixture.runner(labels: ["staging", "web"]), project: "acme",
                in: fixture.world,
                prepare: { fixture.runners { $0.add(named: "launch-acme-web", labels: ["old"]) } },
                bystanders: { core in
                    let runners = core.github?.runners(of: GitHubFixture.repository)?.all ?? []
                    return runners.filter { $0["name"] == "launch-other-web" }.map(\.plainText)
                }
            ).check()
        }
    }

    @Test(arguments: [ServiceSpec.Target.aws, .proxmox])
    func aServiceGetsARunner(target: ServiceSpec.Target) {
        let service = ServiceSpec(name: "web", target: target, environment: "staging")
        let project = ProjectSpec(project: "acme", repository: "example/services")
        #expect(
            GitHubBlueprint().resources(for: service, in: project) == [
                Resource(
                    Address(service: "web", kind: KindName(.github, "runner")),
                    attributes: [
                        "name": "launch-acme-web", "labels": ["web", "staging"], "online": true,
                        "ephemeral": false, "machine": .reference(service.machine, "id"),
                    ],
                    origins: [
                        "labels": "environment", "machine": "target", "ephemeral": "runner",
                    ])
            ])
    }

    @Test func withoutARepositoryThereIsNoRunner() {
        let service = ServiceSpec(name: "web", target: .aws)
        #expect(
            GitHubBlueprint().resources(for: service, in: ProjectSpec(project: "acme")).isEmpty)
    }

    @Test(
        .enabled(if: GitHubFixture.document != nil, "needs ../shared/api"))
    func requestsAreCheckedAgainstTheDescription() throws {
        let document = try #require(GitHubFixture.document)
        let runners = "https://api.github.com/repos/o/r/actions/runners"
        let body = try HTTPBody.json(["labels": [1]])
        #expect(
            document.violations(of: HTTPRequest(.put, runners + "/7/labels", body: body)) == [
                "PUT /repos/{owner}/{repo}/actions/runners/{runner_id}/labels.labels[0]: "
                    + "1 is not of type string"
            ])
        #expect(
            document.violations(of: HTTPRequest(.get, runners + "/x")) == [
                "GET /repos/{owner}/{repo}/actions/runners/{runner_id} path runner_id: "
                    + "x is not of type integer"
            ])
    }
}
