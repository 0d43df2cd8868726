package import Foundation

/// When a service reached each stage after one push. Times never go back from stage to stage.
package struct Timeline: Hashable, Sendable {
    /// In order of stage. Stages that this program does not know are left out.
    package private(set) var entries: [TimelineEntry]

    package init(_ entries: [TimelineEntry] = []) {
        self.entries = ServingStage.allCases.compactMap { stage in
            entries.last { $0.stage == stage.rawValue }
        }
    }

    package init(pushedAt: Date) {
        entries = [TimelineEntry(stage: ServingStage.pushed.rawValue, reachedAt: pushedAt)]
    }

    package subscript(stage: ServingStage) -> TimelineEntry? {
        entries.first { $0.stage == stage.rawValue }
    }

    package var pushedAt: Date? { self[.pushed]?.reachedAt }

    /// The same, with another beginning.
    package func pushed(at time: Date) -> Timeline {
        Timeline(entries.filter { Self.stage($0) != .pushed } + Timeline(pushedAt: time).entries)
    }

    /// The last stage reached; `nil` when none was.
    package var furthest: ServingStage? {
        entries.last.flatMap { ServingStage(rawValue: $0.stage) }.flatMap {
            $0 == .pushed ? nil : $0
        }
    }

    /// From the push to the stage; `nil` while that is not reached.
    package func duration(to stage: ServingStage) -> Duration? {
        guard let pushedAt, let reached = self[stage]?.reachedAt else { return nil }
        return .seconds(max(0, reached.timeIntervalSince(pushedAt)))
    }

    /// Notes a stage. One that was reached before keeps its time; the time of another is moved
    /// between those of its neighbours, whose clocks may differ.
    ///
    /// - Parameter note: how it is known, where nobody saw it.
    package mutating func reach(_ stage: ServingStage, at now: Date, note: String? = nil) {
        guard self[stage] == nil else { return }
        let earlier = entries.filter { Self.stage($0) < stage }.map(\.reachedAt).max() ?? now
        let later = entries.filter { Self.stage($0) > stage }.map(\.reachedAt).min() ?? now
        let entry = TimelineEntry(
            stage: stage.rawValue, reachedAt: min(max(now, earlier), max(later, earlier)),
            note: note)
        self = Timeline(entries + [entry])
    }

    /// The service is no longer at this stage, nor at a later one.
    package mutating func fall(below stage: ServingStage) {
        entries.removeAll { Self.stage($0) >= stage }
    }

    private static func stage(_ entry: TimelineEntry) -> ServingStage {
        ServingStage(rawValue: entry.stage) ?? .pushed
    }
}

extension ServiceState {
    /// The machine is there, and everything after it has yet to come.
    package mutating func beginTimeline(pushedAt: Date, machineUpAt now: Date) {
        var begun = Timeline(pushedAt: min(pushedAt, now))
        begun.reach(.machineUp, at: now)
        timeline = begun.entries
    }
}
