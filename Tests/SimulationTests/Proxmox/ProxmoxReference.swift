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

    private static func rows(_ section: String) -> [Value] {
        var folder = URL(filePath: #filePath)
        repeat {
            folder.deleteLastPathComponent()
        } while folder.path != "/"
            && !FileManager.default.fileExists(atPath: folder.path + "/Package.swift")
        let file = folder.appending(path: "../shared/api/proxmox.json").standardizedFileURL
        let document = (try? Data(contentsOf: file)).flatMap {
            try? JSONDecoder().decode(Value.self, from: $0)
        }
        return document?[section]?["rows"]?.list ?? []
    }
}
