import AWS
import Foundation
import Proxmox
import Resources
import Services

/// What machines tell of their boot: an EC2 instance on its console, a Proxmox VM in a note that
/// its guest agent reads out. A container has nothing that its API could show.
struct BootAccounts {
    /// The lines of one machine, and why there are none.
    struct Account: Hashable {
        var lines: [String] = []
        var silence: String
    }

    let shelf: ProviderShelf

    /// - Parameter machine: its id.
    /// - Throws: `CancellationError`
    func account(of service: ServiceSpec, machine: String) async throws -> Account {
        switch (service.target, service.guest) {
        case (.aws, _):
            return try await account("its console says nothing yet") {
                try await (try shelf.provider(.aws) as? AWSProvider)?.consoleOutput(of: machine)
            }
        case (.proxmox, .vm):
            return try await account("its guest agent says nothing yet") {
                try await (try shelf.provider(.proxmox) as? ProxmoxProvider)?.bootLog(of: machine)
            }
        case (.proxmox, .lxc): return Account(silence: "a container's console cannot be read")
        }
    }

    private func account(
        _ silence: String, _ read: () async throws -> String?
    ) async throws -> Account {
        do {
            let lines = (try await read() ?? "").split(whereSeparator: \.isNewline)
            return Account(
                lines: lines.map { $0.trimmingCharacters(in: .whitespaces) }, silence: silence)
        } catch let error as ProviderError {
            guard case .forbidden(let permission) = error.reason else {
                return Account(silence: silence)
            }
            return Account(
                silence: "the credentials may not read its words"
                    + (permission.map { ": they lack \($0)" } ?? ""))
        }
    }
}
