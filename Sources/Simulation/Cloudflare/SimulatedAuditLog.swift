import Foundation
import Resources

/// Who changed what in the account.
///
/// <https://developers.cloudflare.com/api/resources/accounts/subresources/logs/>
package final class SimulatedAuditLog {
    private struct Entry {
        let type: String
        let path: String
        let email: String
        let agent: String
        let time: Date
    }

    private unowned let core: WorldCore
    /// From the oldest to the newest.
    private var entries: [Entry] = []
    /// True when the token was not granted the account's settings.
    package var isDenied = false

    init(_ core: WorldCore) { self.core = core }

    /// Notes what somebody did in the dashboard.
    func note(_ type: String, _ path: String) {
        entries.append(
            Entry(
                type: type, path: path, email: "alice@example.com", agent: "Mozilla/5.0",
                time: core.now))
    }

    /// Notes a request that was granted; a look is not worth it.
    func note(_ request: SimulatedRequest) {
        let types = ["POST": "create", "PUT": "update", "PATCH": "update", "DELETE": "delete"]
        guard let type = types[request.method] else { return }
        entries.append(
            Entry(
                type: type, path: request.path, email: "launch@example.com",
                agent: request.header("User-Agent") ?? "", time: core.now))
    }

    /// - Throws: `CloudflareRefusal`
    func answer(_ request: SimulatedRequest) throws -> SimulatedCloudflare.Result {
        guard !isDenied else { throw CloudflareRefusal(403, 10000, "Authentication error") }
        let parameters = request.parameters
        guard let since = parameters["since"].flatMap(Self.time),
            let before = parameters["before"].flatMap(Self.time),
            let limit = Int(parameters["limit"] ?? "100"), (1...1000).contains(limit)
        else { throw CloudflareRefusal(400, 1000, "Invalid query parameters") }
        let found = entries.filter { (since...max(since, before)).contains($0.time) }
        let sorted = parameters["direction"] == "asc" ? found : found.reversed()
        return .init(.list(sorted.prefix(limit).map(value)))
    }

    private static func time(_ text: String) -> Date? {
        try? Date.ISO8601FormatStyle().parse(text)
    }

    private func value(_ entry: Entry) -> Value {
        [
            "action": [
                "type": .string(entry.type), "result": "success", "time": entry.time.timestamp,
            ],
            "actor": ["type": "user", "email": .string(entry.email)],
            "raw": ["uri": .string(entry.path), "user_agent": .string(entry.agent)],
        ]
    }
}
