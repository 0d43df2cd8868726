import HTTP
import Resources

import Synchronization

/// A zone that the token can see.
struct Zone: Hashable {
    let id: String
    let name: String
    let accountID: String

    init?(_ value: Value) {
        guard let id = value["id"]?.string, let name = value["name"]?.string,
            let accountID = value["account"]?["id"]?.string
        else { return nil }
        self.id = id
        self.name = name
        self.accountID = accountID
    }

    /// The path of its records.
    var records: String { "/zones/\(id.percentEncoded)/dns_records" }

    func holds(_ hostname: String) -> Bool { hostname == name || hostname.hasSuffix("." + name) }
}

/// The active zones, listed once.
final class ZoneDirectory: Sendable {
    private let api: CloudflareAPI
    private let accountID: String?
    private let known = Mutex<[Zone]?>(nil)

    /// - Parameter accountID: Tells zones of one name in several accounts apart.
    init(_ api: CloudflareAPI, accountID: String?) {
        self.api = api
        self.accountID = accountID
    }

    /// The zone with the longest name that the hostname ends in.
    /// - Throws: `ProviderError` with `.notFound` when there is none.
    func zone(of hostname: String, for purpose: Purpose) async throws -> Zone {
        if let zone = try await find(hostname) { return zone }
        throw ProviderError(
            .notFound, provider: .cloudflare, address: purpose.address, action: purpose.action,
            detail: "no active zone that the token can see holds \(hostname)",
            remedy: "Add the domain to Cloudflare, or grant the token Zone › Zone: Read on it.")
    }

    func find(_ hostname: String) async throws -> Zone? {
        try await zones().filter { $0.holds(hostname) }.max { $0.name.count < $1.name.count }
    }

    /// The zones that hold any of the hostnames, by name.
    func zones(of hostnames: some Sequence<String>) async throws -> [Zone] {
        var found: Set<Zone> = []
        for hostname in hostnames {
            if let zone = try await find(hostname) { found.insert(zone) }
        }
        return found.sorted { $0.name < $1.name }
    }

    private func zones() async throws -> [Zone] {
        if let zones = known.withLock({ $0 }) { return zones }
        let account = accountID.map { [("account.id", $0)] } ?? []
        let query = [("status", "active"), ("order", "name")] + account
        let zones = try await api.list("/zones", query, perPage: 50).compactMap(Zone.init)
        known.withLock { $0 = zones }
        return zones
    }
}
