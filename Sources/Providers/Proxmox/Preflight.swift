import Resources

/// What `launch doctor` learns of a Proxmox VE without changing anything.
package struct ProxmoxPreflight: Hashable, Sendable {
    /// `9.1`
    package let version: String
    /// What this version is too old for: "containers need 9.1 or later".
    package let limitations: [String]
    /// Privileges that the token lacks: "VM.Allocate on /vms".
    package let missingPrivileges: [String]
}

extension ProxmoxProvider {
    /// Where each privilege is needed by `proxmox.vm` and `proxmox.lxc`.
    private static func privileges(
        storage: String, imageStorage: String
    ) -> [(path: String, privileges: [String])] {
        [
            (
                "/vms",
                [
                    "VM.Allocate", "VM.Audit", "VM.Config.CDROM", "VM.Config.CPU",
                    "VM.Config.Disk", "VM.Config.HWType", "VM.Config.Memory",
                    "VM.Config.Network", "VM.Config.Options", "VM.PowerMgmt",
                ]
            ),
            ("/storage/\(storage)", ["Datastore.AllocateSpace", "Datastore.Audit"]),
            ("/storage/\(imageStorage)", ["Datastore.AllocateTemplate", "Datastore.Audit"]),
            ("/nodes", ["Sys.AccessNetwork"]),
            ("/sdn/zones/localnetwork", ["SDN.Use"]),
        ]
    }

    /// Reaches the server, and asks for its version and for what the token may do.
    package func preflight(storage: String, imageStorage: String) async throws -> ProxmoxPreflight {
        try await explaining("look at Proxmox VE", nil) {
            let version = try await api.version()
            let granted = try await api.get("/access/permissions")
            let missing = Self.privileges(storage: storage, imageStorage: imageStorage)
                .flatMap { path, privileges in
                    let here = Self.effective(granted, at: path)
                    return privileges.filter { !here.contains($0) }.map { "\($0) on \(path)" }
                }
            let limitations = [(GuestType.qemu, "VMs"), (.lxc, "containers")]
                .filter { version < $0.0.minimumVersion }
                .map { "\($0.1) need \($0.0.minimumVersion) or later" }
            return ProxmoxPreflight(
                version: version.description, limitations: limitations, missingPrivileges: missing)
        }
    }

    /// What holds at `path`: the nearest entry at it or above it, above it only what propagates.
    private static func effective(_ granted: Value, at path: String) -> Set<String> {
        var place = path
        while true {
            if let entry = granted[place]?.object {
                return Set(entry.filter { place == path || $0.value.integer != 0 }.keys)
            }
            guard place != "/" else { return [] }
            let parent = place.split(separator: "/").dropLast().joined(separator: "/")
            place = "/" + parent
        }
    }
}
