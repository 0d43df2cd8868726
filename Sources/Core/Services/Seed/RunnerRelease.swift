/// One version of the GitHub Actions runner, with the digests that its archives must have.
package struct RunnerRelease: Hashable, Sendable {
    package let version: String
    /// SHA-256 of the archive for 64-bit Intel and AMD, in hexadecimal.
    package let x64: String
    /// SHA-256 of the archive for 64-bit ARM, in hexadecimal.
    package let arm64: String

    package init(version: String, x64: String, arm64: String) {
        self.version = version
        self.x64 = x64
        self.arm64 = arm64
    }

    /// What a machine starts with; from then on the runner updates itself.
    ///
    /// The digests stand in <https://github.com/actions/runner/releases/tag/v2.336.0>.
    package static let pinned = RunnerRelease(
        version: "2.336.0",
        x64: "04cf0be1aff4c3ec3554466c39124ca250e3effd8873bb7e8d68535aa9505d5d",
        arm64: "58b758e420b87093fbd4bfddd368074960053e2f1388f01848c82624b90f27d1")
}
