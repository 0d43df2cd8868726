/// A version of the GitHub Actions runner: `2.336.0`.
package struct RunnerVersion: Hashable, Comparable, CustomStringConvertible, Sendable {
    private let numbers: [Int]

    /// - Returns: `nil` for what is no version.
    package init?(_ text: String) {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false).map { Int($0) }
        guard parts.count == 3, !parts.contains(nil) else { return nil }
        numbers = parts.compactMap(\.self)
    }

    private init(_ numbers: Int...) { self.numbers = numbers }

    /// What GitHub needs at least, to register a runner and to give it jobs, since 25 September
    /// 2026: <https://github.com/orgs/community/discussions/194762>.
    package static let oldest = RunnerVersion(2, 329, 0)

    package var description: String { numbers.map(String.init).joined(separator: ".") }

    package static func < (left: RunnerVersion, right: RunnerVersion) -> Bool {
        left.numbers.lexicographicallyPrecedes(right.numbers)
    }

    /// What is wrong with a runner of that version; `nil` when nothing is known to be.
    package static func complaint(about text: String?) -> String? {
        guard let version = text.flatMap(RunnerVersion.init), version < oldest else { return nil }
        return "its runner has version \(version), and GitHub needs \(oldest)"
    }

    /// What helps then.
    package static let remedy =
        "A runner updates itself where it reaches GitHub on port 443; a machine that is made "
        + "anew begins with the newest."
}
