import Foundation
package import Planning
import Resources
import Services

/// What a drift check found, for people and for programs.
package struct DriftReport: Sendable {
    let drift: Drift

    package init(_ drift: Drift) { self.drift = drift }

    static let nothing = "No drift."

    // MARK: - Text

    package func text(_ style: Style = .plain) -> String {
        let found = drift.findings.flatMap { lines(for: $0, style) }
        let exempt = drift.exempt.map { "\("ignored".padded(to: Self.kindWidth))  \($0.words)" }
        guard !found.isEmpty else {
            return ([Self.nothing] + exempt).joined(separator: "\n") + "\n"
        }
        return (found + exempt + ["", total] + waysOut).joined(separator: "\n") + "\n"
    }

    private static let kindWidth =
        DriftFinding.Kind.allCases.map(\.rawValue.count).max() ?? 0

    private func lines(for finding: DriftFinding, _ style: Style) -> [String] {
        let kind = finding.kind.rawValue.padded(to: Self.kindWidth)
        let object = [finding.address.description, finding.attribution].compactMap(\.self)
        let head = "\(style.tinted(kind, finding.kind))  \(object.joined(separator: " "))"
        let margin = String(repeating: " ", count: Self.kindWidth + 2)
        let width = finding.listedFields.map(\.path.count).max() ?? 0
        return [finding.explanation.map { "\(head): \($0)" } ?? head]
            + finding.listedFields.flatMap { field in
                let words = field.lines == nil ? finding.words(for: field) : "differs"
                return ["\(margin)\(field.path.padded(to: width))  \(words)"]
                    + (field.lines ?? []).map { "\(margin)  \($0)" }
            }
    }

    var total: String {
        let parts = DriftFinding.Kind.allCases.compactMap { kind in
            drift.summary[kind].map { "\($0) \(kind.rawValue)" }
        }
        return "Drift: \(parts.joined(separator: ", "))."
    }

    /// What a person can do about it.
    private var waysOut: [String] {
        let services = Set(drift.findings.map(\.address.service))
            .subtracting([Address.projectWide]).sorted()
        // A long list says no more than none.
        let names = services.count > 3 ? "" : services.map { " \($0)" }.joined()
        return [
            "To revert it: `launch converge\(names)` makes it as the specs say.",
            "To keep it for a while: `drift.ignore` in launch.yaml, with the last day.",
        ] + acceptance
    }

    private var acceptance: [String] {
        let changed = drift.findings.filter { $0.kind == .changed && !$0.fields.isEmpty }
        guard !changed.isEmpty else { return [] }
        let addresses =
            changed.count > 3 ? ["ADDRESS…"] : changed.map(\.address.description)
        return [
            "To make it the rule: `launch drift --accept \(addresses.joined(separator: " "))`"
                + " writes it into the spec."
        ]
    }

    // MARK: - Markdown

    /// Fits a GitHub comment; what does not fit is counted.
    package var markdown: String {
        guard !drift.findings.isEmpty else {
            return MarkdownPage(title: "Launch drift", lead: Self.nothing, closing: exempt).text
        }
        return MarkdownPage(
            title: "Launch drift", lead: total, columns: ["kind", "object", "what"],
            rows: drift.findings.map { finding in
                [
                    finding.kind.rawValue, finding.address.description.markdownCode,
                    finding.details.map(\.markdown).joined(separator: "<br>"),
                ]
            }, noun: "finding", differences: drift.findings.flatMap(\.differences),
            closing: exempt + waysOut
        ).text
    }

    private var exempt: [String] {
        drift.exempt.isEmpty
            ? [] : ["Ignored: " + drift.exempt.map(\.words.markdown).joined(separator: "; ") + "."]
    }

    // MARK: - JSON

    /// One document as `schemas/drift.schema.json` describes it.
    package var json: String { document.document }

    private var document: Value {
        [
            "format_version": reportFormat, "project": .string(drift.project),
            "findings": .list(drift.findings.map { .object(document($0)) }),
            "ignored": .list(
                drift.exempt.map { exempt in
                    let more: [String: Value] = [
                        "until": .string(exempt.exemption.day),
                        "ignored_because": Value(exempt.exemption.reason),
                    ]
                    return .object(document(exempt.finding).merging(more) { $1 })
                }),
            "summary": Value(counts: drift.summary),
        ]
    }

    private func document(_ finding: DriftFinding) -> [String: Value] {
        [
            "address": .string(finding.address.description),
            "service": .string(finding.address.service),
            "kind": .string(finding.kind.rawValue),
            "fields": .list(
                finding.fields.map {
                    [
                        "path": .string($0.path), "recorded": $0.recorded ?? .null,
                        "actual": $0.actual ?? .null,
                    ]
                }),
            "reason": Value(finding.reason), "fingerprint": .string(finding.fingerprint),
            "ignored_until": Value(finding.lapsed), "changed_by": Value(finding.change?.by),
            "changed_at": Value(finding.change?.at),
        ]
    }
}

extension DriftFinding {
    /// What the kind means for this object, and that an exemption of it is over.
    fileprivate var explanation: String? {
        let end = lapsed.map { "it was to be ignored until \($0), which is over" }
        let parts = [meaning, end].compactMap(\.self)
        return parts.isEmpty ? nil : parts.joined(separator: "; ")
    }

    /// The fields say it where there are some.
    private var meaning: String? {
        switch kind {
        case .missing: "recorded, and not there any more"
        case .unmanaged: "bears this project's mark, and the state does not know it"
        case .changed: reason
        case .pending: listedFields.isEmpty ? reason : nil
        }
    }

    /// Everything that is known of it, a line each.
    var details: [String] {
        [explanation, attribution].compactMap(\.self)
            + listedFields.map { "\($0.path): \(words(for: $0))" }
    }

    /// "by alice, 2026-11-30T10:00:00Z".
    fileprivate var attribution: String? {
        change.map { "by \($0.by.onOneLine), \($0.at.formatted(.iso8601))" }
    }

    /// Its texts of several lines.
    fileprivate var differences: [MarkdownDifference] {
        listedFields.compactMap { field in
            field.lines.map { MarkdownDifference(address: address, path: field.path, lines: $0) }
        }
    }

    /// Fields with two sides; an object that is yet to be made has one only.
    var listedFields: [FieldDifference] {
        kind == .pending ? fields.filter { $0.recorded != nil } : fields
    }

    fileprivate func words(for field: FieldDifference) -> String {
        let (recorded, actual) = Value.contrasted(field.recorded ?? .null, field.actual ?? .null)
        return kind == .pending
            ? "recorded \(recorded), wanted \(actual)" : "recorded \(recorded), actual \(actual)"
    }
}

extension ExemptFinding {
    /// "web/aws.instance (type) until 2027-01-31: a trial".
    var words: String {
        let fields = finding.fields.map(\.path).joined(separator: ", ")
        return "\(finding.address)\(fields.isEmpty ? "" : " (\(fields))") until \(exemption.day)"
            + (exemption.reason.map { ": \($0.onOneLine)" } ?? "")
    }
}

extension Style {
    fileprivate func tinted(_ text: String, _ kind: DriftFinding.Kind) -> String {
        switch kind {
        case .changed, .pending: yellow(text)
        case .missing: red(text)
        case .unmanaged: cyan(text)
        }
    }
}
