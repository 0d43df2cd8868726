import Foundation
import Planning
import Resources

extension Reconciler {
    /// The drift with who did it and when, as far as the providers' logs tell. What is exempt is
    /// known already, and not asked about.
    ///
    /// - Throws: `CancellationError`, and nothing else: a log that does not answer leaves it open.
    func attributing(_ drift: Drift, _ survey: Survey) async throws -> Drift {
        let objects = Dictionary(
            grouping: survey.changedObjects(of: drift), by: \.address.kind.provider)
        let found = await withTaskGroup(of: [Address: Attribution].self) { group in
            for (name, objects) in objects.sorted(by: { $0.key < $1.key }) {
                guard let witness = survey.providers[name] as? any ChangeWitness else { continue }
                group.addTask { await changes(of: objects, seenBy: witness) }
            }
            return await group.reduce(into: [:]) { $0.merge($1) { first, _ in first } }
        }
        try Task.checkCancellation()
        return drift.attributed(to: found)
    }

    /// How long a provider may look into its log.
    private static let patience = Duration.seconds(60)

    private func changes(
        of objects: [ChangedObject], seenBy witness: any ChangeWitness
    ) async -> [Address: Attribution] {
        await withTaskGroup(of: [Address: Attribution].self) { group in
            group.addTask { await witness.lastChanges(of: objects, at: time.now()) }
            group.addTask {
                try? await time.sleep(for: Self.patience)
                return [:]
            }
            // Whoever ends first ends the other, and a witness then tells what it knows by then.
            var found: [Address: Attribution] = [:]
            for await result in group {
                found.merge(result) { first, _ in first }
                group.cancelAll()
            }
            return found
        }
    }
}

extension Survey {
    /// The objects behind the findings that somebody's deed explains.
    fileprivate func changedObjects(of drift: Drift) -> [ChangedObject] {
        let recorded = input.document.resources
        return drift.findings.compactMap { finding in
            let left = recorded[finding.address]
            guard finding.kind != .pending,
                let id = input.observed[finding.address]?.id ?? left?.id
            else { return nil }
            return ChangedObject(
                finding.address, id: id, fields: Set(finding.fields.map(\.path)),
                since: left?.updatedAt.addingTimeInterval(-Self.slack))
        }
    }

    /// How far the provider's clock may be behind, in seconds.
    private static let slack = 10.0
}
