import Foundation
import TestSupport
import Testing

/// A store that ignores the conditions of writes is found out before the state rests on it.
@Suite(
    .timeLimit(.minutes(20)), .enabled(if: RcloneServer.isInstalled, "no rclone: run `make setup`"))
struct LyingStoreTests {
    @Test func initRefusesIt() async throws {
        try await withLyingStore { bench, objects in
            let outcome = try await bench.run("init")
            #expect(outcome.code == 1)
            #expect(
                outcome.errors == """
                    Error: s3://launch-state: the store cannot hold the state: it overwrites an \
                    object that `If-None-Match: *` should protect
                    → Use a store with conditional writes: AWS S3, Cloudflare R2, MinIO, or SQLite.

                    """)
            #expect(try objects() == [])
        }
    }

    @Test func doctorRefusesIt() async throws {
        try await withLyingStore { bench, objects in
            let outcome = try await bench.run("doctor")
            #expect(outcome.code == 1)
            #expect(
                outcome.output.contains(
                    /✗ state +s3:\/\/launch-state: the store cannot hold the state: it over/),
                "\(outcome.output)")
            #expect(try objects() == [])
        }
    }

    /// - Parameter body: is given what lists the objects of the bucket.
    private func withLyingStore(
        _ body: (Bench, _ objects: () throws -> [String]) async throws -> Void
    ) async throws {
        try await withBench { bench in
            let bucket = bench.folder.appending(path: "store/launch-state")
            try FileManager.default.createDirectory(
                at: bucket, withIntermediateDirectories: true)
            let server = try await RcloneServer(
                serving: bucket.deletingLastPathComponent(), log: bench.folder)
            defer { server.stop() }
            try bench.edit(
                "launch.yaml", "  backend: sqlite\n  path: state/launch.sqlite\n",
                """
                  backend: s3
                  bucket: launch-state
                  key: state.json
                  region: us-east-1
                  endpoint: \(server.endpoint)

                """)
            let own = Bench(
                folder: bench.folder, world: bench.world,
                environment: bench.environment.merging(server.environment) { $1 })
            try await body(own) { try FileManager.default.subpathsOfDirectory(atPath: bucket.path) }
        }
    }
}
