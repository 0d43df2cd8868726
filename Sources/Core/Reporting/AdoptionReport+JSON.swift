import Planning
import Reconciling
import Resources

extension AdoptionReport {
    /// One document as `schemas/adoption.schema.json` describes it.
    package var json: String {
        var document: [String: Value] = [
            "format_version": reportFormat, "project": .string(project),
            "source": .string(source), "objects": .list(plan?.entries.map(object) ?? []),
            "summary": Value(counts: plan?.summary ?? [:]),
            "afterwards": Value(counts: plan?.afterwards.summary ?? [:]),
        ]
        for section in sections {
            document[section.topic.rawValue] = .list(
                section.rows.map {
                    ["object": .string($0.object), "reason": .string($0.words)]
                })
        }
        return Value.object(document).document
    }

    private func object(_ entry: AdoptionPlan.Entry) -> Value {
        let candidate = entry.candidate
        return [
            "address": .string(candidate.address.description),
            "service": .string(candidate.address.service), "id": .string(candidate.id),
            "origin": .string(candidate.origin), "fate": .string(entry.fate.rawValue),
            "changes": .list(
                entry.changes.map { change in
                    [
                        "address": .string(change.address.description),
                        "action": .string(change.action.rawValue),
                        "reason": .string(change.reason), "effect": Value(change.effect),
                    ]
                }),
        ]
    }
}
