import Resources
import Rollout
import ServiceFiles
import Services
import Simulation
import Testing

/// With GitHub at a server of one's own, which the simulated guests register with as well.
@Suite struct EnterpriseServerTests {
    @Test func aPushIsServedWithoutGithubCom() async throws {
        let (messages, healthy, runners) = try await withVirtualTime { clock in
            var configuration = WorldConfiguration()
            configuration.enterpriseServer = "github.example.net"
            let fleet = Fleet(clock, configuration: configuration)
            let usual = Repository.full(in: fleet.world)
            var project = usual.project
            project.githubServer = GitHubServer.pages(
                ofAPI: fleet.world.environment["GITHUB_API_URL"])
            let repository = Repository(project: project, services: usual.services)
            fleet.world.locked {
                $0.github?.actions(of: "example/services")?.jobs.failing = ["cloud"]
            }
            fleet.push("cloud", "edge", "home", "worker")
            try await fleet.converge(repository)
            let results = try await fleet.wait(repository)
            #expect(try await fleet.shortfalls(of: repository) == [])
            return (
                results.map(\.failure?.message), results.map(\.service.timeline.furthest),
                fleet.world.inventory["github runner"]
            )
        }
        #expect(
            messages == [
                "deploy (cloud) ended as failure: "
                    + "https://github.example.net/example/services/actions/runs/9001/job/401",
                nil, nil, nil,
            ])
        #expect(healthy == [.runnerOnline, .serving, .serving, .applicationHealthy])
        #expect(runners == 4)
    }
}
