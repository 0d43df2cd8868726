package import Resources

import Foundation

/// The account's tunnels, also those that were deleted: they stay in lists.
package final class SimulatedTunnels {
    private struct Tunnel {
        let id: String
        var name: String
        let isRemote: Bool
        let secret: String
        let createdAt: Date
        var deletedAt: Date?
        var configuration: Value = .null
        var version = 0
        /// True while cloudflared runs; it reconnects whatever is cleaned up.
        var hasConnector = false
        /// True while connections are tracked, which outlives the connector.
        var isTracked = false

        var hasRun = false

        var status: String { hasConnector ? "healthy" : hasRun ? "down" : "inactive" }
    }

    private unowned let core: WorldCore
    private let accountID: String
    private let audit: SimulatedAuditLog
    private var tunnels: [Tunnel] = []

    init(_ core: WorldCore, accountID: String, audit: SimulatedAuditLog) {
        self.core = core
        self.accountID = accountID
        self.audit = audit
    }

    var liveCount: Int { tunnels.count { $0.deletedAt == nil } }

    func answer(
        _ request: SimulatedRequest, _ segments: [String]
    ) throws -> SimulatedCloudflare.Result {
        guard let id = segments.first else {
            switch request.method {
            case "GET": return .init(try page(request.parameters))
            case "POST": return .init(try add(try request.fields))
            default: throw CloudflareRefusal.noRoute
            }
        }
        guard let index = tunnels.firstIndex(where: { $0.id == id }) else { throw Self.notFound }
        switch (request.method, segments.dropFirst().first, segments.count) {
        case ("GET", nil, 1): return .init(value(tunnels[index]))
        case ("PATCH", nil, 1): return .init(try rename(index, try request.fields))
        case ("DELETE", nil, 1): return .init(try remove(index))
        case ("GET", "configurations", 2): return .init(configuration(index))
        case ("PUT", "configurations", 2):
            return .init(try configure(index, try request.fields))
        case ("GET", "connections", 2):
            return .init(.list(tunnels[index].isTracked ? [connection(tunnels[index])] : []))
        case ("DELETE", "connections", 2):
            tunnels[index].isTracked = tunnels[index].hasConnector
            return .init(.null)
        case ("GET", "token", 2): return .init(.string(token(tunnels[index])))
        default: throw CloudflareRefusal.noRoute
        }
    }

    private static let notFound = CloudflareRefusal(404, 1003, "Tunnel not found")
}

// MARK: - Traffic

extension SimulatedTunnels {
    /// Where a live tunnel brings requests for a host; `nil` when there is no such tunnel. In a rule
    /// `*` stands for any number of labels.
    ///
    /// <https://developers.cloudflare.com/tunnel/advanced/local-management/configuration-file/>
    func route(
        _ id: String, host: String
    ) -> (isConnected: Bool, hasRule: Bool)? {
        guard let tunnel = tunnels.first(where: { $0.id == id && $0.deletedAt == nil }) else {
            return nil
        }
        let rules = tunnel.configuration["ingress"]?.list ?? []
        let rule = rules.first { rule in
            guard let name = rule["hostname"]?.string else { return false }
            return name == host || (name.hasPrefix("*.") && host.hasSuffix(name.dropFirst()))
        }
        return (tunnel.hasConnector, rule != nil)
    }
}

// MARK: - Endpoints

extension SimulatedTunnels {
    private func page(_ parameters: [String: String]) throws -> CloudflarePage {
        let found = tunnels.filter { tunnel in
            let isDeleted = String(tunnel.deletedAt != nil)
            return parameters["is_deleted"] ?? isDeleted == isDeleted
                && parameters["name"] ?? tunnel.name == tunnel.name
                && parameters["uuid"] ?? tunnel.id == tunnel.id
                && parameters["status"] ?? tunnel.status == tunnel.status
                && parameters["include_prefix"].map(tunnel.name.hasPrefix) ?? true
                && !(parameters["exclude_prefix"].map(tunnel.name.hasPrefix) ?? false)
        }
        return try CloudflarePage(
            of: found.map(value), parameters, sizes: 1...1000, usual: 20,
            cap: core.configuration.pageSize)
    }

    private func add(_ fields: [String: Value]) throws -> Value {
        let name = try checkedName(fields["name"], for: nil)
        let source = fields["config_src"] ?? "local"
        guard source == "local" || source == "cloudflare" else {
            throw CloudflareRefusal(400, 1001, "Invalid config_src")
        }
        if let secret = fields["tunnel_secret"] {
            let bytes = secret.string.flatMap { Data(base64Encoded: $0) }
            guard bytes?.count ?? 0 >= 32 else {
                throw CloudflareRefusal(400, 1011, "Tunnel secret must be at least 32 bytes")
            }
        }
        let secret = fields["tunnel_secret"]?.string ?? core.random.hexadecimal(64)
        let tunnel = Tunnel(
            id: core.random.uuid(), name: name, isRemote: source == "cloudflare", secret: secret,
            createdAt: core.now)
        tunnels.append(tunnel)
        let credentials: Value = [
            "AccountTag": .string(accountID), "TunnelID": .string(tunnel.id),
            "TunnelName": .string(name), "TunnelSecret": .string(secret),
        ]
        let more = ["token": .string(token(tunnel)), "credentials_file": credentials]
        return .object((value(tunnel).object ?? [:]).merging(more) { own, _ in own })
    }

    private func checkedName(_ value: Value?, for id: String?) throws -> String {
        guard let name = value?.string, !name.isEmpty, name.count <= 100 else {
            throw CloudflareRefusal(400, 1002, "Tunnel name is required")
        }
        guard !tunnels.contains(where: { $0.name == name && $0.deletedAt == nil && $0.id != id })
        else { throw CloudflareRefusal(409, 1013, "You already have a tunnel with this name.") }
        return name
    }

    private func rename(_ index: Int, _ fields: [String: Value]) throws -> Value {
        guard tunnels[index].deletedAt == nil else { throw Self.notFound }
        tunnels[index].name = try checkedName(fields["name"], for: tunnels[index].id)
        return value(tunnels[index])
    }

    private func remove(_ index: Int) throws -> Value {
        guard tunnels[index].deletedAt == nil else { throw Self.notFound }
        guard !tunnels[index].isTracked else {
            throw CloudflareRefusal(
                400, 1022,
                "Tunnel has active connections. Run `cleanup` before deleting it.")
        }
        tunnels[index].deletedAt = core.now
        return value(tunnels[index])
    }

    private func configuration(_ index: Int) -> Value {
        let tunnel = tunnels[index]
        return [
            "account_id": .string(accountID), "tunnel_id": .string(tunnel.id),
            "version": .integer(tunnel.version), "config": tunnel.configuration,
            "source": tunnel.isRemote ? "cloudflare" : "local",
            "created_at": tunnel.createdAt.timestamp,
        ]
    }

    private func configure(_ index: Int, _ fields: [String: Value]) throws -> Value {
        guard tunnels[index].deletedAt == nil else { throw Self.notFound }
        guard tunnels[index].isRemote else {
            throw CloudflareRefusal(400, 1055, "The tunnel is configured on its own machine.")
        }
        guard let config = fields["config"]?.object else {
            throw CloudflareRefusal(400, 1056, "Bad Configuration: config is missing")
        }
        if let rules = config["ingress"] { try Self.check(rules) }
        tunnels[index].configuration = .object(config)
        tunnels[index].version += 1
        return configuration(index)
    }

    /// Every rule but the last has a hostname or a path; the last matches everything.
    private static func check(_ rules: Value) throws {
        guard let rules = rules.list, let last = rules.last else {
            throw CloudflareRefusal(400, 1056, "Bad Configuration: there are no ingress rules")
        }
        for rule in rules {
            guard let service = rule["service"]?.string,
                service.hasPrefix("http_status:") || service.contains("://")
            else {
                throw CloudflareRefusal(400, 1056, "Bad Configuration: a rule has no valid service")
            }
        }
        func isCatchAll(_ rule: Value) -> Bool {
            (rule["hostname"]?.string ?? "").isEmpty && (rule["path"]?.string ?? "").isEmpty
        }
        guard isCatchAll(last), !rules.dropLast().contains(where: isCatchAll) else {
            throw CloudflareRefusal(
                400, 1056,
                "Bad Configuration: the last ingress rule, and no other, must match all URLs")
        }
    }
}

// MARK: - What is shown

extension SimulatedTunnels {
    private func value(_ tunnel: Tunnel) -> Value {
        [
            "id": .string(tunnel.id), "account_tag": .string(accountID),
            "name": .string(tunnel.name), "created_at": tunnel.createdAt.timestamp,
            "deleted_at": tunnel.deletedAt?.timestamp ?? .null, "status": .string(tunnel.status),
            "tun_type": "cfd_tunnel", "remote_config": .boolean(tunnel.isRemote),
            "config_src": tunnel.isRemote ? "cloudflare" : "local", "metadata": [:],
            "conns_active_at": .null, "conns_inactive_at": tunnel.createdAt.timestamp,
            "connections": tunnel.isTracked ? [connection(tunnel)] : [],
        ]
    }

    private func connection(_ tunnel: Tunnel) -> Value {
        [
            "id": .string(tunnel.id), "colo_name": "FRA",
            "is_pending_reconnect": .boolean(!tunnel.hasConnector),
            "opened_at": tunnel.createdAt.timestamp,
        ]
    }

    /// What `cloudflared tunnel run --token` takes: base64 of a small JSON document.
    private func token(_ tunnel: Tunnel) -> String {
        let document =
            "{\"a\":\"\(accountID)\",\"t\":\"\(tunnel.id)\",\"s\":\"\(tunnel.secret)\"}"
        return Data(document.utf8).base64EncodedString()
    }
}

// MARK: - Behind Launch's back

extension SimulatedTunnels {
    /// Adds a tunnel as somebody else would.
    package func add(named name: String, isRemote: Bool = true) {
        let source: Value = isRemote ? "cloudflare" : "local"
        _ = try? add(["name": .string(name), "config_src": source])
    }

    /// Deletes the live tunnel of that name, whatever is connected.
    package func remove(named name: String) {
        for index in tunnels.indices where tunnels[index].name == name {
            tunnels[index].deletedAt = tunnels[index].deletedAt ?? core.now
            audit.note("delete", path(of: tunnels[index]))
        }
    }

    /// Gives the live tunnel of that name another one.
    package func rename(_ name: String, to newName: String) {
        for index in tunnels.indices
        where tunnels[index].name == name && tunnels[index].deletedAt == nil {
            tunnels[index].name = newName
            audit.note("update", path(of: tunnels[index]))
        }
    }

    /// Replaces the rules of the tunnel of that name.
    package func setConfiguration(_ configuration: Value, ofTunnelNamed name: String) {
        for index in tunnels.indices where tunnels[index].name == name {
            tunnels[index].configuration = configuration
            tunnels[index].version += 1
            audit.note("update", path(of: tunnels[index]) + "/configurations")
        }
    }

    private func path(of tunnel: Tunnel) -> String {
        "/accounts/\(accountID)/cfd_tunnel/\(tunnel.id)"
    }

    /// Starts or stops cloudflared; after a stop its connections stay tracked until cleaned up.
    package func setConnector(running: Bool, ofTunnelNamed name: String) {
        for tunnel in tunnels where tunnel.name == name {
            setConnector(running: running, ofTunnel: tunnel.id)
        }
    }

    func setConnector(running: Bool, ofTunnel id: String) {
        guard let index = tunnels.firstIndex(where: { $0.id == id }) else { return }
        tunnels[index].hasConnector = running
        if running {
            tunnels[index].isTracked = true
            tunnels[index].hasRun = true
        }
    }

    /// The live tunnel of that name.
    func id(named name: String) -> String? {
        tunnels.first { $0.name == name && $0.deletedAt == nil }?.id
    }

    /// Every live tunnel as the API shows it, with its configuration.
    package var live: [(tunnel: Value, configuration: Value)] {
        tunnels.filter { $0.deletedAt == nil }.map { (value($0), $0.configuration) }
    }
}
