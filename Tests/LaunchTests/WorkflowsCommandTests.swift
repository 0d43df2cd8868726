import Foundation
import Testing

/// `launch workflows` in the repository with the examples.
@Suite(.timeLimit(.minutes(20))) struct WorkflowsCommandTests {
    private static let upToDate = Outcome(0, output: "The workflows are up to date.\n")

    @Test func itWritesOnceAndKnowsWhatIsStale() async throws {
        try await withBench { (bench) async throws in
            #expect(try await bench.run("workflows", "--check").code == 1)
            let written = try await bench.run("workflows")
            #expect(written.code == 0)
            #expect(
                written.output == """
                    created  .github/actionlint.yaml
                    created  .github/launch/changes
                    created  .github/launch/comment
                    created  .github/launch/deploy
                    created  .github/launch/issue
                    created  .github/launch/start-deploy
                    created  .github/workflows/converge.yml
                    created  .github/workflows/deploy.yml
                    created  .github/workflows/drift.yml
                    created  .github/workflows/plan.yml
                    created  .github/workflows/reconcile.yml

                    """)
            #expect(written.errors.contains("Note: the state is a file"))
            #expect(written.errors.contains("`workflows.setup` in launch.yaml"))
            #expect(try await bench.run("workflows") == Self.upToDate)
            #expect(try await bench.run("workflows", "--check") == Self.upToDate)

            let spec = bench.repository.appending(path: "services/worker/service.yaml")
            let before = try String(contentsOf: spec, encoding: .utf8)
            try (before + "secrets: [API_KEY]\n")
                .write(to: spec, atomically: false, encoding: .utf8)
            let stale = try await bench.run("workflows", "--check")
            #expect(stale.code == 1)
            #expect(
                stale.errors.hasPrefix(
                    "Error: out of date: .github/workflows/deploy.yml\n"), "\(stale.errors)")
            #expect(
                try await bench.run("workflows").output == """
                    updated  .github/workflows/deploy.yml

                    """)
            #expect(try await bench.world.requestCount() == 0)
        }
    }

    @Test func aPersonsFileIsNeverWrittenOver() async throws {
        try await withBench { (bench) async throws in
            let own = bench.repository.appending(path: ".github/workflows/plan.yml")
            try FileManager.default.createDirectory(
                at: own.deletingLastPathComponent(), withIntermediateDirectories: true)
            try "name: Mine\n".write(to: own, atomically: false, encoding: .utf8)
            let refused = try await bench.run("workflows")
            #expect(refused.code == 1)
            #expect(refused.errors.contains("not written by Launch: .github/workflows/plan.yml"))
            #expect(try String(contentsOf: own, encoding: .utf8) == "name: Mine\n")
            let others = bench.repository.appending(path: ".github/workflows/drift.yml").path
            #expect(!FileManager.default.fileExists(atPath: others))
        }
    }
}
