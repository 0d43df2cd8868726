import Foundation
import Planning
package import Resources

extension Reconciler {
    /// Has objects change hands: marks them as the specs' and records them, under the leases of
    /// their services. Changes nothing else of them; a run that breaks off is finished by running
    /// it again.
    ///
    /// - Parameters:
    ///   - refused: what is known to be in the way already.
    ///   - goal: of the candidates' services.
    ///   - approve: sees what will be done, and throws to refuse it.
    /// - Throws: `AdoptionRefused` with everything that is in the way, before anything is written;
    ///   `ReconcilingError`, `StateError`, `ProviderError` and what `approve` throws.
    package func adopt(
        _ candidates: [AdoptionCandidate], refused: [AdoptionRefused.Refusal] = [], goal: Goal,
        claim: LeaseClaim, approve: @Sendable (AdoptionPlan) async throws -> Void
    ) async throws -> AdoptionPlan {
        try await leasing(goal, claim) { writer, _ in
            let survey = try await survey(goal, try await writer.document())
            let viewing = try await AdoptionViewing(candidates, survey)
            let refusals = refused + viewing.refusals
            guard refusals.isEmpty else { throw AdoptionRefused(refusals) }
            let plan = viewing.plan(at: time.now())
            try await approve(plan)
            guard !plan.isEmpty else { return plan }
            let done = plan.entries.filter { $0.fate == .adopted }.map(\.candidate.address)
            for view in viewing.views where !done.contains(view.candidate.address) {
                try await mark(view, writer)
            }
            try await record(viewing, goal, writer)
            return plan
        }
    }

    private func mark(_ view: AdoptionViewing.View, _ writer: any StateWriter) async throws {
        try await writer.fencing(view.candidate.address.service) {
            try await view.provider.adopt(view.candidate.id, as: view.desired)
            for (companion, desired) in view.companions {
                try await view.provider.adopt(companion.id, as: desired)
            }
        }
    }

    /// As the objects really are with their marks, and as they were thought to be where a list is
    /// behind the truth.
    private func record(
        _ viewing: AdoptionViewing, _ goal: Goal, _ writer: any StateWriter
    ) async throws {
        let document = try await writer.document()
        let survey = try await survey(goal, document)
        var input = viewing.input
        input.observed.merge(survey.input.observed) { $1 }
        for entry in survey.planner.rebuild(input, at: time.now()).entries
        where viewing.unrecorded.contains(entry.address) {
            guard let record = entry.record else { continue }
            try await writer.record(.recorded(record), at: entry.address)
        }
        try await describeConverged(goal, survey, writer)
    }
}

/// What the candidates are, and what would become of them.
private struct AdoptionViewing {
    /// One candidate that can be adopted.
    struct View {
        let candidate: AdoptionCandidate
        let desired: Resource
        let provider: any AdoptionPreviewing
        let preview: AdoptionPreview
        /// What belongs to it and is wanted too.
        let companions: [(ObservedResource, Resource)]
    }

    private let survey: Survey
    private(set) var views: [View] = []
    private(set) var refusals: [AdoptionRefused.Refusal] = []

    init(_ candidates: [AdoptionCandidate], _ survey: Survey) async throws {
        self.survey = survey
        let wanted = Dictionary(survey.input.desired.map { ($0.address, $0) }) { first, _ in first }
        let groups = Dictionary(grouping: candidates, by: \.address.kind.provider)
        for (name, group) in groups.sorted(by: { $0.key < $1.key }) {
            guard let provider = survey.providers[name] as? any AdoptionPreviewing else { continue }
            let claims = group.compactMap { candidate in
                wanted[candidate.address].map { desired in
                    let belongings = survey.input.desired.filter {
                        $0.address.kind.provider == name
                            && $0.requirements.contains(desired.address)
                    }
                    return AdoptionClaim(candidate.id, as: desired, with: belongings)
                }
            }
            let previews = Dictionary(
                try await provider.previews(of: claims).map { ($0.object.address, $0) }
            ) { first, _ in first }
            for candidate in group {
                guard let desired = wanted[candidate.address] else { continue }
                add(candidate, desired, provider, previews[candidate.address], wanted)
            }
        }
    }

    private mutating func add(
        _ candidate: AdoptionCandidate, _ desired: Resource, _ provider: any AdoptionPreviewing,
        _ preview: AdoptionPreview?, _ wanted: [Address: Resource]
    ) {
        let place = "\(candidate.origin) (\(candidate.id))"
        guard let preview else {
            return refusals.append(
                .init(
                    place, "there is no such object any more",
                    remedy: "Bring the state up to date with `terraform apply -refresh-only`, and "
                        + "check the account and region of the credentials."))
        }
        if case .another(let owner) = preview.owner {
            return refusals.append(
                .init(
                    place, "it belongs to \(owner)",
                    remedy: "Have it let go there first, or leave it out with --leave "
                        + "\(candidate.origin.shellQuoted)."))
        }
        if let holder = survey.input.observed[candidate.address], holder.id != candidate.id {
            return refusals.append(
                .init(
                    place, "\(candidate.address) is there already: \(holder.id)",
                    remedy: "Leave it out with --leave \(candidate.origin.shellQuoted), or take "
                        + "down what Launch has."))
        }
        views.append(
            View(
                candidate: candidate, desired: desired, provider: provider, preview: preview,
                companions: preview.companions.compactMap { companion in
                    wanted[companion.address].map { (companion, $0) }
                }))
    }

    // MARK: - What would be

    /// What gets a record: how an object was left that has one already stays known.
    var unrecorded: Set<Address> {
        let recorded = survey.input.document.resources
        let objects = views.flatMap { [$0.preview.object] + $0.companions.map(\.0) }
        return Set(objects.filter { recorded[$0.address]?.id != $0.id }.map(\.address))
    }

    /// The world with the marks in place.
    var input: PlanInput {
        var input = survey.input
        for object in views.flatMap({ [$0.preview.object] + $0.preview.companions }) {
            input.observed[object.address] = object
        }
        return input
    }

    func plan(at now: Date) -> AdoptionPlan {
        var after = input
        for entry in survey.planner.rebuild(input, at: now).entries
        where unrecorded.contains(entry.address) {
            guard let record = entry.record else { continue }
            var slice = after.document.slice(of: entry.address.service)
            slice.record(.recorded(record), at: entry.address)
            after.document.replace(slice)
        }
        let plan = survey.planner.plan(after)
        let changes = Dictionary(plan.changes.map { ($0.address, $0) }) { first, _ in first }
        return AdoptionPlan(
            entries: views.map { view in
                let own = [view.candidate.address] + view.companions.map(\.0.address)
                let isMarked = view.preview.owner == .wanted
                return AdoptionPlan.Entry(
                    candidate: view.candidate,
                    fate: !isMarked
                        ? .adopt : unrecorded.isDisjoint(with: own) ? .adopted : .record,
                    changes: own.compactMap { changes[$0] }.filter { $0.action != .noOp })
            }.sorted { $0.candidate.address < $1.candidate.address },
            afterwards: plan)
    }
}

extension String {
    /// As a word of a shell's command line.
    fileprivate var shellQuoted: String {
        let isPlain = allSatisfy { $0.isLetter || $0.isNumber || "._-/".contains($0) }
        return isPlain ? self : "'\(replacing("'", with: "'\\''"))'"
    }
}
