package import Foundation
package import HTTP
import Resources

/// An API's description in OpenAPI 3.0, with what its age excuses.
package struct OpenAPIDocument: Sendable {
    private let root: Value
    /// The path under which the API lies at its server: `/client/v4`.
    private let basePath: String
    private let allowances: OpenAPIAllowances

    /// - Throws: when the file cannot be read as JSON.
    package init(_ file: URL, basePath: String, allowing allowances: OpenAPIAllowances) throws {
        root = try JSONDecoder().decode(Value.self, from: Data(contentsOf: file))
        self.basePath = basePath
        self.allowances = allowances
    }

    /// What is wrong with the request; empty when nothing is.
    package func violations(of request: HTTPRequest) -> [String] {
        guard let (operation, path) = operation(for: request) else {
            let path = request.url.prefix { $0 != "?" }
            let isLeftOut = allowances.undescribed.contains(where: path.hasSuffix)
            return isLeftOut ? [] : ["\(request.method.rawValue) \(request.url): no such operation"]
        }
        let label = "\(request.method.rawValue) \(path.template)"
        return parameterViolations(request, operation, path, label)
            + bodyViolations(request, operation, label)
    }

    /// What is wrong with the answer of a successful request.
    package func violations(of response: HTTPResponse, to request: HTTPRequest) -> [String] {
        guard response.isSuccess, let (operation, path) = operation(for: request) else { return [] }
        let label = "\(request.method.rawValue) \(path.template) → \(response.status)"
        let schema = validator(.answer)
        guard let described = operation["responses"]?[String(response.status)] else {
            return ["\(label): no such status"]
        }
        let content = schema.resolve(described).schema["content"]?["application/json"]?["schema"]
        guard let content else { return [] }
        return schema.violations(response.json ?? .null, content, at: label)
    }

    private func validator(_ direction: JSONSchema.Direction) -> JSONSchema {
        JSONSchema(document: root, direction: direction, optional: allowances.optionalMembers)
    }

    private struct Path {
        let template: String
        let values: [String: String]
    }

    /// Literal parts are better than parameters: `batch` is no record's id.
    private func operation(for request: HTTPRequest) -> (Value, Path)? {
        let afterHost = request.url.split(separator: "/", maxSplits: 2).last ?? ""
        let full = "/" + afterHost.prefix { $0 != "?" }
        guard full.hasPrefix(basePath) else { return nil }
        let parts = full.dropFirst(basePath.count).split(separator: "/").map(String.init)
        return (root["paths"]?.object ?? [:]).compactMap { template, methods -> (Value, Path)? in
            guard let operation = methods[request.method.rawValue.lowercased()],
                let values = Self.match(template, parts)
            else { return nil }
            return (operation, Path(template: template, values: values))
        }.min { $0.1.values.count < $1.1.values.count }
    }

    private static func match(_ template: String, _ parts: [String]) -> [String: String]? {
        let pattern = template.split(separator: "/")
        guard pattern.count == parts.count else { return nil }
        var values: [String: String] = [:]
        for (expected, part) in zip(pattern, parts) {
            if expected.hasPrefix("{") {
                values[String(expected.dropFirst().dropLast())] = part.percentDecoded
            } else if expected != part {
                return nil
            }
        }
        return values
    }
}

// MARK: - Parameters and bodies

extension OpenAPIDocument {
    private func parameterViolations(
        _ request: HTTPRequest, _ operation: Value, _ path: Path, _ label: String
    ) -> [String] {
        let schema = validator(.request)
        let declared = (operation["parameters"]?.list ?? []).map { schema.resolve($0).schema }
        let query = request.url.split(separator: "?", maxSplits: 1).dropFirst().first ?? ""
        let pairs = query.split(separator: "&").map { pair in
            pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
                .map { String($0).percentDecoded }
        }
        let given =
            pairs.map { ("query", $0[0], $0.count > 1 ? $0[1] : "") }
            + path.values.sorted { $0.key < $1.key }.map { ("path", $0.key, $0.value) }
        return given.filter { place, name, _ in
            place != "query" || allowances.moreQueries[path.template]?.contains(name) != true
        }.flatMap { place, name, text -> [String] in
            let found = declared.first { $0["in"]?.string == place && $0["name"]?.string == name }
            guard let type = found?["schema"] else { return ["\(label): unknown \(place) \(name)"] }
            let value = Self.value(text, schema.resolve(type).schema["type"]?.string)
            return schema.violations(value, type, at: "\(label) \(place) \(name)")
        }
    }

    /// The text as its declared type; a wrong one stays text and fails.
    private static func value(_ text: String, _ type: String?) -> Value {
        switch type {
        case "integer", "number": Int(text).map(Value.integer) ?? .string(text)
        case "boolean": Bool(text).map(Value.boolean) ?? .string(text)
        default: .string(text)
        }
    }

    private func bodyViolations(
        _ request: HTTPRequest, _ operation: Value, _ label: String
    ) -> [String] {
        let described = operation["requestBody"] ?? .null
        guard case .bytes(let bytes) = request.body else {
            let isNeeded =
                described["required"] == true && !allowances.bodyless.contains(request.method)
            return isNeeded ? ["\(label): the body is missing"] : []
        }
        guard let content = described["content"]?["application/json"] else {
            return ["\(label): a body is not expected"]
        }
        guard let body = try? JSONDecoder().decode(Value.self, from: Data(bytes)) else {
            return ["\(label): the body is no JSON"]
        }
        let isPartial = request.method == .patch
        return validator(isPartial ? .partialRequest : .request)
            .violations(body, content["schema"] ?? [:], at: label)
    }
}
