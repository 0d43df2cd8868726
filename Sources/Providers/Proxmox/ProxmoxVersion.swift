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
}

extension ProxmoxAPI {
    func version() async throws -> ProxmoxVersion {
        let answer = try await get("/version")
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
        let what = type == .qemu ? "VMs" : "containers"
        throw ProxmoxFailure(
            .unsupported,
            "this is Proxmox VE \(version); \(what) need \(type.minimumVersion) or later",
            remedy: type == .lxc
                ? "Update Proxmox VE, or set `guest: vm`." : "Update Proxmox VE.")
    }
}
