import Foundation

/// The forms in which AWS writes a time, all in UTC.
enum AWSTime {
    private static let basicStyle = Date.ISO8601FormatStyle(
        dateSeparator: .omitted, dateTimeSeparator: .standard, timeSeparator: .omitted,
        timeZone: .gmt)

    /// `20150830T123600Z`
    static func basic(_ time: Date) -> String { time.formatted(basicStyle) }

    static func parse(_ text: String) -> Date? { try? basicStyle.parse(text) }

    /// `2015-08-30T12:36:00.000Z`
    static func extended(_ time: Date) -> String {
        time.formatted(.iso8601.year().month().day().time(includingFractionalSeconds: true))
            + "Z"
    }

    /// `Sun, 30 Aug 2015 12:36:00 GMT`, per RFC 9110 section 5.6.7.
    static func header(_ time: Date) -> String {
        let days = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"]
        let months = [
            "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
        ]
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = .gmt
        let parts = calendar.dateComponents(
            [.weekday, .day, .month, .year, .hour, .minute, .second], from: time)
        let weekday = days[(parts.weekday ?? 1) - 1]
        let month = months[(parts.month ?? 1) - 1]
        func two(_ number: Int?) -> String { String((number ?? 0) + 100).suffix(2).description }
        let clock = [parts.hour, parts.minute, parts.second].map(two).joined(separator: ":")
        return "\(weekday), \(two(parts.day)) \(month) \(parts.year ?? 0) \(clock) GMT"
    }
}
