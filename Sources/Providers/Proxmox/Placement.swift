import Resources

/// Which node a new guest goes to.
enum Placement {
    /// The wished node, or for `auto` the one with the most free memory, the first by name of
    /// equals.
    /// - Parameter rows: `/cluster/resources?type=node`.
    static func node(_ wish: String, among rows: Value) throws -> String {
        let online = (rows.list ?? []).filter { $0["status"]?.string == "online" }
            .compactMap { row in row["node"]?.string.map { (name: $0, free: freeMemory(row)) } }
        if wish != "auto" {
            guard online.contains(where: { $0.name == wish }) else {
                let names = online.map(\.name).sorted().joined(separator: ", ")
                throw ProxmoxFailure(
                    .invalid, "there is no node \"\(wish)\" online",
                    remedy: "Set `targets.proxmox.node` to auto or one of: \(names).")
            }
            return wish
        }
        guard let best = online.max(by: { ($0.free, $1.name) < ($1.free, $0.name) }) else {
            throw ProxmoxFailure(
                .noCapacity, "no node is online that the token may see",
                remedy: "Grant Sys.Audit on /nodes to the token, or start a node.")
        }
        return best.name
    }

    private static func freeMemory(_ row: Value) -> Int {
        (row["maxmem"]?.integer ?? 0) - (row["mem"]?.integer ?? 0)
    }
}

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
