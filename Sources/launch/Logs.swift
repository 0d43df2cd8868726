import Logging
import Resources

/// Log lines on stderr, as text or as one JSON object each.
struct StandardErrorLog: LogHandler {
    var logLevel: Logger.Level
    var metadata: Logger.Metadata = [:]

    subscript(metadataKey key: String) -> Logger.MetadataValue? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        let details = metadata.merging(event.metadata ?? [:]) { $1 }.mapValues { "\($0)" }
        switch Terminal.logFormat {
        case .text:
            let words = details.sorted { $0.key < $1.key }.map { " \($0.key)=\($0.value)" }.joined()
            Terminal.printError("\(event.level): \(event.message)\(words)")
        case .json:
            Terminal.printError(
                "\(event.message)", level: event.level, details: details.mapValues(Value.string))
        }
    }
}

extension GlobalOptions {
    var logger: Logger {
        Logger(label: "launch") { _ in StandardErrorLog(logLevel: verbose ? .debug : .warning) }
    }
}
