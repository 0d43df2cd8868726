import HTTP
import Resources

import Foundation

extension HTTPResponse {
    /// An answer whose body is a JSON document.
    static func document(
        _ value: Value, status: Int = 200, headers: [HTTPHeader] = []
    ) -> HTTPResponse {
        let body = try? JSONEncoder().encode(value)
        return HTTPResponse(
            status: status,
            headers: [HTTPHeader("Content-Type", "application/json; charset=utf-8")] + headers,
            body: Array(body ?? Data()))
    }
}

extension SimulatedRequest {
    /// The query's parameters, decoded; of a repeated one the last counts.
    var parameters: [String: String] {
        var found: [String: String] = [:]
        for pair in query.split(separator: "&") {
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            let name = String(parts[0]).percentDecoded
            let value = parts.count == 2 ? String(parts[1].replacing("+", with: " ")) : ""
            found[name] = value.percentDecoded
        }
        return found
    }

    /// The path's parts, decoded.
    var segments: [String] { path.split(separator: "/").map { String($0).percentDecoded } }

    /// The body as JSON; `nil` when it is none.
    var document: Value? { try? JSONDecoder().decode(Value.self, from: Data(body)) }
}

extension Date {
    /// `2026-09-21T14:13:20Z`.
    var timestamp: Value { .string(formatted(.iso8601)) }
}

extension RandomSource {
    /// A version 4 UUID in lower case.
    func uuid() -> String {
        var digits = Array(hexadecimal(32))
        digits[12] = "4"
        digits[16] = "a"
        return [0..<8, 8..<12, 12..<16, 16..<20, 20..<32].map { String(digits[$0]) }
            .joined(separator: "-")
    }
}
