import Foundation
import Resources
import Rollout
import Simulation
import Synchronization
import Testing

@Suite struct RolloutWatchTests {
    private static func follow(
        _ script: [Look: [Sighting]], to target: ServingStage = .serving, log: [String] = [],
        from timeline: @escaping @Sendable (Date) -> Timeline = { Timeline(pushedAt: $0) }
    ) async throws -> (result: RolloutResult, kept: [Timeline], told: [ServingStage]) {
        try await withVirtualTime { clock in
            let kept = Mutex<[Timeline]>([])
            let told = Mutex<[ServingStage]>([])
            let watch = RolloutWatch(
                ScriptedProbe(script, log: log), time: clock,
                keep: { services in kept.withLock { $0 += services.map(\.timeline) } },
                tell: { _, stage in told.withLock { $0.append(stage) } })
            let results = try await watch.follow([
                FollowedService("web", to: target, timeline: timeline(clock.now()))
            ])
            return (results[0], kept.withLock { $0 }, told.withLock { $0 })
        }
    }

    private static func seconds(_ result: RolloutResult) -> [String] {
        ServingStage.allCases.compactMap { stage in
            result.service.timeline.duration(to: stage).map {
                "\(stage.rawValue) \($0.components.seconds)"
            }
        }
    }

    @Test func everyStageIsReachedInTurn() async throws {
        let end = try await Self.follow([
            Look("web", at: .machineUp): [.waiting("no"), .reached],
            Look("web", at: .nameAnswers): [.waiting("no"), .waiting("no"), .reached],
        ])
        #expect(end.result.failure == nil)
        #expect(
            Self.seconds(end.result) == [
                "pushed 0", "machine up 2", "first boot done 2", "runner online 2",
                "application healthy 2", "name answers 6", "certificate valid 6", "serving 6",
            ])
        #expect(end.told == Array(ServingStage.allCases.dropFirst()))
        #expect(end.kept.map(\.furthest) == [.applicationHealthy, .serving])
    }

    @Test func whatCannotBeSeenIsProvenByWhatComesAfter() async throws {
        let end = try await Self.follow([
            Look("web", at: .firstBootDone): [.hidden("no console")],
            Look("web", at: .runnerOnline): [.waiting("no"), .reached],
        ])
        #expect(end.result.failure == nil)
        #expect(
            end.result.service.timeline[.firstBootDone]?.note
                == "not seen; runner online proves it")
        #expect(end.result.service.timeline.duration(to: .firstBootDone) == .seconds(2))
    }

    @Test(arguments: ServingStage.allCases.dropFirst())
    func aStageThatTakesTooLongIsNamed(_ stage: ServingStage) async throws {
        let end = try await Self.follow(
            [Look("web", at: stage): [.waiting("it is asleep")]], log: ["a line", "the last"])
        let limit = StageDeadlines()[stage].components.seconds
        #expect(
            end.result.failure
                == StageFailure(
                    stage, "\(stage.rawValue) was not reached within \(limit) s: it is asleep",
                    remedy: stage.remedy, log: ["a line", "the last"]))
        #expect(end.result.service.timeline[stage] == nil)
    }

    @Test func aFailureEndsTheWaitAtOnceAndTakesWhatWasRecordedBack() async throws {
        let end = try await Self.follow(
            [Look("web", at: .applicationHealthy): [.failed("deploy ended as failure")]],
            log: ["exit 1"]
        ) { now in
            var timeline = Timeline(pushedAt: now)
            for stage in ServingStage.allCases { timeline.reach(stage, at: now) }
            return timeline
        }
        #expect(end.result.failure?.message == "deploy ended as failure")
        #expect(end.result.failure?.log == ["exit 1"])
        #expect(end.kept.map(\.furthest) == [.runnerOnline])
    }

    @Test func aServiceThatServesIsLookedAtAndNothingIsWritten() async throws {
        let end = try await Self.follow([:]) { now in
            var timeline = Timeline(pushedAt: now)
            for stage in ServingStage.allCases { timeline.reach(stage, at: now) }
            return timeline
        }
        #expect(end.result.failure == nil)
        #expect(end.kept.isEmpty)
        #expect(end.told.isEmpty)
    }

    @Test func anEarlierTargetIsNotWaitedBeyond() async throws {
        let end = try await Self.follow(
            [Look("web", at: .applicationHealthy): [.waiting("no job")]], to: .runnerOnline)
        #expect(end.result.failure == nil)
        #expect(end.result.service.timeline.furthest == .runnerOnline)
    }
}
