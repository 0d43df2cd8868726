import Resources

/// `9.1`, of `9.1.2`.
struct ProxmoxVersion: Hashable, Comparable, Sendable, CustomStringConvertible {
    let major: Int
    let minor: Int

    init(major: Int, minor: Int) {
        self.major = major
        self.minor = minor
    }

    init?(_ text: String) {
        let numbers = text.split(separator: ".").prefix(2)
            .map { Int($0.prefix(while: \.isNumber)) }
        guard let major = numbers.first ?? nil else { return nil }
        self.init(major: major, minor: (numbers.count > 1 ? numbers[1] : nil) ?? 0)
    }

    var description: String { "\(major).\(minor)" }

    static func < (left: Self, right: Self) -> Bool {
        (left.major, left.minor) < (right.major, right.minor)
    }
}

extension GuestType {
    /// The first version that can bring such a guest up by the API alone: import from uploaded
    /// content, or `entrypoint` and `env`.
    var minimumVersion: ProxmoxVersion {
        switch self {
        case .qemu: ProxmoxVersion(major: 8, minor: 4)
        case .lxc: ProxmoxVersion(major: 9, minor: 1)
        }
    }

    /// What is asked of the version, and why.
    var requirement: String {
        switch self {
        case .qemu: "VMs need \(minimumVersion) or later, which imports images by its API"
        case .lxc:
            "containers need \(minimumVersion) or later, which gives them `entrypoint` and `env` "
                + "and has lxc-pve 6.0.5-2, for Docker inside"
        }
    }

    var remedyForOldVersion: String {
        self == .qemu ? "Update Proxmox VE." : "Update Proxmox VE, or set `guest: vm`."
    }
}

extension ProxmoxAPI {
    func version() async throws -> ProxmoxVersion { try await version(at: "/version") }

    func version(of node: String) async throws -> ProxmoxVersion {
        try await version(at: "/nodes/\(node)/version")
    }

    private func version(at path: Path) async throws -> ProxmoxVersion {
        let answer = try await get(path)
        let text = answer["version"]?.string ?? answer["release"]?.string ?? ""
        guard let version = ProxmoxVersion(text) else {
            throw ProxmoxFailure(.unsupported, "\"\(text)\" is no version of Proxmox VE")
        }
        return version
    }

    /// - Throws: `ProxmoxFailure` with `.unsupported` on a version that is too old.
    func requireVersion(for type: GuestType) async throws {
        let version = try await version()
        guard version < type.minimumVersion else { return }
        throw ProxmoxFailure(
            .unsupported, "this is Proxmox VE \(version); \(type.requirement)",
            remedy: type.remedyForOldVersion)
    }
}
