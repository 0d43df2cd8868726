import Foundation
import Logging
import Resources
import Services

/// Log lines on stderr, as text or as one JSON object each.
struct StandardErrorLog: LogHandler {
    var logLevel: Logger.Level
    var metadata: Logger.Metadata = [:]
    let format: LogFormat

    subscript(metadataKey key: String) -> Logger.MetadataValue? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        let all = metadata.merging(event.metadata ?? [:]) { $1 }
        let details = all.sorted { $0.key < $1.key }
        switch format {
        case .text:
            let words = details.map { " \($0.key)=\($0.value)" }.joined()
            Terminal.printError("\(event.level): \(event.message)\(words)")
        case .json:
            var fields = Dictionary(
                uniqueKeysWithValues: details.map { ($0.key, Value.string("\($0.value)")) })
            fields["level"] = .string(event.level.rawValue)
            fields["message"] = .string("\(event.message)")
            fields["time"] = .string(Date().timestamp)
            Terminal.printError(Value.object(fields).jsonText())
        }
    }
}

extension GlobalOptions {
    var logger: Logger {
        Logger(label: "launch") { _ in
            StandardErrorLog(logLevel: verbose ? .debug : .warning, format: logFormat)
        }
    }
}
