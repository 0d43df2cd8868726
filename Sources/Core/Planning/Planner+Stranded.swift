package import Foundation
package import Resources
import Services

extension Planner {
    /// Machines that need another seed, and why.
    ///
    /// - Returns: `stranded` wait in vain for their runner, or have one that lives otherwise than
    ///   is wanted; `cutShort` were switched off for another seed by an earlier run, which did not
    ///   start them again. A machine that was never started is neither: its creation gives it a
    ///   fresh seed.
    package func lackingSeeds(
        in input: PlanInput, at now: Date
    ) -> (stranded: [Address: String], cutShort: [Address: String]) {
        let wanted = Dictionary(input.desired.map { ($0.address, $0) }) { first, _ in first }
        var found: (stranded: [Address: String], cutShort: [Address: String]) = ([:], [:])
        for machine in wanted.keys where machine.isMachine && input.includes(machine) {
            guard let runner = wanted[machine.runner], let observed = input.observed[machine],
                let plight = plight(of: observed, wanting: runner, input, now)
            else { continue }
            if !isToBeStarted(observed, input) {
                found.stranded[machine] = plight
            } else if input.document.latestAttempt(toCreate: machine) == nil {
                found.cutShort[machine] = plight
            }
        }
        return found
    }

    /// Why the machine needs another seed; `nil` when it does not, or when its runner may still
    /// come of itself.
    private func plight(
        of machine: ObservedResource, wanting runner: Resource, _ input: PlanInput, _ now: Date
    ) -> String? {
        let recorded = input.document.resources
        let (left, seen) = (recorded[runner.address], input.observed[runner.address])
        if let change = changeOfLife(from: seen?.attributes ?? left?.attributes, to: runner) {
            return isGivenSeed(machine, since: left, input, now) ? nil : change
        }
        if let loss = lossOfRunner(machine, to: left, seen: seen, input, now) { return loss }
        guard seen == nil,
            let seedEnd = expiry(of: machine, input.document, recorded[machine.address])
        else { return nil }
        let words: String
        var end = seedEnd
        if left == nil {
            words = "its runner never came online; its registration token expired at "
        } else if runner["ephemeral"] == true {
            words = "its runner did not register after its last job; its newest token expired at "
            end = max(end, renewalEnd(of: runner.address.service, input) ?? end)
        } else {
            return nil
        }
        return end <= now ? words + end.formatted(.iso8601) : nil
    }

    /// A machine that its service comes back to: its runner's registration went when another
    /// machine registered under the same name. Where a run broke off after that, only the timeline
    /// tells that a runner has been online since the machine was made.
    private func lossOfRunner(
        _ machine: ObservedResource, to runner: RecordedResource?, seen: ObservedResource?,
        _ input: PlanInput, _ now: Date
    ) -> String? {
        let loss = "another machine has taken over its runner"
        let service = machine.address.service
        guard let record = input.document.resources[machine.address], record.id == machine.id
        else { return nil }
        let made = record.createdAt
        guard let runner else {
            let timeline = Timeline(input.document.services[service]?.timeline ?? [])
            guard seen == nil, (givenSeedEnd(of: machine) ?? now) <= now,
                let online = timeline[.runnerOnline]?.reachedAt, made < online
            else { return nil }
            return loss
        }
        guard let owner = runner.attributes["machine"], owner != .string(machine.id),
            made < runner.createdAt, !isGivenSeed(machine, since: runner, input, now)
        else { return nil }
        return loss
    }

    /// A runner changes its life only by registering anew, for which its machine needs a token.
    private func changeOfLife(from left: [String: Value]?, to runner: Resource) -> String? {
        guard let left, let wanted = runner["ephemeral"],
            wanted != left["ephemeral"] ?? false
        else { return nil }
        return wanted == true
            ? "its runner is to register anew after each job" : "its runner is to stay registered"
    }

    /// True for a machine that follows another seed already, as it is made, or by its own word since
    /// its runner was last seen to: while the token lives.
    private func isGivenSeed(
        _ machine: ObservedResource, since runner: RecordedResource?, _ input: PlanInput,
        _ now: Date
    ) -> Bool {
        if input.unfinished.contains(machine.address) { return machine["running"] != false }
        guard let end = givenSeedEnd(of: machine), runner != nil else { return false }
        return end > now && !hasSeedServed(machine, runner)
    }

    /// True for a machine that by its own word was given another seed, from which its runner came.
    func hasSeedServed(_ machine: ObservedResource?, _ runner: RecordedResource?) -> Bool {
        guard let end = machine.flatMap(givenSeedEnd), let runner else { return false }
        return runner.updatedAt >= end.addingTimeInterval(-Seed.tokenLifetime)
    }

    /// When the token of the seed ends that the machine says it was given later.
    private func givenSeedEnd(of machine: ObservedResource) -> Date? {
        machine[Seed.expiryAttribute]?.string.flatMap(Date.init(timestamp:))
    }

    /// When the token ends that was last written for the runner's next registration.
    private func renewalEnd(of service: String, _ input: PlanInput) -> Date? {
        let secret = ServiceSecret.runnerToken.address(in: service)
        return input.observed[secret]?["expires_at"]?.string.flatMap(Date.init(timestamp:))
    }

    /// True for a machine that is off, and whose creation is to be taken up.
    private func isToBeStarted(_ machine: ObservedResource, _ input: PlanInput) -> Bool {
        input.unfinished.contains(machine.address) && machine["running"] == false
            && kinds.kind(of: machine.address).takesAnotherSeed(machine)
    }

    /// When the token ends that the machine booted with: as it says itself, or else the one of the
    /// newest attempt to make it, while no attempt is known to have succeeded.
    private func expiry(
        of machine: ObservedResource, _ document: StateDocument, _ record: RecordedResource?
    ) -> Date? {
        if let end = givenSeedEnd(of: machine) { return end }
        if let attempt = document.latestAttempt(toCreate: machine.address) {
            return attempt.addingTimeInterval(Seed.tokenLifetime)
        }
        let told = record?.attributes[Seed.expiryAttribute]?.string
        if let told, let end = Date(timestamp: told) { return end }
        // An adopted machine was made by others, and without a token.
        guard document.generation(of: machine.address) > 0 else { return nil }
        return record?.createdAt.addingTimeInterval(Seed.tokenLifetime)
    }
}

extension StateDocument {
    /// When the newest attempt at making the object began that has not come to an end.
    package func latestAttempt(toCreate address: Address) -> Date? {
        intents.filter { $0.action == .create && $0.address == address }.map(\.startedAt).max()
    }
}
