import Foundation
import Resources
import Simulation
import Testing

@Suite struct TimestampTests {
    private static let style = Date.ISO8601FormatStyle(includingFractionalSeconds: true)

    /// Foundation cuts off what is below a millisecond; half of one makes it round.
    private func expected(_ date: Date) -> String {
        date.addingTimeInterval(0.0005).formatted(Self.style)
    }

    /// The ends of February and of the year, in every year from 1970 to 2200.
    private static let turns = (1970...2200).flatMap { year in
        ["02-28", "03-01", "12-31"].map { "\(year)-\($0)T23:59:59.999Z" }
            + ["01-01", "03-01"].map { "\(year)-\($0)T00:00:00.000Z" }
    }

    @Test func turnsOfTheCalendarAreAsFoundationHasThem() throws {
        for text in Self.turns {
            let date = try Date(text, strategy: Self.style)
            #expect(date.timestamp == text)
            let read = try #require(Date(timestamp: text))
            #expect(abs(read.timeIntervalSince(date)) < 0.000_001)
        }
    }

    @Test func anyMomentIsAsFoundationHasIt() throws {
        let random = SeededRandom(seed: 7)
        let end = try Date("2200-01-01T00:00:00.000Z", strategy: Self.style)
        for _ in 0..<5000 {
            let millisecond = (random.fraction() * end.timeIntervalSince1970 * 1000).rounded()
            // Far enough from half a millisecond for either to round it the same way.
            let offset = random.fraction() * 0.8 - 0.4
            let date = Date(timeIntervalSince1970: (millisecond + offset) / 1000)
            let text = date.timestamp
            #expect(text == expected(date))
            let (read, theirs) = (Date(timestamp: text), try Date(text, strategy: Self.style))
            #expect(abs(try #require(read).timeIntervalSince(theirs)) < 0.000_001)
        }
    }

    @Test func timesKeepTheirMillisecond() {
        for millisecond in 0..<1000 {
            let date = Date(timeIntervalSince1970: 1_790_000_000 + Double(millisecond) / 1000)
            let again = Date(timestamp: date.timestamp)
            #expect(again?.timestamp == date.timestamp)
            #expect(abs(again?.timeIntervalSince(date) ?? 1) < 0.000_001)
        }
    }

    @Test(
        arguments: [
            (1_790_000_000.9995, "2026-09-21T14:13:21.000Z"),
            (1_790_000_000.0004, "2026-09-21T14:13:20.000Z"),
            (-0.001, "1969-12-31T23:59:59.999Z"), (-62_167_219_200, "0000-01-01T00:00:00.000Z"),
            (-1e300, "0000-01-01T00:00:00.000Z"), (.infinity, "9999-12-31T23:59:59.999Z"),
            (951_782_400, "2000-02-29T00:00:00.000Z"), (.nan, "0000-01-01T00:00:00.000Z"),
        ])
    func writes(seconds: Double, text: String) {
        #expect(Date(timeIntervalSince1970: seconds).timestamp == text)
    }

    @Test(arguments: [
        "", "yesterday", "2026-09-21", "2026-13-21T14:13:20.250Z", "2026-00-21T14:13:20.250Z",
        "2026-09-00T14:13:20.250Z", "2026-09-31T14:13:20.250Z", "2026-02-29T14:13:20.250Z",
        "2100-02-29T14:13:20.250Z", "2026-09-21T24:00:00.000Z", "2026-09-21T14:60:20.250Z",
        "2026-09-21T14:13:60.000Z", "2026-09-21T14:13:20Z", "2026-09-21T14:13:20.250",
        "2026-09-21T14:13:20.2500Z", "2026-09-21T14:13:20.250Z ", "2026-09-21t14:13:20.250z",
        "2026-09-21T14:13:20.250+00:00", "+026-09-21T14:13:20.250Z", "2026-9-21T14:13:20.250Z",
        "٢٠٢٦-09-21T14:13:20.250Z",
    ])
    func refusesOtherTimes(text: String) {
        #expect(Date(timestamp: text) == nil)
    }
}
