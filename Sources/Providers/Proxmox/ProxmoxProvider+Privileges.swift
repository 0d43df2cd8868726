import Resources

extension ProxmoxProvider {
    static let tokenSubject = "Proxmox token"

    /// What the token lacks, with the commands that grant it.
    func privileges(for needs: Needs, on version: ProxmoxVersion) async throws -> [Finding] {
        try await privileges(
            needs.privileges(on: version), wishing: needs.privilegeToSeeBoots(on: version))
    }

    /// - Parameter wish: a privilege on `/vms` that nothing depends on.
    func privileges(
        _ needed: [(path: String, privileges: [String])], wishing wish: String? = nil
    ) async throws -> [Finding] {
        let granted = try await api.get("/access/permissions")
        let token = api.connection.tokenName
        let lacking = needed.compactMap { path, needed -> Finding? in
            let here = Self.effective(granted, at: path)
            let missing = needed.filter { !here.contains($0) }.joined(separator: ", ")
            guard !missing.isEmpty else { return nil }
            return .bad(
                Self.tokenSubject, "\(token) lacks \(missing) on \(path)",
                remedy: Self.grant(here.union(needed).sorted(), on: path, to: token))
        }
        guard lacking.isEmpty else { return lacking }
        let here = Self.effective(granted, at: "/vms")
        let sight = wish.flatMap { wish -> Finding? in
            here.contains(wish)
                ? nil
                : .warning(
                    Self.tokenSubject, "\(token) cannot see how far the first boot of a VM is",
                    remedy: Self.grant(here.union([wish]).sorted(), on: "/vms", to: token))
        }
        return [.good(Self.tokenSubject, "\(token) has every privilege it needs")]
            + [sight].compactMap(\.self)
    }

    /// What holds at `path`: the nearest entry at it or above it, above it only what propagates.
    private static func effective(_ granted: Value, at path: String) -> Set<String> {
        var place = path
        while true {
            if let entry = granted[place]?.object {
                return Set(entry.filter { place == path || $0.value.integer != 0 }.keys)
            }
            guard place != "/" else { return [] }
            place = "/" + place.split(separator: "/").dropLast().joined(separator: "/")
        }
    }

    /// An entry at a path hides those above it, so the role holds what there is as well; and a
    /// token has only what its user has too.
    private static func grant(_ privileges: [String], on path: String, to token: String) -> String {
        let role = "Launch" + path.split(separator: "/").map { "-" + $0 }.joined()
        let user = token.prefix { $0 != "!" }
        return
            "Run on a node: pveum role add \(role) --privs \"\(privileges.joined(separator: " "))"
            + "\" && pveum acl modify \(path) --users \(user) --tokens '\(token)' --roles \(role)"
    }
}
