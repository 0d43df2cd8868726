package import Foundation

/// Times as RFC 3339 in UTC with milliseconds: `2026-09-21T14:13:20.000Z`.
///
/// Foundation's styles take a hundred times as long, for two times of every recorded resource.
extension Date {
    /// The nearest millisecond. Years before 0 or after 9999 do not fit: the first or last
    /// moment within stands for them.
    package var timestamp: String {
        let rounded = (timeIntervalSinceReferenceDate * 1000).rounded()
        let moment = rounded + Self.referenceMilliseconds
        let milliseconds = Int(min(Self.latest, max(Self.earliest, moment)))
        let (days, rest) = milliseconds.flooredDivision(by: 86_400_000)
        let day = CivilDate(daysSince1970: days)
        var text: [UInt8] = []
        text.reserveCapacity(24)
        for (number, width, end) in [
            (day.year, 4, "-"), (day.month, 2, "-"), (day.day, 2, "T"),
            (rest / 3_600_000, 2, ":"), (rest / 60_000 % 60, 2, ":"), (rest / 1000 % 60, 2, "."),
            (rest % 1000, 3, "Z"),
        ] {
            text.append(decimal: number, width: width)
            text.append(contentsOf: end.utf8)
        }
        return String(decoding: text, as: UTF8.self)
    }

    /// Reads `timestamp`, and no other form.
    package init?(timestamp: String) {
        var rest = Array(timestamp.utf8)[...]
        guard let year = rest.takeDecimal(width: 4, before: "-"),
            let month = rest.takeDecimal(width: 2, before: "-"),
            let day = rest.takeDecimal(width: 2, before: "T"),
            let hour = rest.takeDecimal(width: 2, before: ":"), hour < 24,
            let minute = rest.takeDecimal(width: 2, before: ":"), minute < 60,
            let second = rest.takeDecimal(width: 2, before: "."), second < 60,
            let millisecond = rest.takeDecimal(width: 3, before: "Z"), rest.isEmpty,
            let date = CivilDate(year: year, month: month, day: day)
        else { return nil }
        let seconds = ((date.daysSince1970 * 24 + hour) * 60 + minute) * 60 + second
        let milliseconds = Double(seconds * 1000 + millisecond)
        self.init(
            timeIntervalSinceReferenceDate: (milliseconds - Self.referenceMilliseconds) / 1000)
    }

    private static let referenceMilliseconds = Date.timeIntervalBetween1970AndReferenceDate * 1000
    /// `0000-01-01T00:00:00.000Z` and `9999-12-31T23:59:59.999Z` in milliseconds since 1970.
    private static let earliest = -62_167_219_200_000.0
    private static let latest = 253_402_300_799_999.0
}

/// A day of the Gregorian calendar, also of the time before that was in use.
///
/// Years are counted from March on, so that the leap day is the last of its year: the 400 years
/// from 1 March 2000 then have 146,097 days in the order 36,524, 1,461, 365.
private struct CivilDate {
    let year: Int
    let month: Int
    let day: Int

    /// `nil` when there is no such day.
    init?(year: Int, month: Int, day: Int) {
        self.year = year
        self.month = month
        self.day = day
        let same = CivilDate(daysSince1970: daysSince1970)
        guard (1...12).contains(month), same.month == month, same.day == day else { return nil }
    }

    init(daysSince1970 days: Int) {
        let (era, dayOfEra) = (days + Self.daysFromYearZero).flooredDivision(by: 146_097)
        let yearOfEra =
            (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - Self.daysBefore(yearOfEra: yearOfEra)
        // Five months from March on, and from August on, have 153 days.
        let monthFromMarch = (5 * dayOfYear + 2) / 153
        day = dayOfYear - (153 * monthFromMarch + 2) / 5 + 1
        month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
        year = era * 400 + yearOfEra + (month <= 2 ? 1 : 0)
    }

    var daysSince1970: Int {
        let (era, yearOfEra) = (month <= 2 ? year - 1 : year).flooredDivision(by: 400)
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        return era * 146_097 + Self.daysBefore(yearOfEra: yearOfEra) + dayOfYear
            - Self.daysFromYearZero
    }

    private static func daysBefore(yearOfEra year: Int) -> Int {
        year * 365 + year / 4 - year / 100
    }

    /// From 1 March of the year 0 to 1 January 1970.
    private static let daysFromYearZero = 719_468
}

extension Int {
    /// The remainder is never negative.
    fileprivate func flooredDivision(by divisor: Int) -> (quotient: Int, remainder: Int) {
        let (quotient, remainder) = quotientAndRemainder(dividingBy: divisor)
        return remainder < 0 ? (quotient - 1, remainder + divisor) : (quotient, remainder)
    }
}

extension [UInt8] {
    fileprivate mutating func append(decimal number: Int, width: Int) {
        var power = 1
        for _ in 1..<width { power *= 10 }
        while power > 0 {
            append(UInt8(ascii: "0") + UInt8(number / power % 10))
            power /= 10
        }
    }
}

extension ArraySlice<UInt8> {
    /// Takes `width` digits and the character after them; `nil` when that is not what is there.
    fileprivate mutating func takeDecimal(width: Int, before end: Unicode.Scalar) -> Int? {
        var number = 0
        for _ in 0..<width {
            guard let digit = popFirst(), (0x30...0x39).contains(digit) else { return nil }
            number = number * 10 + Int(digit - 0x30)
        }
        return popFirst() == UInt8(ascii: end) ? number : nil
    }
}
