import HTTP

import Foundation

/// The parameters of a query-protocol request: flat names such as `Filter.1.Value.2`.
///
/// Whatever an action does not read is unknown to it, and refused by `rejectUnread`.
struct QueryParameters {
    private final class Store {
        let values: [String: String]
        var unread: Set<String>

        init(_ values: [String: String]) {
            self.values = values
            unread = Set(values.keys)
        }
    }

    private let store: Store
    private let prefix: String

    /// Reads a form body or a query string.
    /// - Throws: `AWSError` when a parameter is given twice.
    init(form: String) throws {
        var values: [String: String] = [:]
        for pair in form.split(separator: "&") {
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            let texts = parts.map {
                $0.replacingOccurrences(of: "+", with: " ").percentDecoded
            }
            guard values.updateValue(texts.count > 1 ? texts[1] : "", forKey: texts[0]) == nil
            else { throw AWSError("MalformedQueryString", "\(texts[0]) is given twice") }
        }
        store = Store(values)
        prefix = ""
    }

    private init(_ store: Store, prefix: String) {
        self.store = store
        self.prefix = prefix
    }

    /// The whole request as one text, but for the named parameters: to tell requests apart.
    func fingerprint(without names: Set<String>) -> String {
        store.values.filter { !names.contains($0.key) }.sorted { $0.key < $1.key }
            .map { "\($0.key)=\($0.value)" }.joined(separator: "&")
    }

    func string(_ name: String) -> String? {
        store.unread.remove(prefix + name)
        return store.values[prefix + name]
    }

    func required(_ name: String) throws -> String {
        guard let value = string(name), !value.isEmpty else {
            throw AWSError.missing(prefix + name)
        }
        return value
    }

    func boolean(_ name: String) throws -> Bool? {
        guard let text = string(name) else { return nil }
        switch text {
        case "true": return true
        case "false": return false
        default: throw AWSError.invalid(text, for: prefix + name, "Must be a boolean.")
        }
    }

    func integer(_ name: String, in range: ClosedRange<Int>) throws -> Int? {
        guard let text = string(name) else { return nil }
        guard let number = Int(text), range.contains(number) else {
            throw AWSError.invalid(
                text, for: prefix + name,
                "Must be between \(range.lowerBound) and \(range.upperBound).")
        }
        return number
    }

    func choice(_ name: String, of allowed: [String]) throws -> String? {
        guard let text = string(name) else { return nil }
        guard allowed.contains(text) else {
            throw AWSError.invalid(
                text, for: prefix + name, "Valid values: \(allowed.joined(separator: ", ")).")
        }
        return text
    }

    /// `Name.1`, `Name.2`, …
    func list(_ name: String) -> [String] {
        indices(under: name).compactMap { string("\(name).\($0)") }
    }

    /// The structures `Name.1.…`, `Name.2.…`.
    func structures(_ name: String) -> [QueryParameters] {
        indices(under: name).map { QueryParameters(store, prefix: "\(prefix)\(name).\($0).") }
    }

    /// The structure `Name.…`; `nil` when no member of it is given.
    func structure(_ name: String) -> QueryParameters? {
        let inner = "\(prefix)\(name)."
        guard store.values.keys.contains(where: { $0.hasPrefix(inner) }) else { return nil }
        return QueryParameters(store, prefix: inner)
    }

    /// - Throws: `UnknownParameter` when the action left a parameter unread.
    func rejectUnread() throws {
        guard let unknown = store.unread.min() else { return }
        throw AWSError("UnknownParameter", "The parameter \(unknown) is not recognized")
    }

    private func indices(under name: String) -> [Int] {
        let inner = "\(prefix)\(name)."
        let found = store.values.keys.compactMap { key -> Int? in
            guard key.hasPrefix(inner) else { return nil }
            return Int(key.dropFirst(inner.count).prefix { $0 != "." })
        }
        return Set(found).filter { $0 > 0 }.sorted()
    }
}
