import Foundation
import Planning
import Resources
import Services
import Synchronization

/// Carries single steps out: intent, call, result.
///
/// The intent is durable before the call, and the result before anything that depends on it
/// begins. A call whose end is not seen leaves its intent open; the next run settles it.
final class StepActions: Sendable {
    private let survey: Survey
    private let changes: [Address: Change]
    private let writer: any StateWriter
    private let reconciler: Reconciler
    private let recording: Recording
    private let run: String
    private let begunAt: Date
    /// Objects as this run left them, and what it wrote of them.
    private let results: Mutex<Results>

    private struct Results {
        var objects: [Address: ObservedResource]
        var records: [Address: RecordedResource]
    }

    init(
        _ survey: Survey, changes: [Address: Change], writer: any StateWriter,
        reconciler: Reconciler
    ) {
        self.survey = survey
        self.changes = changes
        self.writer = writer
        self.reconciler = reconciler
        recording = Recording(
            kinds: reconciler.kinds,
            fingerprints: reconciler.fingerprints(survey.input.document.lineage))
        run = reconciler.random.hexadecimal(16)
        begunAt = reconciler.time.now()
        results = Mutex(
            Results(objects: survey.input.observed, records: survey.input.document.resources))
    }

    /// Every call that changes something proves the lease first: see `LeaseFence`.
    ///
    /// - Returns: what was done, which is not what was planned where the object turned out not to
    ///   be wanted.
    func perform(_ step: Step) async throws -> Change.Action {
        guard let change = changes[step.address] else { return .noOp }
        return try await writer.fencing(step.address.service) {
            if step.phase == .apply, !isWanted(change) {
                try await delete(change)
                return change.observed == nil ? .noOp : .delete
            }
            try await perform(step, change)
            return change.action
        }
    }

    /// False when what the object is for has turned out not to be there.
    private func isWanted(_ change: Change) -> Bool {
        guard let condition = change.desired?.condition else { return true }
        return results.withLock {
            ($0.objects[condition.address]?[condition.attribute] ?? .null) != .null
        }
    }

    private func perform(_ step: Step, _ change: Change) async throws {
        switch (step.phase, change.action) {
        case (.delete, _): try await delete(change)
        case (.finishBoot, _): try await finishBoot(change)
        case (.apply, .create), (.apply, .replace): try await create(change)
        case (.apply, .update): try await update(change)
        case (.apply, .adopt): try await adopt(change)
        case (.apply, .forget): try await forget(change)
        case (.apply, .delete), (.apply, .noOp): break
        }
        if step.phase == .apply, let former = change.former {
            try await writer.record(.forgotten, at: former)
        }
    }

    // MARK: - The five actions

    private func create(_ change: Change) async throws {
        guard let desired = change.desired else { return }
        let address = change.address
        let key = key(for: address)
        let resource = asBooted(try await resolved(desired), change)
        try await journalled(
            .create, address, change.reason, key: key.text,
            call: { provider in
                let made = try await provider.create(resource, key: key)
                // Only now: to make it may have taken a while, in which its runner came.
                guard try await isStillStranded(change) else { return made }
                return try await reseed(made, resource, provider)
            }, outcome: { .created($0) }, desired: resource, previous: nil)
        try await reach(stage: stage(of: address), for: address.service)
    }

    private func update(_ change: Change) async throws {
        guard let desired = change.desired, let found = change.observed else { return }
        let observed = survey.renames.marked(found)
        let reseeds = try await isStillStranded(change)
        let resource = try await resolved(reseeds ? desired : asExisting(desired))
        try await journalled(
            .update, change.address, change.reason, objectID: observed.id,
            call: { provider in
                guard reseeds else { return try await provider.update(observed, to: resource) }
                // The seed comes before the start.
                var resting = resource
                resting.attributes["running"] = nil
                let updated =
                    change.fields.allSatisfy { ["running", "seed"].contains($0.path) }
                    ? observed : try await provider.update(observed, to: resting)
                return try await reseed(updated, resource, provider)
            }, outcome: { .recorded($0) }, desired: resource, previous: change.recorded)
        if change.restarts { try await awaitRunner(of: change.address) }
    }

    /// A restart takes the machine's runner offline for a while: it is done when that is back.
    private func awaitRunner(of machine: Address) async throws {
        guard machine.isMachine, let runner = changes[machine.runner], runner.action == .noOp,
            let desired = runner.desired, let observed = runner.observed
        else { return }
        let resource = try await resolved(asExisting(desired))
        _ = try await provider(of: runner.address).update(observed, to: resource)
    }

    private func finishBoot(_ change: Change) async throws {
        let (object, record) = results.withLock {
            ($0.objects[change.address], $0.records[change.address])
        }
        guard let observed = object, let provider = survey.providers[change.address.kind.provider],
            provider.awaitsBoot(observed)
        else { return }
        let resource = try await change.desired.asyncMap { try await resolved(asExisting($0)) }
        try await journalled(
            .update, change.address, "its boot is over", objectID: observed.id,
            call: { provider in
                try await provider.finishBoot(of: observed)
            }, outcome: { .recorded($0) }, desired: resource, previous: record)
    }

    private func delete(_ change: Change) async throws {
        guard let observed = change.observed else { return }
        let intent = try await intend(
            .delete, change.address, change.reason, objectID: observed.id)
        try await settlingFailure(of: intent) {
            let provider = try provider(of: change.address)
            let marked = survey.renames.marked(observed)
            change.action == .replace
                ? try await provider.vacate(marked) : try await provider.delete(marked)
        }
        results.withLock { $0.objects[change.address] = nil }
        try await writer.settle(intent, as: .forgotten)
    }

    /// What stood around the object goes as well; until it has, the state remembers the object.
    private func forget(_ change: Change) async throws {
        try await provider(of: change.address).finishRemoval(of: change.address)
        try await writer.record(.forgotten, at: change.address)
    }

    private func adopt(_ change: Change) async throws {
        guard let observed = change.observed else { return }
        let record = recording.record(
            observed,
            desired: try await change.desired.asyncMap { try await resolved(asExisting($0)) },
            previous: change.recorded, at: reconciler.time.now())
        try await writer.record(.recorded(record), at: change.address)
        results.withLock { $0.records[change.address] = record }
    }

    // MARK: - Another seed

    private func reseed(
        _ observed: ObservedResource, _ desired: Resource, _ provider: any Provider
    ) async throws -> ObservedResource {
        let key = IdempotencyKey("launch-seed-\(reconciler.random.hexadecimal(16))")
        return try await provider.reseed(observed, with: desired, key: key)
    }

    /// False when the machine's runner has come online as it is wanted since the plan was made: a
    /// machine that works is not restarted.
    private func isStillStranded(_ change: Change) async throws -> Bool {
        guard change.reseeds else { return false }
        let runner = change.address.runner
        // The one that is there is another machine's.
        if changes[runner]?.action == .replace { return true }
        let seen = try await provider(of: runner).observe(
            Scope(
                project: survey.input.document.project, services: [runner.service],
                expected: [runner]))
        let life = changes[runner]?.desired?["ephemeral"]
        return !seen.contains {
            $0.address == runner && $0["online"] == true && $0["ephemeral"] == life
        }
    }

    /// A machine that an earlier attempt started has that attempt's token, which ends earlier than
    /// the one just fetched.
    private func asBooted(_ resource: Resource, _ change: Change) -> Resource {
        guard change.action == .create, !change.reseeds,
            resource[Seed.expiryAttribute] != nil, change.observed?["running"] == true,
            let attempt = survey.input.document.latestAttempt(toCreate: change.address)
        else { return resource }
        var resource = resource
        let expiry = attempt.addingTimeInterval(Seed.tokenLifetime)
        resource.attributes[Seed.expiryAttribute] = .string(expiry.timestamp)
        return resource
    }

    // MARK: - Intent, call, result

    private func journalled(
        _ action: Intent.Action, _ address: Address, _ reason: String, key: String? = nil,
        objectID: String? = nil,
        call: (any Provider) async throws -> ObservedResource,
        outcome: (RecordedResource) -> Outcome, desired: Resource?, previous: RecordedResource?
    ) async throws {
        let intent = try await intend(action, address, reason, key: key, objectID: objectID)
        let observed = try await settlingFailure(of: intent) {
            try await call(try provider(of: address))
        }
        let record = recording.record(
            observed, desired: desired, previous: previous, at: reconciler.time.now(),
            madeBy: action == .create ? writer.holder : nil)
        try await writer.settle(intent, as: outcome(record))
        results.withLock {
            $0.objects[address] = observed
            $0.records[address] = record
        }
    }

    /// Announces a call, and closes what earlier runs announced for the same object.
    private func intend(
        _ action: Intent.Action, _ address: Address, _ reason: String, key: String? = nil,
        objectID: String? = nil
    ) async throws -> Intent {
        let intent = Intent(
            id: reconciler.random.hexadecimal(32), address: address, action: action, key: key,
            objectID: objectID, startedAt: reconciler.time.now(), run: run, reason: reason)
        try await writer.intend(intent)
        for earlier in survey.input.document.intents where earlier.address == address {
            try await writer.settle(earlier, as: .unchanged)
        }
        return intent
    }

    /// A call that failed for good changed nothing that the next observation would not show. Only
    /// a creation stays open: its key must be the same when it is tried again. When the state
    /// cannot be written any more, the intent stays open too: why the call failed matters more.
    private func settlingFailure<Result>(
        of intent: Intent, _ call: () async throws -> Result
    ) async throws -> Result {
        do {
            return try await call()
        } catch let error as ProviderError {
            if intent.action != .create { try? await writer.settle(intent, as: .unchanged) }
            throw error
        }
    }

    private func provider(of address: Address) throws -> any Provider {
        try survey.providers[address.kind.provider]
            ?? reconciler.providers(address.kind.provider)
    }

    /// The same for every attempt at the same object, another one for the next object.
    private func key(for address: Address) -> IdempotencyKey {
        let document = survey.input.document
        let generation = document.generation(of: address)
        let digest = reconciler.digests.sha256Hexadecimal(
            "\(document.lineage)\n\(address)\n\(generation)")
        return IdempotencyKey("launch-\(digest.prefix(40))")
    }

    // MARK: - Values

    /// Without what is used only when the object is made.
    private func asExisting(_ resource: Resource) -> Resource {
        var resource = resource
        for field in reconciler.kinds[resource.address.kind]?.fields ?? []
        where field.traits.contains(.createOnly) {
            resource.attributes[field.name] = nil
        }
        return resource
    }

    /// Every value known: references from the objects as they are now, ephemeral ones fetched now.
    private func resolved(_ resource: Resource) async throws -> Resource {
        var fetched: [Ephemeral: Value] = [:]
        let needed = Set(resource.attributes.values.flatMap(\.ephemerals))
        // A token's expiry is asked for after the token: a newer one may be told, never an older.
        for ephemeral in needed.sorted(by: { $0.name < $1.name }) {
            let value = try await reconciler.ephemerals().secret(for: ephemeral)
            fetched[ephemeral] = ephemeral.isSecret ? .secret(value) : .string(value.revealed)
        }
        let known = results.withLock { $0.objects }
        var full = Resource(
            resource.address, attributes: resource.attributes, dependencies: resource.requirements,
            origins: resource.origins)
        for (name, value) in resource.attributes where !value.isKnown {
            let value = value.resolving { segment in
                switch segment {
                case .reference(let reference): known[reference.address]?[reference.attribute]
                case .ephemeral(let ephemeral): fetched[ephemeral]
                case .text: nil
                }
            }
            if let missing = value.references.first {
                throw ProviderError(
                    .notFound, provider: resource.address.kind.provider,
                    address: resource.address, action: "set \(name)",
                    detail: "\(missing) has no value yet",
                    remedy: "Run it again when \(missing.address) is up.")
            }
            full.attributes[name] = value
        }
        return full
    }

    // MARK: - Timeline

    private func stage(of address: Address) -> ServingStage? {
        if address.isMachine { return .machineUp }
        return address == address.runner ? .runnerOnline : nil
    }

    private func reach(stage: ServingStage?, for service: String) async throws {
        guard let stage else { return }
        let (now, pushedAt) = (reconciler.time.now(), reconciler.pushedAt ?? begunAt)
        try await writer.describe(service) { state in
            if stage == .machineUp {
                state.beginTimeline(pushedAt: pushedAt, machineUpAt: now)
            } else {
                var timeline = Timeline(state.timeline)
                if stage == .runnerOnline { timeline.fall(below: stage) }
                timeline.reach(stage, at: now)
                state.timeline = timeline.entries
            }
        }
        reconciler.events.emit(.stage(service: service, stage: stage.rawValue))
    }
}

extension Optional {
    func asyncMap<Result>(_ transform: (Wrapped) async throws -> Result) async rethrows -> Result? {
        if let value = self { try await transform(value) } else { nil }
    }
}
