import Resources
import Services

extension ProxmoxProvider {
    /// What a VM has noted of its boot, read by its guest agent.
    ///
    /// <https://pve.proxmox.com/pve-docs/api-viewer/#/nodes/{node}/qemu/{vmid}/agent/file-read>
    /// - Throws: `ProviderError`: `.forbidden` without `VM.GuestAgent.FileRead` (before 9.0
    ///   `VM.Monitor`), and another as long as there is no agent or no note.
    package func bootLog(of machine: String) async throws -> String {
        try await explaining("read the notes of \(machine)", nil) {
            guard let id = Int(machine), let (guest, _) = try await guests.find(id),
                guest.type == .qemu
            else { throw ProxmoxFailure(.notFound, "there is no VM \(machine)") }
            let answer = try await api.get(
                "\(guest.path)/agent/file-read", ["file": Seed.bootLog])
            return answer["content"]?.string ?? ""
        }
    }
}
