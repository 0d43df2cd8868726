package import Resources

/// How long a service is down, as a rule, while its machine changes: from the moment it stops
/// answering until its system is up again.
///
/// Rough figures for a small Linux machine, so that a person can choose the hour; nobody promises
/// them. `docs/downtime.md` says step by step what they are made of.
package struct Downtime: Hashable, Sendable {
    /// Stopped, changed and started.
    package let restart: Duration
    /// Removed and made anew, with everything that a first boot installs.
    package let replacement: Duration

    /// `nil` for a kind that is no machine.
    package static func usual(for kind: KindName) -> Downtime? {
        switch (kind.provider, kind.name) {
        case (.aws, "instance"): Downtime(restart: .seconds(120), replacement: .seconds(300))
        case (.proxmox, "vm"): Downtime(restart: .seconds(60), replacement: .seconds(300))
        case (.proxmox, "lxc"): Downtime(restart: .seconds(20), replacement: .seconds(180))
        default: nil
        }
    }
}

extension Change {
    /// How long the service is down for it, as a rule; `nil` when it stays up, or goes for good.
    package var expectedDowntime: Duration? {
        switch action {
        case .update where restarts: Downtime.usual(for: address.kind)?.restart
        case .replace: Downtime.usual(for: address.kind)?.replacement
        default: nil
        }
    }
}
