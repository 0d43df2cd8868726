import Foundation
import Testing

/// Real processes, whose output, state folder and command line are searched for secrets.
@Suite(.timeLimit(.minutes(20))) struct SecretProcessTests {
    private static let canaries = [
        "OPENAI_API_KEY": "canary-of-a-service", "LAUNCH_STATE_PASSPHRASE": "canary-passphrase",
    ]

    @Test(arguments: [false, true]) func noProcessShowsASecret(isEncrypted: Bool) async throws {
        try await withBench { (bench) async throws in
            if isEncrypted {
                try bench.edit(
                    "launch.yaml", "  backend: sqlite\n",
                    """
                      backend: sqlite
                      encryption: { passphrase_env: LAUNCH_STATE_PASSPHRASE }

                    """)
            }
            var seen = Data()
            for arguments in [
                ["converge", "--yes", "-v"], ["plan", "-v", "--format", "json"], ["drift", "-v"],
                ["status", "-v"], ["doctor", "-v"], ["state", "pull"],
                ["destroy", "--all", "--yes", "-v", "--format", "json"],
            ] {
                let process = try bench.start(arguments, environment: Self.canaries)
                while process.isRunning {
                    seen += bytes(of: bench.repository.appending(path: "state"))
                    let line = URL(filePath: "/proc/\(process.identifier)/cmdline")
                    seen += (try? Data(contentsOf: line)) ?? Data()
                    try await Task.sleep(for: .milliseconds(20))
                }
                let outcome = await process.outcome()
                #expect(outcome.code == 0, "\(arguments): \(outcome.errors)")
                seen += Data("\(outcome.output)\(outcome.errors)".utf8)
                seen += bytes(of: bench.repository.appending(path: "state"))
            }
            let secrets = bench.credentials.compactMap { bench.environment[$0] }
            #expect(secrets.count == bench.credentials.count)
            for secret in secrets + Self.canaries.values {
                #expect(seen.range(of: Data(secret.utf8)) == nil)
            }
        }
    }

    private func bytes(of folder: URL) -> Data {
        let names = try? FileManager.default.contentsOfDirectory(atPath: folder.path)
        return (names ?? []).reduce(into: Data()) { all, name in
            all += (try? Data(contentsOf: folder.appending(path: name))) ?? Data()
        }
    }
}
