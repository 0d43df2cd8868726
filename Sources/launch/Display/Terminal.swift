import Foundation
import Reporting

#if canImport(Glibc)
    import Glibc
#endif

/// The terminal, or whatever stands in its place.
enum Terminal {
    static var isErrorInteractive: Bool { isatty(STDERR_FILENO) == 1 }
    static var isInputInteractive: Bool { isatty(STDIN_FILENO) == 1 }

    /// Columns of the terminal behind stderr.
    static var width: Int {
        var size = winsize()
        guard ioctl(STDERR_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return 80 }
        return Int(size.ws_col)
    }

    static func print(_ text: String) { FileHandle.standardOutput.write(Data(text.utf8)) }

    static func printError(_ line: String) {
        FileHandle.standardError.write(Data((line + "\n").utf8))
    }

    static func writeError(_ text: String) { FileHandle.standardError.write(Data(text.utf8)) }

    static func style(_ options: GlobalOptions, for descriptor: Int32) -> Style {
        let environment = ProcessInfo.processInfo.environment
        let isColoured =
            !options.noColor && environment["NO_COLOR"]?.isEmpty ?? true
            && environment["TERM"] != "dumb" && isatty(descriptor) == 1
        return isColoured ? .coloured : .plain
    }

    /// Asks; anything but `y` or `yes` is no.
    static func confirms(_ question: String) -> Bool {
        writeError("\(question) [y/N] ")
        let answer = readLine()?.trimmingCharacters(in: .whitespaces).lowercased()
        return answer == "y" || answer == "yes"
    }
}
