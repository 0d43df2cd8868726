import Foundation
import Resources
package import Rollout

/// The way of services from a push to their answer, stage by stage.
package struct RolloutReport: Sendable {
    /// A service's result and where it answers.
    package struct Line: Sendable {
        let result: RolloutResult
        let url: String?

        package init(_ result: RolloutResult, url: String?) {
            self.result = result
            self.url = url
        }
    }

    private let lines: [Line]

    package init(_ lines: [Line]) {
        self.lines = lines.sorted { $0.result.service.name < $1.result.service.name }
    }

    package func text(_ style: Style = .plain) -> String {
        guard !lines.isEmpty else { return "No services.\n" }
        return lines.map { text($0, style) }.joined(separator: "\n")
    }

    private func text(_ line: Line, _ style: Style) -> String {
        let service = line.result.service
        let rows = service.timeline.entries.map { entry in
            "  \(entry.stage.padded(to: 19))  \(Self.offset(entry, in: service.timeline))"
                + (entry.note.map { "  (\($0))" } ?? "") + "\n"
        }
        return style.bold(service.name) + (line.url.map { "  \($0)" } ?? "") + "\n"
            + rows.joined() + verdict(line.result, style)
    }

    private func verdict(_ result: RolloutResult, _ style: Style) -> String {
        guard let failure = result.failure else {
            let (timeline, target) = (result.service.timeline, result.service.target)
            guard let duration = timeline.duration(to: target) else { return "" }
            return "  "
                + style.green("\(target.rawValue) \(duration.formattedShort) after the push")
                + "\n"
        }
        return "  " + style.red(failure.message.onOneLine) + "\n"
            + failure.log.map { "    | \($0.onOneLine)\n" }.joined()
            + "  → \(failure.remedy.onOneLine)\n"
    }

    /// "+12.4s"; the time itself for the push.
    private static func offset(_ entry: TimelineEntry, in timeline: Timeline) -> String {
        guard let stage = ServingStage(rawValue: entry.stage), stage != .pushed,
            let duration = timeline.duration(to: stage)
        else { return entry.reachedAt.formatted(.iso8601) }
        return "+\(duration.formattedShort)"
    }

    package var markdown: String {
        MarkdownPage(
            title: "Launch timeline", lead: "\(counted(lines.count, "service")).",
            columns: ["service", "stage", "after the push", "note"],
            rows: lines.flatMap(rows), noun: "stage"
        ).text
    }

    private func rows(_ line: Line) -> [[String]] {
        let service = line.result.service
        let reached = service.timeline.entries.map { entry in
            [
                service.name.markdown, entry.stage.markdown,
                Self.offset(entry, in: service.timeline).markdown, (entry.note ?? "").markdown,
            ]
        }
        guard let failure = line.result.failure else { return reached }
        return reached + [
            [
                service.name.markdown, "\(failure.stage.rawValue) failed".markdown, "–",
                failure.message.markdown,
            ]
        ]
    }

    /// One document as `schemas/timeline.schema.json` describes it.
    package var json: String {
        let document: Value = [
            "format_version": reportFormat, "services": .list(lines.map(Self.document)),
        ]
        return document.document
    }

    private static func document(_ line: Line) -> Value {
        let (service, failure) = (line.result.service, line.result.failure)
        return [
            "name": .string(service.name), "url": Value(line.url),
            "target": .string(service.target.rawValue), "reached": .boolean(failure == nil),
            "push_to_live_seconds": failure == nil
                ? Value(seconds: service.timeline.duration(to: service.target)) : .null,
            "timeline": service.timeline.document, "failure": failure?.document ?? .null,
        ]
    }
}

extension Timeline {
    /// As reports show it.
    var document: Value {
        .list(
            entries.map { entry in
                [
                    "stage": .string(entry.stage), "reached_at": Value(entry.reachedAt),
                    "seconds": Value(
                        seconds: ServingStage(rawValue: entry.stage).flatMap(duration)),
                    "note": Value(entry.note),
                ]
            })
    }
}

extension Value {
    init(seconds duration: Duration?) { self = duration.map(Value.init) ?? .null }
}
