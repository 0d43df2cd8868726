package import Foundation
import HTTP
package import Resources

extension CloudflareProvider: ChangeWitness {
    /// Reads the newest page of each account's audit log, for which the token needs
    /// Account › Account Settings: Read.
    ///
    /// <https://developers.cloudflare.com/api/resources/accounts/subresources/logs/>
    package func lastChanges(
        of objects: [ChangedObject], at now: Date
    ) async -> [Address: Attribution] {
        let earliest = now.addingTimeInterval(-Self.depth)
        let since = objects.map { $0.since ?? earliest }.min() ?? now
        var entries: [AuditEntry] = []
        for account in await accounts(of: objects) {
            let query = formEncoded([
                ("since", max(since, earliest).formatted(.iso8601)),
                // The log's clock may be ahead of this one.
                ("before", now.addingTimeInterval(60).formatted(.iso8601)),
                ("direction", "desc"), ("limit", "1000"),
            ])
            let path = "/accounts/\(account.percentEncoded)/logs/audit?\(query)"
            entries += ((try? await api.get(path))?.list ?? []).compactMap(AuditEntry.init)
        }
        return objects.reduce(into: [:]) { found, object in
            found[object.address] = entries.filter { $0.explains(object) }
                .map(\.attribution).max { $0.at < $1.at }
        }
    }

    /// How far the log is read back, in seconds: 30 days.
    private static let depth = 2_592_000.0

    /// The zones were listed to observe them.
    private func accounts(of objects: [ChangedObject]) async -> [String] {
        if let accountID { return [accountID] }
        let recorded = objects.filter { $0.address.kind == DNSRecords.kind }
            .map { DNSRecords.hostname($0.address) }
        var accounts: Set<String> = []
        for hostname in domains.union(recorded).sorted() {
            if let zone = try? await directory.find(hostname) { accounts.insert(zone.accountID) }
        }
        return accounts.sorted()
    }
}

/// One entry of an account's audit log.
private struct AuditEntry {
    let attribution: Attribution
    /// The object's id, and what else the request's path names.
    private let names: Set<String>

    /// `nil` for what changed nothing, and for Launch's own requests.
    init?(_ entry: Value) {
        guard ["create", "update", "delete"].contains(entry["action"]?["type"]?.string),
            entry["action"]?["result"]?.string == "success",
            let time = entry["action"]?["time"]?.string.flatMap(Date.init(iso8601:)),
            let actor = entry["actor"], entry["raw"]?["user_agent"]?.string != "launch",
            let name = ["email", "token_name", "type"].lazy.compactMap({ actor[$0]?.string })
                .first(where: { !$0.isEmpty })
        else { return nil }
        attribution = Attribution(by: name, at: time)
        let path = (entry["raw"]?["uri"]?.string ?? "").prefix { $0 != "?" }
        names = Set(
            path.split(separator: "/").map(String.init)
                + [entry["resource"]?["id"]?.string].compactMap(\.self))
    }

    func explains(_ object: ChangedObject) -> Bool {
        names.contains(object.id) && object.mayHaveChanged(at: attribution.at)
    }
}
