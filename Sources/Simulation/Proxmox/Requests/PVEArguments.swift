import HTTP
import Resources

import Foundation

/// Parameters as they arrived: every value is text, a repeated key is a list.
struct PVEArguments: Hashable {
    private(set) var values: [String: [String]] = [:]

    subscript(_ name: String) -> String? { values[name]?.last }

    var names: [String] { values.keys.sorted() }

    func all(_ name: String) -> [String] { values[name] ?? [] }
    func integer(_ name: String) -> Int? { self[name].flatMap { Int($0) } }
    func flag(_ name: String) -> Bool { self[name] == "1" }

    /// The elements of a list parameter: separators are `,` `;`, white space and NUL.
    func list(_ name: String) -> [String] { (self[name] ?? "").pveList }

    mutating func set(_ name: String, _ value: String) { values[name] = [value] }
    mutating func append(_ name: String, _ value: String) {
        values[name, default: []].append(value)
    }

    /// Reads a form body or query string as the server does: it splits on `&` and `;`, then each
    /// pair on every `=`, and keeps the second piece. Unencoded `=` and `;` in values are lost.
    init(form: String) {
        for pair in form.split(whereSeparator: { $0 == "&" || $0 == ";" }) {
            let pieces = pair.split(separator: "=", omittingEmptySubsequences: false)
            let value = pieces.count > 1 ? Self.decoded(pieces[1]) : ""
            append(Self.decoded(pieces[0]), value)
        }
    }

    /// - Throws: `PVEFailure` when the body is no JSON object of plain values and lists.
    init(json: [UInt8]) throws {
        let document = try? JSONDecoder().decode([String: Value].self, from: Data(json))
        guard let document else { throw PVEFailure("malformed JSON string in request body") }
        for (name, value) in document where !value.isNull {
            for element in value.list ?? [value] { append(name, try Self.text(element)) }
        }
    }

    init() {}

    private static func decoded(_ text: Substring) -> String {
        text.replacingOccurrences(of: "+", with: " ").percentDecoded
    }

    private static func text(_ value: Value) throws -> String {
        switch value {
        case .boolean(let flag): flag ? "1" : "0"
        case .integer, .number, .string: value.plainText
        default: throw PVEFailure("unexpected structure in request body")
        }
    }
}

extension String {
    /// The elements of a Proxmox list.
    var pveList: [String] {
        split { $0 == "," || $0 == ";" || $0 == "\0" || $0.isWhitespace }.map(String.init)
    }
}
