import Foundation
import Resources
import Testing

/// The state under a passphrase, another one, and in clear again.
@Suite(.timeLimit(.minutes(20))) struct StateRekeyTests {
    private static let first = "canary first passphrase"
    private static let second = "canary second passphrase"
    private static let block = "  encryption: { passphrase_env: LAUNCH_STATE_PASSPHRASE }\n"

    /// - Parameter old: what launch.yaml's variable holds.
    private func run(
        _ bench: Bench, _ arguments: String..., old: String? = first, new: String? = nil
    ) async throws -> Outcome {
        let outcome = try await bench.run(
            arguments,
            environment: ["LAUNCH_STATE_PASSPHRASE": old, "NEW_PASSPHRASE": new])
        for text in [outcome.output, outcome.errors] { #expect(!text.contains("canary")) }
        let file = (try? Data(contentsOf: bench.stateFile)) ?? Data()
        #expect(file.range(of: Data("canary".utf8)) == nil)
        return outcome
    }

    private func isInClear(_ bench: Bench) throws -> Bool {
        try Data(contentsOf: bench.stateFile).range(of: Data("worker/proxmox.lxc".utf8)) != nil
    }

    @Test func thereAndBack() async throws {
        try await withBench(["worker"]) { (bench) async throws in
            #expect(try await run(bench, "converge", "--yes").code == 0)
            let state = try await run(bench, "state", "pull")
            let history = try await run(bench, "history", "--limit", "500")
            #expect(try isInClear(bench))

            let encrypted = try await run(
                bench, "state", "rekey", "--new-passphrase-env", "LAUNCH_STATE_PASSPHRASE")
            #expect(
                encrypted
                    == Outcome(
                        0,
                        output: """
                            The state is encrypted anew.
                            Set `encryption: { passphrase_env: LAUNCH_STATE_PASSPHRASE }` in \
                            launch.yaml's `state`.

                            """), "\(encrypted.errors)")
            #expect(try !isInClear(bench))
            let plain = try await run(bench, "state", "pull")
            #expect(plain.code == 1)
            #expect(plain.errors.contains("launch.yaml's `state.encryption` names no key"))
            try bench.edit("launch.yaml", "  backend: sqlite\n", "  backend: sqlite\n" + Self.block)
            #expect(try await run(bench, "state", "pull") == state)
            #expect(try await run(bench, "history", "--limit", "500") == history)

            let rekeyed = try await run(
                bench, "state", "rekey", "--new-passphrase-env", "NEW_PASSPHRASE", new: Self.second)
            #expect(
                rekeyed.output == """
                    The state is encrypted anew.
                    Set `encryption: { passphrase_env: NEW_PASSPHRASE }` in launch.yaml's \
                    `state`, or give LAUNCH_STATE_PASSPHRASE the value of NEW_PASSPHRASE.

                    """)
            let stale = try await run(bench, "state", "pull")
            #expect(stale.code == 1)
            #expect(stale.errors.contains("the state cannot be decrypted"))
            #expect(try await run(bench, "state", "pull", old: Self.second) == state)
            #expect(
                try await run(bench, "plan", "--detailed-exitcode", old: Self.second).code == 0)

            let decrypted = try await run(bench, "state", "rekey", "--decrypt", old: Self.second)
            #expect(
                decrypted.output == """
                    The state is in clear now.
                    Remove `encryption` from launch.yaml's `state`.

                    """)
            try bench.edit("launch.yaml", Self.block, "")
            #expect(try await run(bench, "state", "pull", old: nil) == state)
            #expect(try await run(bench, "history", "--limit", "500", old: nil) == history)
        }
    }

    @Test func aKeyThatCannotBe() async throws {
        try await withBench(["worker"]) { (bench) async throws in
            #expect(try await run(bench, "converge", "--yes").code == 0)
            let state = try await run(bench, "state", "pull")
            let unset = try await run(
                bench, "state", "rekey", "--new-passphrase-env", "NEW_PASSPHRASE")
            #expect(unset.code == 1)
            #expect(unset.errors.contains("NEW_PASSPHRASE, which holds the passphrase, is not set"))
            let short = try await run(
                bench, "state", "rekey", "--new-passphrase-env", "NEW_PASSPHRASE", new: "short")
            #expect(short.code == 1)
            #expect(short.errors.contains("the passphrase has 5 characters, and the least is 12"))
            let neither = try await run(bench, "state", "rekey")
            #expect(neither.errors.contains("Say one of --new-passphrase-env"))
            #expect(try await run(bench, "state", "pull") == state)
        }
    }
}
