package import HTTP
import Resources

package import Foundation
import Synchronization

/// Checks every request against the published schema of Proxmox VE (`shared/api/proxmox.json`)
/// on its way to another client, and keeps what it finds wrong.
package final class ProxmoxSchemaChecker: HTTPClient {
    private let base: any HTTPClient
    private let endpoint: String
    private let schema: ProxmoxSchema
    private let found = Mutex<[String]>([])

    /// - Parameter endpoint: requests elsewhere are let pass.
    package init(_ base: any HTTPClient, endpoint: String, schema: ProxmoxSchema) {
        self.base = base
        self.endpoint = endpoint
        self.schema = schema
    }

    /// What was wrong so far, as sentences.
    package var faults: [String] { found.withLock { $0 } }

    package func send(_ request: HTTPRequest) async throws -> HTTPResponse {
        let prefix = endpoint + "/api2/json"
        if request.url.hasPrefix(prefix) {
            let faults = try schema.faults(of: request, target: request.url.dropFirst(prefix.count))
            found.withLock { $0 += faults }
        }
        return try await base.send(request)
    }
}

/// The methods of Proxmox VE with their parameters.
package struct ProxmoxSchema: Sendable {
    private let methods: [Method]

    private struct Method: Sendable {
        let verb: String
        let segments: [String]
        let parameters: [String: Value]

        var name: String { "\(verb) /\(segments.joined(separator: "/"))" }
    }

    package init(contentsOf file: URL) throws {
        let document = try JSONDecoder().decode(Value.self, from: Data(contentsOf: file))
        methods = (document["endpoints"]?.list ?? []).map { row in
            Method(
                verb: row["method"]?.string ?? "",
                segments: Self.segments(row["path"]?.string ?? ""),
                parameters: row["parameters"]?["properties"]?.object ?? [:])
        }
    }

    /// What is wrong with a request; `target` is its path below the API and its query.
    func faults(of request: HTTPRequest, target: Substring) throws -> [String] {
        let parts = target.split(separator: "?", maxSplits: 1).map(String.init)
        let path = Self.segments(parts[0]).map(\.percentDecoded)
        guard let method = method(request.method.rawValue, path) else {
            return ["\(request.method.rawValue) \(parts[0]): no such method"]
        }
        var given = Self.pairs(parts.count > 1 ? parts[1] : "")
        let body = try Self.bytes(of: request.body)
        if !body.isEmpty, [.get, .delete].contains(request.method) {
            return ["\(method.name): has a body"]
        }
        let type = request.headers.first { $0.name.lowercased() == "content-type" }?.value ?? ""
        given += type.hasPrefix("multipart/") ? Self.parts(body) : Self.pairs(Self.text(body))
        for (name, value) in zip(method.segments, path) where name.hasPrefix("{") {
            given.append((String(name.dropFirst().dropLast()), value))
        }
        return check(given, method).map { "\(method.name): \($0)" }
    }

    private func method(_ verb: String, _ path: [String]) -> Method? {
        methods.filter { $0.verb == verb && $0.segments.count == path.count }
            .filter { zip($0.segments, path).allSatisfy { $0 == $1 || $0.hasPrefix("{") } }
            .max { Self.literals($0) < Self.literals($1) }
    }

    private static func literals(_ method: Method) -> Int {
        method.segments.count { !$0.hasPrefix("{") }
    }

    private func check(_ given: [(String, String)], _ method: Method) -> [String] {
        var faults: [String] = []
        for (name, value) in given {
            guard let schema = method.parameters[name] ?? method.parameters[Self.indexed(name)]
            else {
                faults.append("\(name) is not a parameter")
                continue
            }
            faults += Self.check(value, schema).map { "\(name)=\(value): \($0)" }
            if let other = schema["requires"]?.string, !given.contains(where: { $0.0 == other }) {
                faults.append("\(name) requires \(other)")
            }
        }
        let missing = method.parameters.filter { name, schema in
            schema["optional"]?.integer != 1 && !given.contains { $0.0 == name }
        }
        return faults + missing.keys.sorted().map { "\($0) is missing" }
    }

    private static func check(_ value: String, _ schema: Value) -> [String] {
        var faults = type(of: value, schema)
        if let allowed = schema["enum"]?.list, !allowed.map(\.plainText).contains(value) {
            faults.append("not one of \(allowed.map(\.plainText))")
        }
        if let pattern = schema["pattern"]?.string, !matches(value, pattern) {
            faults.append("does not match \(pattern)")
        }
        if let longest = schema["maxLength"]?.integer, value.count > longest {
            faults.append("longer than \(longest)")
        }
        if let properties = schema["format"]?.object {
            faults += check(properties: value, properties)
        }
        return faults
    }

    private static func type(of value: String, _ schema: Value) -> [String] {
        switch schema["type"]?.string {
        case "boolean": return ["0", "1"].contains(value) ? [] : ["not 0 or 1"]
        case "integer", "number":
            guard let number = Double(value), schema["type"] != "integer" || Int(value) != nil
            else { return ["not a number"] }
            let isLow = schema["minimum"]?.integer.map { number < Double($0) } ?? false
            let isHigh = schema["maximum"]?.integer.map { number > Double($0) } ?? false
            return isLow || isHigh ? ["out of range"] : []
        default: return []
        }
    }

    /// A property string: `volume,key=value`.
    private static func check(properties text: String, _ schema: [String: Value]) -> [String] {
        let defaultKey = schema.first { $0.value["default_key"]?.integer == 1 }?.key
        var given: [String] = []
        var faults: [String] = []
        for piece in text.split(separator: ",") {
            let parts = piece.split(separator: "=", maxSplits: 1).map(String.init)
            let name = parts.count == 2 ? parts[0] : defaultKey ?? ""
            guard let property = schema[name] else {
                faults.append("\(name) is not a property")
                continue
            }
            let target = property["alias"]?.string ?? name
            given.append(target)
            if let group = property["keyAlias"]?.string { given.append(group) }
            faults += check(parts.last ?? "", schema[target] ?? property).map { "\(name): \($0)" }
        }
        let missing = schema.filter { name, property in
            property["optional"]?.integer != 1 && property["alias"] == nil && !given.contains(name)
        }
        return faults + missing.keys.sorted().map { "\($0) is missing" }
    }

    /// The patterns are Perl's, and hold for the whole value.
    private static func matches(_ value: String, _ pattern: String) -> Bool {
        let plain = pattern.replacingOccurrences(of: "(?^:", with: "(?:")
        guard let expression = try? Regex("(?:\(plain))") else { return true }
        return value.wholeMatch(of: expression) != nil
    }

    /// `net[n]` for `net0`.
    private static func indexed(_ name: String) -> String {
        let stem = name.reversed().drop(while: \.isNumber).reversed()
        return String(stem) + "[n]"
    }

    private static func segments(_ path: String) -> [String] {
        path.split(separator: "/").map(String.init)
    }

    private static func pairs(_ text: String) -> [(String, String)] {
        text.split(separator: "&").map { pair in
            let parts = pair.split(
                separator: "=", maxSplits: 1, omittingEmptySubsequences: false
            ).map { String($0).percentDecoded }
            return (parts[0], parts.count == 2 ? parts[1] : "")
        }
    }

    /// The text parts of a multipart body, and the name of its file.
    private static func parts(_ body: [UInt8]) -> [(String, String)] {
        let text = text(body.prefix(2048))
        return text.matches(
            of:
                /name="(?<name>[^"]+)"(; filename="(?<file>[^"]*)")?[^\r]*\r\n(?<head>[^\r]+\r\n)*\r\n(?<value>[^\r]*)/
        ).map { match in
            (String(match.name), String(match.file ?? match.value))
        }
    }

    private static func text(_ bytes: some Sequence<UInt8>) -> String {
        String(decoding: Array(bytes), as: UTF8.self)
    }

    private static func bytes(of body: HTTPBody) throws -> [UInt8] {
        switch body {
        case .none: return []
        case .bytes(let bytes): return bytes
        case .stream(let length, let read):
            var bytes: [UInt8] = []
            while bytes.count < length {
                let piece = try read(bytes.count, 65_536)
                if piece.isEmpty { break }
                bytes += piece
            }
            return bytes
        }
    }
}
