import HTTP
import Resources

import Foundation

extension HTTPResponse {
    /// `{"data": …}`, and what stands beside it.
    static func pve(_ data: Value, beside members: [String: Value] = [:]) -> HTTPResponse {
        HTTPResponse(
            status: 200, reason: "OK", headers: pveHeaders,
            body: encoded(members.merging(["data": data]) { $1 }))
    }

    /// An error as the server words it: in the status line and, from 8.4 on, in the body.
    static func pve(_ failure: PVEFailure, version: PVEVersion) -> HTTPResponse {
        guard failure.status != 401 else {
            return HTTPResponse(status: 401, reason: failure.reason)
        }
        var members: [String: Value] = ["data": .null]
        if version >= PVEVersion(8, 4) { members["message"] = .string(failure.message + "\n") }
        if !failure.errors.isEmpty {
            members["errors"] = .object(failure.errors.mapValues(Value.string))
        }
        return HTTPResponse(
            status: failure.status, reason: failure.reason, headers: pveHeaders,
            body: encoded(members))
    }

    private static var pveHeaders: [HTTPHeader] {
        [HTTPHeader("Content-Type", "application/json;charset=UTF-8")]
    }

    private static func encoded(_ members: [String: Value]) -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return (try? encoder.encode(Value.object(members))).map(Array.init) ?? []
    }
}
