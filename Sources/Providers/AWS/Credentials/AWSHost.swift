/// What the SDKs' ways to credentials need of the machine.
package protocol AWSHost: Sendable {
    /// A file's content; `nil` when there is no such file.
    /// - Throws: `HostFailure` when it cannot be read.
    func content(of path: String) throws -> [UInt8]?

    /// Runs a program without a shell or input, and lets it write to this process's errors.
    ///
    /// - Parameter command: the program, looked for in the search path, and its arguments.
    /// - Returns: what it printed.
    /// - Throws: `HostFailure` when it cannot be started or fails, `CancellationError`.
    func output(of command: [String]) async throws -> [UInt8]
}

/// Why the machine could not do it.
package struct HostFailure: Error, Hashable, Sendable {
    /// Half a sentence, without what the file or the program said.
    package let detail: String

    package init(_ detail: String) { self.detail = detail }
}

/// A machine without files and programs.
package struct BareHost: AWSHost {
    package init() {}
    package func content(of path: String) -> [UInt8]? { nil }

    package func output(of command: [String]) throws -> [UInt8] {
        throw HostFailure("there is no such program")
    }
}
