import Foundation
package import Resources

/// The life of one object: made by which run and commit, changed when and why.
package struct LifeReport: Sendable {
    private let address: Address
    private let record: RecordedResource?
    private let events: [Line]

    /// One event; what is older than the journal is known from the record alone.
    private struct Line {
        let at: Date
        let kind: LifeEvent.Kind
        let who: LeaseHolder?
        let event: LifeEvent?
    }

    /// - Parameters:
    ///   - record: the object as the state has it; `nil` when it has none.
    ///   - events: what the journal tells, oldest first.
    package init(_ address: Address, record: RecordedResource?, events: [LifeEvent]) {
        self.address = address
        self.record = record
        let told = events.map { Line(at: $0.at, kind: $0.kind, who: $0.who, event: $0) }
        let birth = record.flatMap { record in
            Self.tells(events, beginningOf: record)
                ? nil
                : Line(
                    at: record.createdAt, kind: record.createdBy == nil ? .adopted : .created,
                    who: record.createdBy, event: nil)
        }
        self.events = (birth.map { [$0] } ?? []) + told
    }

    private static func tells(
        _ events: [LifeEvent], beginningOf record: RecordedResource
    ) -> Bool {
        record.createdBy == nil
            ? events.contains { [.adopted, .replaced].contains($0.kind) }
            : events.contains { $0.kind == .created && $0.id == record.id }
    }

    private static let unknown = "the journal does not reach back so far"

    private var heading: String {
        record.map { "\(address): \($0.id)" } ?? "\(address): not in the state"
    }

    // MARK: - Text

    package func text(_ style: Style = .plain) -> String {
        let width = events.map(\.kind.rawValue.count).max() ?? 0
        let lines = events.flatMap { line in
            let what = line.kind.rawValue.padded(to: width)
            let head = "  \(line.at.formatted(.iso8601))  \(what)  \(run(line) ?? Self.unknown)"
            return [head] + details(line).map { "      \($0)" }
        }
        return ([style.bold(heading)] + lines).joined(separator: "\n") + "\n"
    }

    /// Whose run, what for, from which commit.
    private func run(_ line: Line) -> String? {
        guard let who = line.who else { return nil }
        return who.name + (line.event.map { " for \($0.purpose)" } ?? "")
            + (who.commit.map { ", commit \($0.prefix(12))" } ?? "")
    }

    /// The reason, and the attributes that it does not name.
    private func details(_ line: Line) -> [String] {
        guard let event = line.event else { return [] }
        let others = event.fields.filter { field in
            !(event.reason?.contains("\(field.path): ") ?? false)
        }
        return [event.reason].compactMap { $0?.onOneLine } + others.map(\.words)
    }

    // MARK: - Markdown

    /// Fits a GitHub comment; what does not fit is counted.
    package var markdown: String {
        MarkdownPage(
            title: "Launch why", lead: heading.markdown, columns: ["when", "what", "who", "why"],
            rows: events.map { line in
                [
                    line.at.formatted(.iso8601), line.kind.rawValue,
                    (run(line) ?? Self.unknown).markdown,
                    details(line).map(\.markdown).joined(separator: "<br>"),
                ]
            }, noun: "event"
        ).text
    }

    // MARK: - JSON

    /// One document as `schemas/why.schema.json` describes it.
    package var json: String {
        let document: Value = [
            "format_version": reportFormat, "address": .string(address.description),
            "id": Value(record?.id), "events": .list(events.map(document)),
        ]
        return document.document
    }

    private func document(_ line: Line) -> Value {
        let event = line.event
        return [
            "kind": .string(line.kind.rawValue), "at": Value(line.at),
            "serial": event.map { .integer($0.serial) } ?? .null,
            "who": line.who?.document ?? .null, "purpose": Value(event?.purpose),
            "reason": Value(event?.reason), "id": Value(event.map(\.id) ?? record?.id),
            "fields": .list(
                (event?.fields ?? []).map {
                    [
                        "path": .string($0.path), "before": $0.before ?? .null,
                        "after": $0.after ?? .null,
                    ]
                }),
        ]
    }
}

extension LifeEvent.FieldChange {
    fileprivate var words: String {
        isSecret ? "\(path) changed" : "\(path): \(Value.transition(from: before, to: after))"
    }
}
