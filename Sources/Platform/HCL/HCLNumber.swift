package import Resources

/// A number, exact to its last digit.
package struct HCLNumber: Hashable, Sendable {
    /// Decimal, without an exponent and without needless zeros.
    package let text: String

    /// Digits before or behind the point.
    static let mostDigits = 300

    /// - Parameters:
    ///   - fraction: the digits behind the point.
    ///   - exponent: the power of ten, with its sign, or "".
    /// - Returns: `nil` for more digits than `mostDigits`.
    init?(whole: String, fraction: String, exponent: String, isNegative: Bool) {
        let digits = Array(whole + fraction)
        guard let power = exponent.isEmpty ? 0 : Int(exponent), abs(power) <= Self.mostDigits,
            digits.count <= Self.mostDigits
        else { return nil }
        let point = whole.count + power
        let padded =
            Array(repeating: "0", count: max(0, 1 - point)) + digits
            + Array(repeating: "0", count: max(0, point - digits.count))
        let split = max(point, 1)
        let before = padded[..<split].drop { $0 == "0" }
        var behind = padded[split...]
        while behind.last == "0" { behind.removeLast() }
        let sign = isNegative && !(before.isEmpty && behind.isEmpty) ? "-" : ""
        text =
            sign + (before.isEmpty ? "0" : String(before))
            + (behind.isEmpty ? "" : "." + String(behind))
    }

    /// A `Double` where the number is no `Int`.
    package var value: Value {
        Int(text).map(Value.integer) ?? .number(Double(text) ?? .nan)
    }
}
