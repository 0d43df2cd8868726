import ArgumentParser
import Assembly
import Journal
import Resources
import ServiceFiles
import Services

extension StateCommand {
    struct Rekey: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Encrypts the state under another key, or decrypts it.",
            discussion: """
                Writes the state and its history anew, and says what to change in launch.yaml \
                afterwards. If it is stopped half-way, run it again before anything else, with \
                launch.yaml as it was. Runs that know only the old key can write no more.

                Example: launch state rekey --new-passphrase-env NEW_PASSPHRASE
                """)

        @Option(help: "The environment variable with the new passphrase.")
        var newPassphraseEnv: String?

        @Option(name: .customLong("new-kms-key-id"), help: "The new AWS KMS key.")
        var newKMSKeyID: String?

        @Flag(help: "Keep the state in clear from now on.")
        var decrypt = false

        @OptionGroup var global: GlobalOptions
        @OptionGroup var run: RunOptions

        func validate() throws {
            guard [newPassphraseEnv != nil, newKMSKeyID != nil, decrypt].count(where: \.self) == 1
            else {
                throw ValidationError(
                    "Say one of --new-passphrase-env, --new-kms-key-id and --decrypt.")
            }
        }

        func run() async throws {
            let session = try Session(global)
            let cipher = try key.map { try session.assembly.cipher($0) }
            try await withTimeout(run) {
                try await session.store.rekey(
                    to: cipher, claim: session.claim("state rekey", run))
            }
            try Terminal.print(
                (decrypt ? "The state is in clear now." : "The state is encrypted anew.")
                    + "\n\(advice(session.repository.project.state))\n")
        }

        private var key: StateAssembly.Key? {
            newPassphraseEnv.map { .passphrase(variable: $0) }
                ?? newKMSKeyID.map { .kms(keyID: $0) }
        }

        /// What launch.yaml has to say from now on.
        private func advice(_ settings: StateSettings) -> String {
            if let variable = newPassphraseEnv {
                let other = settings.passphraseVariable.map {
                    ", or give \($0) the value of \(variable)"
                }
                return variable == settings.passphraseVariable
                    ? "launch.yaml stays as it is."
                    : "Set `encryption: { passphrase_env: \(variable) }` in launch.yaml's `state`"
                        + "\(other ?? "")."
            }
            if let newKMSKeyID {
                return "Set `encryption: { kms_key_id: \(newKMSKeyID) }` in launch.yaml's `state`."
            }
            return "Remove `encryption` from launch.yaml's `state`."
        }
    }
}
