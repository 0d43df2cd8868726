package import Foundation
package import Resources
import Services

extension Planner {
    /// Machines that wait in vain: their runner has never come online, and the token that they
    /// were given to register it has expired.
    ///
    /// A runner that was online once is another matter, and so is a machine that was never
    /// started: its creation gives it a fresh seed.
    /// - Returns: why, for each.
    package func stranded(in input: PlanInput, at now: Date) -> [Address: String] {
        let recorded = input.document.resources
        let wanted = Set(input.desired.map(\.address))
        return wanted.filter { $0.isMachine && wanted.contains($0.runner) && input.includes($0) }
            .reduce(into: [:]) { found, machine in
                guard let observed = input.observed[machine], recorded[machine.runner] == nil,
                    input.observed[machine.runner] == nil,
                    !(isToBeStarted(observed) && input.unfinished.contains(machine)),
                    let expiry = expiry(of: machine, input.document, recorded[machine]),
                    expiry <= now
                else { return }
                found[machine] =
                    "its runner never came online; its registration token expired at "
                    + expiry.formatted(.iso8601)
            }
    }

    private func isToBeStarted(_ machine: ObservedResource) -> Bool {
        kinds.kind(of: machine.address).keepsSeed && machine["running"] == false
    }

    /// When the token ends that the machine booted with: the one of the newest attempt to make it,
    /// while no attempt is known to have succeeded.
    private func expiry(
        of machine: Address, _ document: StateDocument, _ record: RecordedResource?
    ) -> Date? {
        if let attempt = document.latestAttempt(toCreate: machine) {
            return attempt.addingTimeInterval(Seed.tokenLifetime)
        }
        let told = record?.attributes[Seed.expiryAttribute]?.string
        return told.flatMap(Date.init(timestamp:))
            ?? record?.createdAt.addingTimeInterval(Seed.tokenLifetime)
    }
}

extension StateDocument {
    /// When the newest attempt at making the object began that has not come to an end.
    package func latestAttempt(toCreate address: Address) -> Date? {
        intents.filter { $0.action == .create && $0.address == address }.map(\.startedAt).max()
    }
}
