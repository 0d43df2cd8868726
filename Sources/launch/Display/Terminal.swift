import Foundation
import Logging
import Reconciling
import Reporting
import Resources
import Services
import Synchronization

#if canImport(Glibc)
    import Glibc
#endif

/// The terminal, or whatever stands in its place.
enum Terminal {
    static var isErrorInteractive: Bool { isatty(STDERR_FILENO) == 1 }
    /// False for a terminal that only prints.
    static var isCapable: Bool { ProcessInfo.processInfo.environment["TERM"] != "dumb" }
    static var isInputInteractive: Bool { isatty(STDIN_FILENO) == 1 }

    /// Columns and rows of the terminal behind `descriptor`; `nil` where there is none.
    static func size(of descriptor: Int32) -> (columns: Int, rows: Int)? {
        var size = winsize()
        guard ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0, size.ws_row > 0
        else { return nil }
        return (Int(size.ws_col), Int(size.ws_row))
    }

    /// How wide a report may be, in columns: no terminal, no limit.
    static func width(of descriptor: Int32) -> Int { size(of: descriptor)?.columns ?? .max }

    /// How lines on stderr are written; set once, when the command line is read.
    static var logFormat: LogFormat {
        get { chosenLogFormat.withLock { $0 } }
        set { chosenLogFormat.withLock { $0 = newValue } }
    }

    private static let chosenLogFormat = Mutex(LogFormat.text)

    /// Writes a report to stdout.
    /// - Throws: `CommandFailure` when stdout takes no more: the report would be cut short.
    static func print(_ text: String) throws {
        guard let code = write(text, to: STDOUT_FILENO) else { return }
        throw CommandFailure(
            "the report cannot be written: \(String(cString: strerror(code)))",
            remedy: "Check where stdout goes to.")
    }

    /// Writes a report in the style and the width of what stdout is.
    static func print(
        _ global: GlobalOptions, _ text: (_ style: Style, _ width: Int) -> String
    ) throws {
        try print(text(style(global, for: STDOUT_FILENO), width(of: STDOUT_FILENO)))
    }

    /// Writes a line to stderr, as text or as a JSON object. What cannot be written is lost.
    static func printError(
        _ line: String, level: Logger.Level = .info, details: [String: Value] = [:]
    ) {
        switch logFormat {
        case .text: writeError(line + "\n")
        case .json:
            let fields: [String: Value] = [
                "level": .string(level.rawValue), "message": .string(line),
                "time": .string(Date().timestamp),
            ]
            writeError(Value.object(details.merging(fields) { $1 }).jsonText() + "\n")
        }
    }

    static func writeError(_ text: String) { _ = write(text, to: STDERR_FILENO) }

    /// - Returns: the `errno` when not all of it could be written.
    private static func write(_ text: String, to descriptor: Int32) -> Int32? {
        var rest = Array(text.utf8)[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if count >= 0 {
                rest = rest.dropFirst(count)
            } else if errno == EAGAIN {
                var waiting = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
                _ = poll(&waiting, 1, -1)
            } else if errno != EINTR {
                return errno
            }
        }
        return nil
    }

    static func style(_ options: GlobalOptions, for descriptor: Int32) -> Style {
        let environment = ProcessInfo.processInfo.environment
        let isColoured =
            !options.noColor && environment["NO_COLOR"]?.isEmpty ?? true
            && isCapable && isatty(descriptor) == 1
        return isColoured ? .coloured : .plain
    }

    /// True when there is somebody who sees a question and can answer it.
    static var canAsk: Bool { isInputInteractive && isErrorInteractive }

    /// - Parameter remedy: what helps where nobody can be asked.
    /// - Throws: `ReconcilingError.declined`; `CommandFailure` when there is nobody to ask.
    static func requireConsent(_ question: String, remedy: String) throws {
        guard canAsk else { throw CommandFailure("there is nobody to ask", remedy: remedy) }
        guard try confirms(question) else { throw ReconcilingError.declined }
    }

    /// Asks; anything but `y` or `yes` is no.
    /// - Throws: `CancellationError` when the task is cancelled before there is an answer.
    static func confirms(_ question: String) throws -> Bool {
        let answer = try answer(to: "\(question) [y/N] ")?.lowercased()
        return answer == "y" || answer == "yes"
    }

    /// - Returns: the line that was typed, without blanks around it; `nil` at the input's end.
    /// - Throws: `CancellationError` when the task is cancelled before there is an answer.
    static func answer(to question: String) throws -> String? {
        writeError(question)
        var input = pollfd(fd: STDIN_FILENO, events: Int16(POLLIN), revents: 0)
        while poll(&input, 1, 100) <= 0 {
            guard !Task.isCancelled else {
                writeError("\n")
                throw CancellationError()
            }
        }
        return readLine()?.trimmingCharacters(in: .whitespaces)
    }
}
