import HTTP
package import Resources

extension CloudflareProvider: SelfExamining {
    /// Has the token verified, and looks for the zone of each hostname, for the tunnels of its
    /// account, and where an address record leads to an origin at the SSL mode and for the
    /// certificates.
    package func examine(for desired: [Resource]) async -> [Finding] {
        let token = await Finding.of("Cloudflare token") { [try await verifyToken()] }
        guard token.allSatisfy({ $0.grade == .good }) else { return token }
        let hostnames = Set(
            desired.filter { $0.address.kind == DNSRecords.kind }
                .map { DNSRecords.hostname($0.address) }
        ).sorted()
        let zones = await Finding.of("Cloudflare zone") { try await self.zones(of: hostnames) }
        let ssl = await examineSSL(for: desired)
        let issued = await Finding.of("Cloudflare certificates") {
            try await certificates(for: desired)
        }
        let known = token + zones + ssl + issued
        guard desired.contains(where: { $0.address.kind == Tunnels.kind }) else { return known }
        return known
            + (await Finding.of("Cloudflare tunnels") { try await tunnels(for: hostnames) })
    }

    /// A token of a user is verified in one place, a token of an account in another.
    private func verifyToken() async throws -> Finding {
        let purpose = Purpose(
            action: "verify the token", address: nil, permission: "any permission")
        let verified = try await purpose.run {
            do {
                return try await api.get("/user/tokens/verify")
            } catch let failure as CloudflareFailure where failure.status == 401 {
                guard let accountID, api.hasToken else { throw failure }
                return try await api.get("/accounts/\(accountID.percentEncoded)/tokens/verify")
            }
        }
        let status = verified["status"]?.string ?? "unknown"
        guard status == "active" else {
            return .bad(
                "Cloudflare token", "the token is \(status)",
                remedy: "Make a new token, and set CLOUDFLARE_API_TOKEN.")
        }
        let end = verified["expires_on"]?.string.map { ", until \($0)" } ?? ""
        return .good("Cloudflare token", "CLOUDFLARE_API_TOKEN is active\(end)")
    }

    private func zones(of hostnames: [String]) async throws -> [Finding] {
        let purpose = Purpose(
            action: "list the zones", address: nil, permission: "Zone › Zone: Read")
        var active: Set<String> = []
        var findings: [Finding] = []
        for hostname in hostnames {
            if let zone = try await purpose.run({ try await directory.find(hostname) }) {
                if active.insert(zone.name).inserted { try await seeRecords(of: zone) }
                if let warning = depth(of: hostname, in: zone) { findings.append(warning) }
            } else {
                findings.append(try await purpose.run { try await lack(of: hostname) })
            }
        }
        return active.sorted().map { .good("Cloudflare zone", "\($0) is active") } + findings
    }

    /// Every zone has a certificate for its name and those one level below:
    /// <https://developers.cloudflare.com/ssl/edge-certificates/universal-ssl/limitations/>.
    private func depth(of hostname: String, in zone: Zone) -> Finding? {
        guard hostname.dropLast(zone.name.count + 1).contains(".") else { return nil }
        return .warning(
            "Cloudflare zone",
            "\(hostname) is more than one level below \(zone.name): Universal SSL does not cover it",
            remedy: "Choose a name one level below, or have an advanced certificate for it.")
    }

    /// - Throws: `ProviderError` when the token may not see the zone's records.
    private func seeRecords(of zone: Zone) async throws {
        let purpose = Purpose(
            action: "list the records of \(zone.name)", address: nil,
            permission: DNSRecords.permission)
        try await purpose.run {
            _ = try await api.get("/zones/\(zone.id.percentEncoded)/dns_records?per_page=1")
        }
    }

    /// Why no active zone holds the hostname.
    private func lack(of hostname: String) async throws -> Finding {
        let all = try await api.list("/zones", [("order", "name")], perPage: 50)
        let zone = all.first { Zone($0)?.holds(hostname) ?? false }
        guard let name = zone?["name"]?.string, let status = zone?["status"]?.string else {
            return .bad(
                "Cloudflare zone", "no zone that the token can see holds \(hostname)",
                remedy: "Add the domain to Cloudflare, or grant the token Zone › Zone: Read on it.")
        }
        return .bad(
            "Cloudflare zone", "\(name), which holds \(hostname), is \(status)",
            remedy: "Enter Cloudflare's name servers at the domain's registrar, and wait until the "
                + "zone is active.")
    }

    private func certificates(for desired: [Resource]) async throws -> [Finding] {
        let purpose = Purpose(
            action: "list the origin certificates", address: nil,
            permission: OriginCertificates.permission)
        let hostnames = desired.filter { $0.address.kind == OriginCertificates.kind }
            .flatMap { $0["hostnames"]?.list ?? [] }.compactMap(\.string)
        return try await purpose.run {
            try await directory.zones(of: hostnames).concurrentMap { zone in
                _ = try await api.get("/certificates?zone_id=\(zone.id.percentEncoded)")
                return .good("Cloudflare certificates", "\(zone.name) shows those for origins")
            }
        }
    }

    private func tunnels(for hostnames: [String]) async throws -> [Finding] {
        let purpose = Purpose(
            action: "list the tunnels", address: nil, permission: Tunnels.permission)
        var accounts: Set<String> = []
        for hostname in hostnames {
            if let zone = try await directory.find(hostname) { accounts.insert(zone.accountID) }
        }
        for account in accounts.sorted() {
            try await purpose.run {
                _ = try await api.get(
                    "/accounts/\(account.percentEncoded)/cfd_tunnel?is_deleted=false&per_page=1")
            }
        }
        return accounts.sorted().map { .good("Cloudflare tunnels", "account \($0) shows them") }
    }
}
