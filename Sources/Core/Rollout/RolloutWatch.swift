import Foundation
package import Resources

/// A service on its way, and how far it is to go.
package struct FollowedService: Hashable, Sendable {
    package let name: String
    package let target: ServingStage
    package var timeline: Timeline

    package init(_ name: String, to target: ServingStage, timeline: Timeline) {
        self.name = name
        self.target = target
        self.timeline = timeline
    }
}

/// How a wait ended for one service.
package struct RolloutResult: Hashable, Sendable {
    package let service: FollowedService
    /// `nil` when the target was reached.
    package let failure: StageFailure?

    package init(_ service: FollowedService, failure: StageFailure? = nil) {
        self.service = service
        self.failure = failure
    }
}

/// Follows services from stage to stage until each has reached its target, failed, or taken too
/// long.
package struct RolloutWatch: Sendable {
    private let probe: any StageProbe
    private let time: any TimeSource
    private let deadlines: StageDeadlines
    private let pause: Duration
    private let keep: @Sendable ([FollowedService]) async throws -> Void
    private let tell: @Sendable (FollowedService, ServingStage) -> Void

    /// - Parameters:
    ///   - pause: between two looks.
    ///   - keep: stores timelines that have changed.
    ///   - tell: hears of each stage that is new.
    package init(
        _ probe: any StageProbe, time: any TimeSource,
        deadlines: StageDeadlines = StageDeadlines(), pause: Duration = .seconds(2),
        keep: @escaping @Sendable ([FollowedService]) async throws -> Void = { _ in },
        tell: @escaping @Sendable (FollowedService, ServingStage) -> Void = { _, _ in }
    ) {
        self.probe = probe
        self.time = time
        self.deadlines = deadlines
        self.pause = pause
        self.keep = keep
        self.tell = tell
    }

    /// - Returns: one result a service, in the order given.
    /// - Throws: what `keep` throws, or `CancellationError`.
    package func follow(_ services: [FollowedService]) async throws -> [RolloutResult] {
        var courses = services.map { Course($0, at: time.now()) }
        while true {
            let before = courses.map(\.service)
            try await advance(&courses)
            await endFailed(&courses)
            let changed = zip(courses, before).filter { $0.service.timeline != $1.timeline }
            if !changed.isEmpty { try await keep(changed.map(\.0.service)) }
            guard courses.contains(where: { !$0.isOver }) else { break }
            try await time.sleep(for: pause)
        }
        return courses.map { RolloutResult($0.service, failure: $0.failure) }
    }

    /// Looks again and again at those that get on, until none does.
    private func advance(_ courses: inout [Course]) async throws {
        var open = courses.indices.filter { !courses[$0].isOver }
        while !open.isEmpty {
            let sightings = try await probe.see(open.map { courses[$0].look })
            let now = time.now()
            open = open.filter { index in
                let look = courses[index].look
                let earlier = courses[index].service.timeline
                let goesOn = courses[index].take(
                    sightings[look] ?? .waiting("nothing is known"), at: now)
                tellNews(of: courses[index].service, since: earlier)
                return goesOn
            }
        }
        for index in courses.indices { courses[index].rewind() }
    }

    private func tellNews(of service: FollowedService, since earlier: Timeline) {
        for stage in ServingStage.allCases
        where earlier[stage] == nil && service.timeline[stage] != nil {
            tell(service, stage)
        }
    }

    /// Gives up those that failed or took too long, with the log that tells most.
    private func endFailed(_ courses: inout [Course]) async {
        for index in courses.indices where courses[index].failure == nil {
            let course = courses[index]
            guard let problem = course.problem ?? overdue(course) else { continue }
            courses[index].fail(
                StageFailure(
                    problem.stage, problem.message,
                    remedy: problem.remedy ?? problem.stage.remedy,
                    log: await probe.log(of: Look(course.service.name, at: problem.stage))))
        }
    }

    private func overdue(_ course: Course) -> Course.Problem? {
        let limit = deadlines[course.current]
        guard !course.isOver, time.now().timeIntervalSince(course.since) >= limit / .seconds(1)
        else { return nil }
        return Course.Problem(
            stage: course.current,
            message: "\(course.current.rawValue) was not reached within "
                + "\(limit.components.seconds) s: \(course.detail)")
    }
}

/// One service's way.
private struct Course {
    struct Problem {
        let stage: ServingStage
        let message: String
        var remedy: String?
    }

    private(set) var service: FollowedService
    /// The stage that is not known to be reached.
    private(set) var current: ServingStage = .machineUp
    /// The stage that is looked at: `current`, or one after stages that cannot be seen.
    private var looking: ServingStage = .machineUp
    /// When `current` began to be awaited.
    private(set) var since: Date
    private(set) var detail = "nothing was seen of it"
    private(set) var problem: Problem?
    private(set) var failure: StageFailure?
    private var isDone = false

    init(_ service: FollowedService, at now: Date) {
        self.service = service
        since = now
    }

    var isOver: Bool { isDone || problem != nil || failure != nil }
    var look: Look { Look(service.name, at: looking) }

    /// - Returns: whether there is more to look at now.
    mutating func take(_ sighting: Sighting, at now: Date) -> Bool {
        switch sighting {
        case .reached:
            pass(at: now)
            return !isOver
        case .noted(let note):
            pass(at: now, note: note)
            return !isOver
        case .hidden(let words):
            detail = words
            guard looking < service.target, let next = looking.next else { return false }
            looking = next
            return true
        case .waiting(let words):
            if looking == current { detail = words }
            return false
        case .failed(let message, let remedy):
            problem = Problem(stage: looking, message: message, remedy: remedy)
            return false
        }
    }

    /// Everything up to the stage looked at is reached.
    private mutating func pass(at now: Date, note: String? = nil) {
        let seen = looking
        service.timeline.reach(seen, at: now, note: note)
        for stage in ServingStage.allCases where (current..<seen).contains(stage) {
            service.timeline.reach(stage, at: now, note: "not seen; \(seen.rawValue) proves it")
        }
        since = now
        guard seen < service.target, let next = seen.next else {
            isDone = true
            return
        }
        (current, looking) = (next, next)
    }

    mutating func rewind() { if !isOver { looking = current } }

    mutating func fail(_ failure: StageFailure) {
        self.failure = failure
        service.timeline.fall(below: failure.stage)
    }
}
