import Planning
package import Resources

extension PlanReport {
    /// One document as `schemas/plan.schema.json` describes it.
    package var json: String { document.document }

    package var document: Value {
        var document: [String: Value] = [
            "format_version": reportFormat, "project": .string(plan.project),
            "lineage": .string(plan.lineage), "serial": .integer(plan.serial),
            "changes": .list(plan.changes.map(document)),
            "finish_boot": Value(plan.bootsToFinish), "kept_for_data": Value(plan.keptForData),
            "moves": .list(plan.successions.map(\.document)),
            "losses": .list(plan.losses.map(\.document)),
            "upgrades": .list(
                plan.upgrades.map {
                    [
                        "address": .string($0.address.description),
                        "image": .string($0.offered),
                    ]
                }),
            "summary": Value(counts: plan.summary), "requests": requests.document,
        ]
        document["cost"] = plan.cost?.document
        return .object(document)
    }

    private func document(_ change: Change) -> Value {
        [
            "address": .string(change.address.description), "service": .string(change.service),
            "action": .string(change.action.rawValue), "reason": .string(change.reason),
            "before": change.action == .create ? [:] : values(change, \.before),
            "after": values(change, \.after),
            "unknown": .list(change.fields.filter(\.isUnknown).map { .string($0.path) }),
            "restarts": .boolean(change.action == .update && change.restarts),
            "expected_downtime_seconds": change.expectedDowntime
                .map { .integer(Int($0.components.seconds)) } ?? .null,
            "replaced_by_change_of": Value(change.replacedByChangeOf),
            "renamed_from": change.former.map { .string($0.description) } ?? .null,
            "file": Value(change.desired?.file), "origins": origins(change),
        ]
    }

    /// Where the fields that change come from; a key left to its default has no line.
    private func origins(_ change: Change) -> Value {
        .object(
            change.fields.reduce(into: [:]) { object, field in
                guard let origin = change.desired?.origins[field.path] else { return }
                object[field.path] = [
                    "key": .string(origin.key), "line": Value(origin.place?.line),
                    "column": Value(origin.place?.column),
                ]
            })
    }

    private func values(_ change: Change, _ side: (FieldChange) -> Value?) -> Value {
        .object(
            change.fields.reduce(into: [:]) { object, field in
                object[field.path] = field.isSecret ? "(secret)" : side(field) ?? .null
            })
    }
}
