import Foundation
import Synchronization

extension PVEParameter {
    /// What is wrong with the value of the parameter `name`; `nil` when nothing is.
    func error(in values: [String], at name: String, version: PVEVersion) -> String? {
        if kind == .array { return nil }
        guard values.count == 1, let value = values.first else {
            return "type check ('\(kind.rawValue)') failed - got ARRAY"
        }
        return typeError(value) ?? formatError(value, at: name, version: version)
            ?? textError(value) ?? rangeError(value) ?? choiceError(value)
    }

    private func typeError(_ value: String) -> String? {
        let isRight =
            switch kind {
            case .boolean: value == "0" || value == "1"
            case .integer: value.matchesWhole("[+-]?\\d+")
            case .number: value.matchesWhole("[+-]?\\d+(\\.\\d+)?([eE][+-]?\\d+)?")
            case .string, .array: true
            }
        return isRight ? nil : "type check ('\(kind.rawValue)') failed - got '\(value)'"
    }

    private func formatError(_ value: String, at name: String, version: PVEVersion) -> String? {
        format?.error(in: value, at: name, version: version).map { "invalid format - \($0)" }
    }

    private func textError(_ value: String) -> String? {
        guard kind == .string else { return nil }
        if let pattern, !value.matchesWhole(pattern) {
            return "value does not match the regex pattern"
        }
        let length = value.unicodeScalars.count
        if let maximumLength, length > maximumLength {
            return "value may only be \(maximumLength) characters long"
        }
        if let minimumLength, length < minimumLength {
            return "value must be at least \(minimumLength) characters long"
        }
        return nil
    }

    private func rangeError(_ value: String) -> String? {
        guard kind == .integer || kind == .number, let number = Double(value) else { return nil }
        if let minimum, number < minimum {
            return "value must have a minimum value of \(minimum.pveNumber)"
        }
        if let maximum, number > maximum {
            return "value must have a maximum value of \(maximum.pveNumber)"
        }
        return nil
    }

    private func choiceError(_ value: String) -> String? {
        guard let choices, !choices.contains(value) else { return nil }
        let list = choices.joined(separator: ", ")
        return "value '\(value)' does not have a value in the enumeration '\(list)'"
    }
}

extension Double {
    /// Without a fraction when it has none.
    var pveNumber: String { Int(exactly: self).map(String.init) ?? String(self) }
}

extension String {
    /// True when the regular expression covers the whole text.
    func matchesWhole(_ pattern: String) -> Bool {
        let expression = compiled.withLock { cache in
            let known = cache[pattern]
            let expression = known ?? (try? NSRegularExpression(pattern: "\\A(?:\(pattern))\\z"))
            cache[pattern] = expression
            return expression
        }
        let range = NSRange(startIndex..., in: self)
        return expression?.firstMatch(in: self, range: range) != nil
    }
}

/// Every pattern is compiled once.
private let compiled = Mutex<[String: NSRegularExpression]>([:])
