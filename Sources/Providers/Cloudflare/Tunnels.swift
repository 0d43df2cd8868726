import HTTP
import Resources

import Foundation

/// The verbs for `cloudflare.tunnel`.
///
/// A tunnel has no place for a mark: it is ours by its name, `launch-<project>-<service>`. Where
/// that can be read in two ways (project `a` with `b-c`, project `a-b` with `c`), the projects
/// need different accounts.
struct Tunnels: Sendable {
    let api: CloudflareAPI
    let zones: ZoneDirectory
    /// `CLOUDFLARE_ACCOUNT_ID`; without it the account is that of the hostname's zone.
    let accountID: String?
    let time: any TimeSource
    let progress: any ProgressSink
    /// How long a deletion waits for connections to be forgotten.
    let patience: Duration

    static let kind = KindName(.cloudflare, "tunnel")

    static func name(project: String, service: String) -> String { "launch-\(project)-\(service)" }
    static let permission = "Account › Cloudflare Tunnel: Edit"

    /// The project's tunnels: one list, and then one read for each tunnel in scope, because no
    /// list of Cloudflare's shows the rules.
    func observe(_ scope: Scope, hostnames: Set<String>) async throws -> [ObservedResource] {
        let purpose = purpose("list the tunnels", nil)
        return try await purpose.run {
            guard let account = try await account(for: hostnames.sorted()) else { return [] }
            let prefix = "launch-\(scope.project)-"
            let listed = try await api.list(
                path(account), [("is_deleted", "false"), ("include_prefix", prefix)], perPage: 1000)
            let named = listed.compactMap { tunnel -> Found? in
                guard let found = Found(tunnel, account, service: prefix) else { return nil }
                return scope.includes(found.service) ? found : nil
            }
            let renamed = try await renamed(in: scope, beyond: named, account)
            return try await (named + renamed).concurrentMap { found in
                observed(found, try await configuration(of: found))
            }
        }
    }

    func create(_ desired: Resource) async throws -> ObservedResource {
        let purpose = purpose("create the tunnel", desired.address)
        return try await purpose.run {
            let name = desired["name"]?.string ?? ""
            guard let account = try await account(for: hostnames(desired["ingress"])) else {
                throw unknownAccount(purpose)
            }
            let service = desired.address.service
            let (found, isNew) = try await api.settling(orWhen: \.isNameTaken) {
                if let found = try await find(name, account, service: service) {
                    return (found, false)
                }
                let body: Value = ["name": .string(name), "config_src": "cloudflare"]
                let made = try await api.post(path(account), body)
                return (try Found(made, account, of: service).orThrow(purpose), true)
            }
            if found.isLocallyManaged { throw locallyManaged(name, purpose) }
            let present = isNew ? .null : try await configuration(of: found)
            return try await configure(found, present, desired)
        }
    }

    func update(
        _ observed: ObservedResource, to desired: Resource
    ) async throws -> ObservedResource {
        let purpose = purpose("configure the tunnel", desired.address)
        return try await purpose.run {
            let account = try await account(of: observed, purpose)
            let value = try await api.get("\(path(account))/\(observed.id)")
            var found = try Found(value, account, of: desired.address.service).orThrow(purpose)
            if let name = desired["name"]?.string, found.name != name {
                found = try await rename(found, to: name, purpose)
            }
            return try await configure(found, try await configuration(of: found), desired)
        }
    }

    /// The connectors and their token stay.
    ///
    /// <https://developers.cloudflare.com/api/resources/zero_trust/subresources/tunnels/subresources/cloudflared/methods/edit/>
    @discardableResult
    func rename(
        _ found: Found, to name: String, _ purpose: Purpose
    ) async throws -> Found {
        let tunnel = "\(path(found.account))/\(found.id.percentEncoded)"
        let value = try await api.result(.patch, tunnel, ["name": .string(name)])
        return try Found(value, found.account, of: found.service).orThrow(purpose)
    }

    /// What a connector proves itself with, for as long as the tunnel lives.
    ///
    /// <https://developers.cloudflare.com/api/resources/zero_trust/subresources/tunnels/subresources/cloudflared/subresources/token/>
    func token(
        of ephemeral: Ephemeral, project: String, hostnames: Set<String>
    ) async throws -> Secret {
        let purpose = purpose("obtain \(ephemeral.name)", ephemeral.origin)
        return try await purpose.run {
            guard let account = try await account(for: hostnames.sorted()) else {
                throw unknownAccount(purpose)
            }
            let name = Self.name(project: project, service: ephemeral.service)
            guard let found = try await find(name, account, service: ephemeral.service) else {
                throw noToken("there is no tunnel \(name)", purpose)
            }
            guard let token = try await api.get("\(path(account))/\(found.id)/token").string else {
                throw noToken("the answer holds none", purpose)
            }
            return Secret(token)
        }
    }

    /// Removes the tunnel's connections and then the tunnel.
    ///
    /// Cloudflare tracks a connection for minutes after its end, and refuses as long.
    func delete(_ observed: ObservedResource) async throws {
        let purpose = purpose("delete the tunnel", observed.address)
        try await purpose.run {
            let account = try await account(of: observed, purpose)
            let tunnel = "\(path(account))/\(observed.id)"
            let deadline = time.now().addingTimeInterval(
                Double(patience.components.seconds))
            var pause = Duration.seconds(2)
            while true {
                do {
                    _ = try await api.result(.delete, "\(tunnel)/connections")
                    _ = try await api.result(.delete, tunnel)
                    return
                } catch let failure as CloudflareFailure where failure.isNotFound {
                    return
                } catch let failure as CloudflareFailure where failure.hasActiveConnections {
                    guard time.now() < deadline else {
                        throw stillConnected(failure, purpose)
                    }
                    progress.progress(observed.address, "waiting for its connections to end")
                    try await time.sleep(for: pause)
                    pause = min(pause * 2, .seconds(30))
                }
            }
        }
    }
}

// MARK: - Finding

extension Tunnels {
    /// A live tunnel and whose it is.
    struct Found: Sendable {
        let id: String
        let name: String
        let status: String
        let account: String
        let service: String
        let isLocallyManaged: Bool

        init?(_ value: Value, _ account: String, of service: String) {
            guard let id = value["id"]?.string, let name = value["name"]?.string else { return nil }
            self.id = id
            self.name = name
            self.account = account
            self.service = service
            status = value["status"]?.string ?? "inactive"
            isLocallyManaged =
                value["config_src"] == "local" || value["remote_config"] == false
        }

        /// The service is what follows `prefix` in the name.
        init?(_ value: Value, _ account: String, service prefix: String) {
            guard let name = value["name"]?.string, name.hasPrefix(prefix) else { return nil }
            self.init(value, account, of: String(name.dropFirst(prefix.count)))
        }
    }

    func path(_ account: String) -> String {
        "/accounts/\(account.percentEncoded)/cfd_tunnel"
    }

    private func find(
        _ name: String, _ account: String, service: String
    ) async throws -> Found? {
        let query = [("is_deleted", "false"), ("name", name)]
        return try await api.list(path(account), query, perPage: 100)
            .first { $0["name"]?.string == name }
            .flatMap { Found($0, account, of: service) }
    }

    /// Recorded tunnels that a stranger gave another name.
    private func renamed(
        in scope: Scope, beyond named: [Found], _ account: String
    ) async throws -> [Found] {
        let known = Set(named.map(\.id))
        let missing = scope.recorded.filter {
            $0.address.kind == Self.kind && scope.includes($0.address.service)
                && !known.contains($0.id)
        }
        return try await missing.concurrentMap { recorded in
            try await find(recorded.id, account, of: recorded.address.service)
        }.compactMap { $0 }
    }

    func account(for hostnames: [String]) async throws -> String? {
        if let accountID { return accountID }
        for hostname in hostnames {
            if let zone = try await zones.find(hostname) { return zone.accountID }
        }
        return nil
    }

    func account(of observed: ObservedResource, _ purpose: Purpose) async throws -> String {
        if let known = observed["account_id"]?.string { return known }
        guard let account = try await account(for: hostnames(observed["ingress"])) else {
            throw unknownAccount(purpose)
        }
        return account
    }

    func hostnames(_ rules: Value?) -> [String] {
        (rules?.list ?? []).compactMap { $0["hostname"]?.string }.map(canonicalHostname)
    }
}

// MARK: - Configuring

extension Tunnels {
    /// `null` for a tunnel that was never configured.
    func configuration(of found: Found) async throws -> Value {
        try await api.get("\(path(found.account))/\(found.id)/configurations")["config"] ?? .null
    }

    /// Writes the rules, unless they are so already. What Launch does not declare stays.
    private func configure(
        _ found: Found, _ present: Value, _ desired: Resource
    ) async throws -> ObservedResource {
        let field = ResourceKind.cloudflareTunnel["ingress"]
        let wanted = field?.normalised(desired["ingress"]) ?? .null
        if present.isNull || field?.normalised(present["ingress"]) != wanted {
            var document = present.object ?? [:]
            document["ingress"] = Self.merged(wanted, into: present["ingress"])
            let target = "\(path(found.account))/\(found.id)/configurations"
            _ = try await api.result(.put, target, ["config": .object(document)])
        }
        return observed(found, ["ingress": wanted])
    }

    /// The wanted rules, with the origin settings that a rule of the same name and path had.
    private static func merged(_ wanted: Value, into present: Value?) -> Value {
        let old = present?.list ?? []
        return .list(
            (wanted.list ?? []).map { rule in
                let match = old.first {
                    $0["hostname"] == rule["hostname"] && $0["path"] == rule["path"]
                }
                guard let members = rule.object, let settings = match?["originRequest"] else {
                    return rule
                }
                return .object(members.merging(["originRequest": settings]) { own, _ in own })
            })
    }

    func observed(_ found: Found, _ configuration: Value) -> ObservedResource {
        let ingress = ResourceKind.cloudflareTunnel["ingress"]
        return ObservedResource(
            Address(service: found.service, kind: Self.kind), id: found.id,
            attributes: [
                "id": .string(found.id), "name": .string(found.name),
                "status": .string(found.status), "account_id": .string(found.account),
                "ingress": ingress?.normalised(configuration["ingress"]) ?? [],
            ])
    }
}

// MARK: - Failures

extension Tunnels {
    func purpose(_ action: String, _ address: Address?) -> Purpose {
        Purpose(action: action, address: address, permission: Self.permission)
    }

    func unknownAccount(_ purpose: Purpose) -> ProviderError {
        ProviderError(
            .invalid, provider: .cloudflare, address: purpose.address, action: purpose.action,
            detail: "no zone tells which account the tunnel belongs to",
            remedy: "Set CLOUDFLARE_ACCOUNT_ID.")
    }

    private func locallyManaged(_ name: String, _ purpose: Purpose) -> ProviderError {
        ProviderError(
            .conflict, provider: .cloudflare, address: purpose.address, action: purpose.action,
            detail: "a tunnel named \(name) is configured on its own machine",
            remedy: "Delete or rename that tunnel.")
    }

    private func noToken(_ detail: String, _ purpose: Purpose) -> ProviderError {
        ProviderError(
            .notFound, provider: .cloudflare, address: purpose.address, action: purpose.action,
            detail: detail)
    }

    private func stillConnected(
        _ failure: CloudflareFailure, _ purpose: Purpose
    ) -> ProviderError {
        ProviderError(
            .timedOut, provider: .cloudflare, address: purpose.address, action: purpose.action,
            detail: failure.errors.map(\.message).joined(separator: "; "),
            remedy: "Stop cloudflared on the machine, then run it again.")
    }
}

extension Optional {
    /// - Throws: `ProviderError` when Cloudflare's answer lacked the object.
    fileprivate func orThrow(_ purpose: Purpose) throws -> Wrapped {
        if let self { return self }
        throw ProviderError(
            .unavailable, provider: .cloudflare, address: purpose.address, action: purpose.action,
            detail: "the answer lacks the tunnel's id or name")
    }
}
