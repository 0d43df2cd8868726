/// The name of one managed object: `<service>/<provider>.<kind>[/<key>]`.
///
/// `librechat/aws.instance`, `librechat/cloudflare.dns_record/librechat.example.com`.
package struct Address: Hashable, Sendable {
    package let service: String
    package let kind: KindName
    /// Tells objects of one kind in one service apart; `nil` when there is only one.
    package let key: String?

    package init(service: String, kind: KindName, key: String? = nil) {
        self.service = service
        self.kind = kind
        self.key = key
    }

    /// Reads the written form; `nil` when it is not one.
    package init?(_ text: String) {
        let parts = text.split(separator: "/", maxSplits: 2, omittingEmptySubsequences: false)
        guard parts.count >= 2, !parts[0].isEmpty, let kind = KindName(String(parts[1])) else {
            return nil
        }
        if parts.count == 3, parts[2].isEmpty { return nil }
        self.init(
            service: String(parts[0]), kind: kind, key: parts.count == 3 ? String(parts[2]) : nil)
    }
}

extension Address {
    /// Stands in place of a service's name for what a project has once. No service has that name.
    package static let projectWide = "_project"

    /// The runner of the same service.
    package var runner: Address { Address(service: service, kind: KindName(.github, "runner")) }

    /// True for what a service's containers run on.
    package var isMachine: Bool { ["instance", "vm", "lxc"].contains(kind.name) }
}

extension Address: CustomStringConvertible {
    package var description: String {
        key.map { "\(service)/\(kind)/\($0)" } ?? "\(service)/\(kind)"
    }
}

extension Address: Comparable {
    package static func < (left: Self, right: Self) -> Bool {
        left.description < right.description
    }
}

/// The name of a kind of object: `aws.instance`, `proxmox.vm`.
package struct KindName: Hashable, Sendable, CustomStringConvertible, Comparable {
    package let provider: ProviderName
    package let name: String

    package init(_ provider: ProviderName, _ name: String) {
        self.provider = provider
        self.name = name
    }

    package init?(_ text: String) {
        let parts = text.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2, !parts[1].isEmpty,
            let provider = ProviderName(rawValue: String(parts[0]))
        else { return nil }
        self.init(provider, String(parts[1]))
    }

    package var description: String { "\(provider.rawValue).\(name)" }

    package static func < (left: Self, right: Self) -> Bool {
        left.description < right.description
    }
}

/// The vendors that Launch talks to.
package enum ProviderName: String, Sendable, Codable, CaseIterable, Comparable {
    case aws, proxmox, cloudflare, github

    package static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }
}
