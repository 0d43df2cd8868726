import Foundation
import Reporting
import Resources
import Rollout
import Testing

@Suite struct RolloutReportTests {
    private static let push = Date(timeIntervalSince1970: 1_750_000_000)

    private static func timeline(_ times: KeyValuePairs<ServingStage, Double>) -> Timeline {
        times.reduce(into: Timeline(pushedAt: push)) { timeline, time in
            timeline.reach(
                time.key, at: push.addingTimeInterval(time.value),
                note: time.key == .firstBootDone ? "not seen; runner online proves it" : nil)
        }
    }

    static let report = RolloutReport([
        RolloutReport.Line(
            RolloutResult(
                FollowedService(
                    "worker", to: .applicationHealthy,
                    timeline: timeline([
                        .machineUp: 12, .firstBootDone: 50, .runnerOnline: 50,
                        .applicationHealthy: 92.5,
                    ]))), url: nil),
        RolloutReport.Line(
            RolloutResult(
                FollowedService(
                    "web", to: .serving, timeline: timeline([.machineUp: 12, .runnerOnline: 50])),
                failure: StageFailure(
                    .applicationHealthy, "deploy (web) ended as failure",
                    remedy: "Read the deploy job's log.", log: ["web-1 is unhealthy", "exit 1"])),
            url: "https://web.example.com"),
    ])

    @Test func everyStageHasALine() {
        #expect(
            Self.report.text() == """
                web  https://web.example.com
                  pushed               2025-06-15T15:06:40Z
                  machine up           +12.0s
                  runner online        +50.0s
                  deploy (web) ended as failure
                    | web-1 is unhealthy
                    | exit 1
                  → Read the deploy job's log.

                worker
                  pushed               2025-06-15T15:06:40Z
                  machine up           +12.0s
                  first boot done      +50.0s  (not seen; runner online proves it)
                  runner online        +50.0s
                  application healthy  +1m 32s
                  application healthy 1m 32s after the push

                """)
    }

    @Test func markdownIsATable() {
        #expect(
            Self.report.markdown == """
                ### Launch timeline

                2 services.

                | service | stage | after the push | note |
                | --- | --- | --- | --- |
                | web | pushed | 2025-06-15T15:06:40Z |  |
                | web | machine up | +12.0s |  |
                | web | runner online | +50.0s |  |
                | web | application healthy failed | – | deploy (web) ended as failure |
                | worker | pushed | 2025-06-15T15:06:40Z |  |
                | worker | machine up | +12.0s |  |
                | worker | first boot done | +50.0s | not seen; runner online proves it |
                | worker | runner online | +50.0s |  |
                | worker | application healthy | +1m 32s |  |

                """)
    }

    @Test func jsonSaysWhetherItWasReached() throws {
        let document = try #require(Value(json: Array(Self.report.json.utf8)))
        let services = try #require(document["services"]?.list)
        #expect(services.map { $0["name"] } == ["web", "worker"])
        #expect(services.map { $0["reached"] } == [false, true])
        #expect(services.map { $0["push_to_live_seconds"] } == [.null, .number(92.5)])
        #expect(services[0]["failure"]?["log"] == ["web-1 is unhealthy", "exit 1"])
        #expect(services[1]["failure"] == .null)
    }
}
