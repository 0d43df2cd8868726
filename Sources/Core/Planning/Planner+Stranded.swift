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
        waitingInVain(input, now).filter { !isToBeStarted($0.key, input) }
    }

    /// Machines that an earlier run switched off for another seed, and did not start again: they
    /// are started from a fresh one.
    /// - Returns: why they were to get one, for each.
    package func cutShort(in input: PlanInput, at now: Date) -> [Address: String] {
        waitingInVain(input, now).filter { machine, _ in
            isToBeStarted(machine, input)
                && input.document.latestAttempt(toCreate: machine) == nil
        }
    }

    private func waitingInVain(_ input: PlanInput, _ now: Date) -> [Address: String] {
        let recorded = input.document.resources
        let wanted = Set(input.desired.map(\.address))
        return wanted.filter { $0.isMachine && wanted.contains($0.runner) && input.includes($0) }
            .reduce(into: [:]) { found, machine in
                guard let observed = input.observed[machine], recorded[machine.runner] == nil,
                    input.observed[machine.runner] == nil,
                    let expiry = expiry(of: observed, input.document, recorded[machine]),
                    expiry <= now
                else { return }
                found[machine] =
                    "its runner never came online; its registration token expired at "
                    + expiry.formatted(.iso8601)
            }
    }

    /// True for a machine that is off, and whose creation is to be taken up.
    private func isToBeStarted(_ address: Address, _ input: PlanInput) -> Bool {
        guard let machine = input.observed[address], input.unfinished.contains(address) else {
            return false
        }
        return kinds.kind(of: address).takesAnotherSeed(machine) && machine["running"] == false
    }

    /// When the token ends that the machine booted with: as it says itself, or else the one of the
    /// newest attempt to make it, while no attempt is known to have succeeded.
    private func expiry(
        of machine: ObservedResource, _ document: StateDocument, _ record: RecordedResource?
    ) -> Date? {
        if let end = machine[Seed.expiryAttribute]?.string.flatMap(Date.init(timestamp:)) {
            return end
        }
        if let attempt = document.latestAttempt(toCreate: machine.address) {
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
