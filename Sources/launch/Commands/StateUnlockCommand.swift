import ArgumentParser
import Assembly
import Resources

extension StateCommand {
    struct Unlock: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Takes the locks of a run away from it.",
            discussion: """
                For a run that is gone for good and whose lock would end too late. If it still \
                runs, it can record nothing more: make sure that it does not.

                Example: launch state unlock 5f0c2a9be4d81763
                """)

        @Argument(help: "The lease, as `locked by …` names it.")
        var leaseID: String

        @OptionGroup var global: GlobalOptions

        func run() async throws {
            let store = try Session(global).workspace.store
            let broken = try await store.unlock(leaseID)
            guard !broken.isEmpty else { throw unknown(among: try await store.leases()) }
            try Terminal.print(
                broken.map {
                    "\($0.service): unlocked; it was locked by \($0.holder) since "
                        + "\($0.since.timestamp), for: \($0.purpose)\n"
                }.joined())
        }

        private func unknown(among leases: [Lease]) -> CommandFailure {
            guard !leases.isEmpty else {
                return CommandFailure(
                    "there is no lease \(leaseID): nothing is locked", remedy: nil)
            }
            let list = leases.map { "  \(StateError.locked($0))" }.joined(separator: "\n")
            return CommandFailure(
                "there is no lease \(leaseID); there are:\n\(list)", remedy: "Name one of these.")
        }
    }
}
