package import Resources

extension ProxmoxProvider {
    /// Looks at everything that new guests need, before the first of them is begun: a guest that
    /// fails half-way leaves work to undo.
    package func preflight(creating desired: [Resource]) async throws {
        let guests = desired.filter { GuestType($0.address.kind) != nil }
        guard let first = guests.first else { return }
        let findings = await examine(for: desired, areNew: true)
        try Task.checkCancellation()
        let firewall = desired.first { $0.address.kind == ResourceKind.proxmoxFirewall.name }
        for finding in findings where finding.grade == .warning {
            let remedy = finding.remedy.map { " \($0)" } ?? ""
            progress.progress((firewall ?? first).address, "\(finding.detail).\(remedy)")
        }
        let faults = findings.filter { $0.grade == .bad }
        guard !faults.isEmpty else { return }
        let isForbidden = faults.contains { $0.subject == Self.tokenSubject }
        throw ProviderError(
            isForbidden ? .forbidden(permission: nil) : .invalid, provider: .proxmox,
            action: "begin with \(guests.map(\.address.description).joined(separator: ", "))",
            detail: faults.map(\.detail).joined(separator: "; "),
            remedy: faults.compactMap(\.remedy).joined(separator: "\n"))
    }
}
