import TestSupport
import Foundation
import HTTP
import Resources

/// The recorded behaviour of Proxmox VE's own code, where it lies beside the package.
enum ProxmoxReference {
    static let isPresent = !vectors.isEmpty

    /// A parameter set and the server's verdict on it.
    struct Vector: Sendable, CustomStringConvertible {
        let index: Int
        let method: String
        let path: String
        let parameters: [(name: String, value: String)]
        let isAccepted: Bool
        let errors: [String: String]
        var description: String { "\(index): \(method) \(path)" }
    }

    /// What the server stores for a value.
    struct CanonicalForm: Sendable, CustomStringConvertible {
        let kind: String
        let input: String
        let output: String?
        var description: String { "\(kind) \(input)" }
    }

    static let vectors: [Vector] = rows("validationVectors").enumerated().map { index, row in
        Vector(
            index: index, method: row["method"]?.string ?? "", path: row["path"]?.string ?? "",
            parameters: (row["params"]?.object ?? [:]).flatMap { name, value in
                (value.list ?? [value]).map { (name, expanded($0.plainText)) }
            },
            isAccepted: row["verdict"] == "accept",
            errors: (row["errors"]?.object ?? [:]).compactMapValues(\.string))
    }

    static let canonicalForms: [CanonicalForm] = rows("canonicalForms").map { row in
        CanonicalForm(
            kind: row["kind"]?.string ?? "", input: row["in"]?.plainText ?? "",
            output: row["out"]?.plainText)
    }

    /// `<8192 chars>` stands for a text of that length; one of `env` has to assign a variable.
    private static func expanded(_ text: String) -> String {
        guard text.hasPrefix("<"), text.hasSuffix(" chars>"),
            let length = Int(text.dropFirst().dropLast(" chars>".count))
        else { return text }
        return "A=" + String(repeating: "x", count: length - 2)
    }

    /// A method's parameters by name, and those that must be there.
    struct Method: Sendable {
        let parameters: Set<String>
        let required: Set<String>
        /// The release that brought a parameter, where it is not the method's.
        let since: [String: String]
    }

    /// The documented methods, by `GET /path`.
    static let methods: [String: Method] = (document?["endpoints"]?.list ?? []).reduce(into: [:]) {
        let properties = $1["parameters"]?["properties"]?.object ?? [:]
        let required = properties.filter { $0.value["optional"]?.integer != 1 }
        $0["\($1["method"]?.string ?? "") \($1["path"]?.string ?? "")"] = Method(
            parameters: Set(properties.keys), required: Set(required.keys),
            since: ($1["paramSince"]?.object ?? [:]).compactMapValues(\.string))
    }

    private static func rows(_ section: String) -> [Value] {
        document?[section]?["rows"]?.list ?? []
    }

    private static let document: Value? = SharedData.file("proxmox.json").flatMap { file in
        (try? Data(contentsOf: file)).flatMap { try? JSONDecoder().decode(Value.self, from: $0) }
    }
}
