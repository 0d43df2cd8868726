package import Foundation

/// The clock. Everything that waits or stamps takes one.
package protocol TimeSource: Sendable {
    func now() -> Date
    /// - Throws: `CancellationError` when the task is cancelled first.
    func sleep(for duration: Duration) async throws
}

/// Where chance comes from.
package protocol RandomSource: Sendable {
    func next() -> UInt64
}

extension RandomSource {
    /// A number from 0 up to, not including, 1.
    package func fraction() -> Double { Double(next() >> 11) / Double(1 << 53) }

    /// `count` hexadecimal digits.
    package func hexadecimal(_ count: Int) -> String {
        var digits = ""
        while digits.count < count {
            let word = String(next(), radix: 16)
            digits += String(repeating: "0", count: 16 - word.count) + word
        }
        return String(digits.prefix(count))
    }
}
