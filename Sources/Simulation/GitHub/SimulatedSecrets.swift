import Foundation
import HTTP
import Resources

/// The secrets of one repository's Actions, sealed as they were sent:
/// <https://docs.github.com/en/rest/actions/secrets>.
package final class SimulatedSecrets {
    private struct Entry {
        var sealed: [UInt8]
        let created: Date
        var updated: Date
    }

    /// A sealed box begins with a public key of 32 bytes and a digest of 16.
    private static let leastSize = 48

    private unowned let core: WorldCore
    private var entries: [String: Entry] = [:]
    /// Whoever has the private key to it can open what is sent; by default nobody has.
    package var publicKey: [UInt8]
    private let keyID: String

    init(_ core: WorldCore) {
        self.core = core
        publicKey = core.random.bytes(32)
        keyID = String(568_250_167_242_549_743 + core.random.bytes(1).map(Int.init)[0])
    }

    var count: Int { entries.count }

    package var names: [String] { entries.keys.sorted() }

    /// The value of a secret as it was sent.
    package func sealed(_ name: String) -> [UInt8]? { entries[name]?.sealed }

    /// Writes a secret as somebody else would.
    package func overwrite(_ name: String) {
        let created = entries[name]?.created ?? core.now
        entries[name] = Entry(
            sealed: core.random.bytes(Self.leastSize), created: created, updated: core.now)
    }

    package func remove(_ name: String) { entries[name] = nil }

    /// - Parameter segments: the path after `…/actions/secrets`.
    func answer(_ request: SimulatedRequest, _ segments: [String]) throws -> HTTPResponse {
        switch (request.method, segments.first, segments.count) {
        case ("GET", nil, 0):
            let all = entries.sorted { $0.key < $1.key }.map { value($0.key, $0.value) }
            return GitHubPage(request, cap: core.configuration.pageSize).response(
                of: all, in: "secrets")
        case ("GET", "public-key", 1):
            return .document(
                [
                    "key_id": .string(keyID),
                    "key": .string(Data(publicKey).base64EncodedString()),
                ])
        case ("GET", let name?, 1):
            guard let entry = entries[name] else { throw GitHubRefusal.notFound }
            return .document(value(name, entry))
        case ("PUT", let name?, 1): return try write(name.uppercased(), request)
        case ("DELETE", let name?, 1):
            guard entries.removeValue(forKey: name) != nil else { throw GitHubRefusal.notFound }
            return HTTPResponse(status: 204)
        default: throw GitHubRefusal.notFound
        }
    }

    private func write(_ name: String, _ request: SimulatedRequest) throws -> HTTPResponse {
        let letters = name.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_") }
        guard letters, name.first?.isNumber == false, !name.hasPrefix("GITHUB_") else {
            throw GitHubRefusal(422, "Secret names can only contain alphanumeric characters")
        }
        guard let body = request.document else {
            throw GitHubRefusal(400, "Problems parsing JSON")
        }
        let box = body["encrypted_value"]?.string.flatMap { Data(base64Encoded: $0) }
        guard let box, box.count >= Self.leastSize, body["key_id"]?.string == keyID else {
            throw GitHubRefusal(422, "Bad request - invalid encrypted_value or key_id")
        }
        let old = entries[name]
        if old == nil, let limit = core.configuration.secretsPerRepository, entries.count >= limit {
            throw GitHubRefusal(422, "You have reached the maximum number of secrets.")
        }
        entries[name] = Entry(
            sealed: Array(box), created: old?.created ?? core.now, updated: core.now)
        return HTTPResponse(status: old == nil ? 201 : 204)
    }

    private func value(_ name: String, _ entry: Entry) -> Value {
        [
            "name": .string(name), "created_at": entry.created.timestamp,
            "updated_at": entry.updated.timestamp,
        ]
    }
}
