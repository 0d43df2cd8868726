import Foundation
import Testing

/// Where a new repository's state is, and what is said when it cannot be there.
@Suite(.timeLimit(.minutes(20))) struct InitTests {
    private func settings(_ bench: Bench) throws -> String {
        try String(
            contentsOf: bench.repository.appending(path: "launch.yaml"), encoding: .utf8)
    }

    @Test func aBucketThatIsNotThere() async throws {
        try await withBench([]) { (bench) async throws in
            try FileManager.default.removeItem(at: bench.repository)
            let endpoint = try #require(bench.environment["AWS_ENDPOINT_URL"])
            let begun = try await bench.run(
                "init", "--project", "shop", "--state", "s3://nowhere-at-all/shop/state",
                "--region", "us-east-1", "--endpoint", endpoint)
            #expect(begun.code == 1)
            #expect(begun.errors.hasPrefix("Error: s3://nowhere-at-all"), "\(begun.errors)")
            #expect(
                try settings(bench).contains(
                    """
                    state:
                      backend: s3
                      bucket: nowhere-at-all
                      key: shop/state
                      region: us-east-1
                      endpoint: \(endpoint)

                    """))
            // What is there is tested again, with its own settings.
            let again = try await bench.run("init")
            #expect(again.code == 1)
            #expect(again.errors == begun.errors)
        }
    }

    @Test(arguments: [
        (["--domain", "no domain"], "launch.yaml:4:9: error: \"domain\" must be a DNS name"),
        (["--state", "s3://UPPER/key"], "error: \"state.bucket\" must be a bucket name"),
        (["--state", "bucket/key"], "Error: The value 'bucket/key' is invalid for"),
        (["--region", "us-east-1"], "--region and --endpoint belong to --state."),
    ])
    func whatWouldBeRefusedIsNotWritten(arguments: [String], complaint: String) async throws {
        try await withBench([]) { (bench) async throws in
            try FileManager.default.removeItem(at: bench.repository)
            let refused = try await bench.run(["init", "--project", "shop"] + arguments)
            #expect(refused.code == 1)
            #expect(refused.errors.contains(complaint), "\(refused.errors)")
            #expect(!FileManager.default.fileExists(atPath: bench.repository.path))
        }
    }

    @Test func aStateThatIsChosenAlready() async throws {
        try await withBench([]) { (bench) async throws in
            let before = try settings(bench)
            #expect(
                try await bench.run("init", "--state", "s3://bucket/key")
                    == Outcome(
                        1,
                        errors: """
                            Error: launch.yaml is there already, and says where the state is
                            → Set `state` in it, and leave --state out.

                            """))
            #expect(try settings(bench) == before)
        }
    }
}
