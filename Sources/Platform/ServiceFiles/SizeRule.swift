/// An amount of memory or disk: a whole number and a binary unit.
package struct SizeRule: Hashable, Sendable {
    enum Unit: String, CaseIterable {
        case mebibyte = "MiB"
        case gibibyte = "GiB"
        case tebibyte = "TiB"

        var mebibytes: Int {
            switch self {
            case .mebibyte: 1
            case .gibibyte: 1024
            case .tebibyte: 1024 * 1024
            }
        }
    }

    private let units: [Unit]
    private let range: ClosedRange<Int>

    /// MiB or larger units, as for memory.
    static let memory = SizeRule(units: Unit.allCases, range: 512...24 * 1024 * 1024)
    /// Whole GiB, as for disks.
    static func disk(atLeast gibibytes: Int) -> SizeRule {
        SizeRule(units: [.gibibyte, .tebibyte], range: gibibytes * 1024...64 * 1024 * 1024)
    }

    var meaning: String {
        "a size from \(written(range.lowerBound)) to \(written(range.upperBound)),"
            + " in \(units.map(\.rawValue).joinedAsChoice)"
    }

    /// The form that the schema checks; the limits are checked by the reader alone.
    var pattern: String {
        "^[1-9][0-9]{0,7}(\(units.map(\.rawValue).joined(separator: "|")))$"
    }

    /// The size in MiB; `nil` when the text is none, or out of range.
    func mebibytes(_ text: String) -> Int? {
        guard let unit = units.first(where: { text.hasSuffix($0.rawValue) }) else { return nil }
        let digits = text.dropLast(unit.rawValue.count)
        guard (1...8).contains(digits.count), digits.allSatisfy(\.isASCIIDigit),
            digits.first != "0", let number = Int(digits)
        else { return nil }
        let mebibytes = number * unit.mebibytes
        return range.contains(mebibytes) ? mebibytes : nil
    }

    /// What was probably meant: `4GiB` for `4GB`, `4 G`, `4gib` and `4`.
    func suggestion(for text: String) -> String? {
        let digits = text.prefix { $0.isASCIIDigit }
        guard !digits.isEmpty else { return nil }
        let letter = text.dropFirst(digits.count).first { $0.isLetter }?.uppercased() ?? "G"
        guard let unit = units.first(where: { $0.rawValue.hasPrefix(letter) }) else { return nil }
        let suggestion = "\(digits)\(unit.rawValue)"
        return mebibytes(suggestion) == nil ? nil : suggestion
    }

    private func written(_ mebibytes: Int) -> String {
        let unit = Unit.allCases.last { mebibytes % $0.mebibytes == 0 } ?? .mebibyte
        return "\(mebibytes / unit.mebibytes)\(unit.rawValue)"
    }
}

extension Character {
    var isASCIIDigit: Bool { ("0"..."9").contains(self) }
}
