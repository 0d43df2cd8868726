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

    package func bytes(_ count: Int) -> [UInt8] {
        var bytes: [UInt8] = []
        while bytes.count < count {
            let word = next()
            bytes += stride(from: 0, to: 64, by: 8).map { UInt8(truncatingIfNeeded: word >> $0) }
        }
        return Array(bytes.prefix(count))
    }
}
