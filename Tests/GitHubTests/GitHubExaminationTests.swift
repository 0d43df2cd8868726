import GitHub
import Resources
import Simulation
import Testing

/// Every request is checked against GitHub's API description, where that is present.
@Suite struct GitHubExaminationTests {
    @Test func aRepositoryThatTheTokenAdministersIsGood() async throws {
        try await withVirtualTime { clock in
            let findings = await GitHubFixture(clock).provider().examine(for: [])
            #expect(
                findings.map { "\($0.grade) \($0.detail)" } == [
                    "good example/services is reachable and not public",
                    "good it may see the runners of example/services",
                    "good 4997 of 5000 requests are left this hour",
                ])
        }
    }

    @Test func aRunnerThatIsTooOldIsFound() async throws {
        try await withVirtualTime { clock in
            let fixture = GitHubFixture(clock)
            fixture.runners {
                $0.add(named: "launch-acme-web", labels: ["web"], version: "2.320.0")
                $0.add(named: "launch-acme-job", labels: ["job"])
                $0.add(named: "somebody", labels: ["web"], version: "2.300.0")
            }
            let findings = await fixture.provider().examine(
                for: [GitHubFixture.runner(), GitHubFixture.runner("job")])
            #expect(
                findings.filter { $0.grade != .good } == [
                    .warning(
                        "GitHub runners",
                        "launch-acme-web: version 2.320.0, gets no jobs from "
                            + "2026-09-25T00:00:00Z on",
                        remedy: "A runner updates itself where it reaches GitHub on port 443; "
                            + "a machine that is made anew begins with the newest.")
                ])
        }
    }

    @Test(arguments: [
        (
            Optional("example/other"),
            Finding.bad(
                "GitHub repository", "could not reach the repository: Not Found (HTTP status 404)",
                remedy: "Check that example/other exists, and grant the token "
                    + "Administration: write on example/other.")
        ),
        (
            nil,
            .bad(
                "GitHub repository", "no repository is set",
                remedy: "Set `repository: owner/name` in launch.yaml.")
        ),
    ])
    func aRepositoryThatCannotBeReachedIsAllThatIsFound(
        repository: String?, finding: Finding
    ) async throws {
        try await withVirtualTime { clock in
            let provider = GitHubFixture(clock).provider(
                repository: repository, ["GITHUB_REPOSITORY": ""])
            #expect(await provider.examine(for: []) == [finding])
        }
    }
}
