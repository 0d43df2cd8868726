import Foundation
import Resources
import Simulation
import Testing

@Suite struct TimelineTests {
    private static let push = Date(timeIntervalSince1970: 1_750_000_000)

    private static func after(_ seconds: Double) -> Date { push.addingTimeInterval(seconds) }

    /// Whatever is reached in whatever order, by whatever clock, time never goes back.
    @Test(arguments: 0..<200) func timesNeverGoBack(seed: UInt64) {
        let random = SeededRandom(seed: seed)
        var timeline = Timeline(pushedAt: Self.push)
        for _ in 0..<20 {
            let stage = ServingStage.allCases[Int(random.next() % 8)]
            if random.fraction() < 0.1 {
                timeline.fall(below: max(stage, .machineUp))
            } else {
                timeline.reach(stage, at: Self.after(random.fraction() * 1000 - 100))
            }
            let times = timeline.entries.map(\.reachedAt)
            #expect(times == times.sorted())
            let stages = timeline.entries.compactMap { ServingStage(rawValue: $0.stage) }
            #expect(stages == stages.sorted())
            #expect(Set(stages).count == stages.count)
        }
    }

    @Test func aStageKeepsTheTimeThatItWasFirstReachedAt() {
        var timeline = Timeline(pushedAt: Self.push)
        timeline.reach(.machineUp, at: Self.after(10))
        timeline.reach(.machineUp, at: Self.after(20))
        #expect(timeline.duration(to: .machineUp) == .seconds(10))
        #expect(timeline.duration(to: .serving) == nil)
        #expect(timeline.furthest == .machineUp)
    }

    @Test func fallingTakesLaterStagesAlong() {
        var timeline = Timeline(pushedAt: Self.push)
        for stage in ServingStage.allCases { timeline.reach(stage, at: Self.after(5)) }
        timeline.fall(below: .nameAnswers)
        #expect(timeline.furthest == .applicationHealthy)
    }

    @Test func aNewMachineBeginsAnew() {
        var state = ServiceState()
        state.timeline = ServingStage.allCases.map {
            TimelineEntry(stage: $0.rawValue, reachedAt: Self.after(5))
        }
        state.beginTimeline(pushedAt: Self.after(100), machineUpAt: Self.after(130))
        #expect(
            state.timeline == [
                TimelineEntry(stage: "pushed", reachedAt: Self.after(100)),
                TimelineEntry(stage: "machine up", reachedAt: Self.after(130)),
            ])
    }

    @Test func entriesSurviveTheirJSON() throws {
        let entry = TimelineEntry(stage: "serving", reachedAt: Self.push, note: "seen")
        #expect(try TimelineEntry(json: entry.json) == entry)
        let plain = TimelineEntry(stage: "serving", reachedAt: Self.push)
        #expect(try TimelineEntry(json: plain.json) == plain)
        #expect(plain.json.object?.count == 2)
    }
}
