import HTTP
import Resources

import Foundation

/// Proxmox VE's API on a cluster, reached with one API token.
///
/// It is as strict as the server is: see `docs` of `pve-http-server` and `PVE::JSONSchema`.
package final class SimulatedProxmox: SimulatedVendor {
    unowned let core: WorldCore
    let version: PVEVersion
    let tasks: PVETasks
    var guests: [Int: PVEGuest] = [:]
    var volumes = PVEVolumes()
    /// The same on all nodes.
    package var storages = PVEStorage.fresh
    /// Privileges that the token has lost: calls that need one fail with 403.
    package var revoked: Set<String> = []
    /// Whether nodes reach the publishers of images.
    package var hasInternet = true
    /// The container templates that Proxmox offers.
    package var templates = PublishedImage.templates
    var clusterFirewall = PVEFirewall()
    var highAvailability = PVEHighAvailability()
    /// Comments by pool.
    var pools: [String: String] = [:]
    private let secret: String

    private static let host = "pve.example.com:8006"
    private static let tokenName = "launch@pve!ci"

    init(_ core: WorldCore) {
        self.core = core
        version = PVEVersion(core.configuration.proxmoxVersion)
        tasks = PVETasks(core, user: Self.tokenName)
        secret = core.random.pveUUID()
    }

    var nodes: [String] { core.configuration.proxmoxNodes }
    var sortedGuests: [PVEGuest] { guests.values.sorted { $0.vmid < $1.vmid } }

    var environment: [String: String] {
        [
            "PROXMOX_VE_ENDPOINT": "https://\(Self.host)",
            "PROXMOX_VE_API_TOKEN": "\(Self.tokenName)=\(secret)",
        ]
    }

    /// Guests, disks that no guest uses, and ISO images; images to install from are shared caches.
    var inventory: [String: Int] {
        let used = Set(
            guests.values.flatMap { guest in guest.volumes.values.map { [guest.node, $0] } })
        let unused = volumes.all.filter { $0.owner != nil && !used.contains([$0.node, $0.id]) }
        return [
            "proxmox vm": guests.values.filter { $0.kind == .qemu }.count,
            "proxmox container": guests.values.filter { $0.kind == .lxc }.count,
            "proxmox volume": unused.count,
            "proxmox iso": volumes.all.filter { $0.content == "iso" }.count,
        ].filter { $0.value > 0 }
    }

    func serves(_ request: SimulatedRequest) -> Bool { request.host == Self.host }

    func answer(_ request: SimulatedRequest, fault: VendorFault?) -> HTTPResponse {
        do {
            try authenticate(request)
            return try carryOut(request, fault)
        } catch {
            return .pve(error as? PVEFailure ?? PVEFailure("\(error)"), version: version)
        }
    }

    /// The header's value is percent-decoded; a space may follow `PVEAPIToken`.
    private func authenticate(_ request: SimulatedRequest) throws {
        guard let header = request.header("Authorization") else {
            throw PVEFailure(401, "No ticket")
        }
        let value = header.percentDecoded
        guard value.hasPrefix("PVEAPIToken") else { throw PVEFailure(401, "No ticket") }
        let token = value.dropFirst("PVEAPIToken".count).drop { $0 == "=" || $0 == " " }
        let parts = token.split(separator: "=", maxSplits: 1).map(String.init)
        guard parts.first == Self.tokenName else {
            throw PVEFailure(401, "no such token '\(parts.first ?? "")'")
        }
        guard parts.last == secret else { throw PVEFailure(401, "invalid token value!") }
    }

    private func carryOut(_ request: SimulatedRequest, _ fault: VendorFault?) throws -> HTTPResponse
    {
        let components = request.path.split(separator: "/").map { String($0).percentDecoded }
        let path = components.dropFirst(2)
        guard components.starts(with: ["api2", "json"]),
            let (endpoint, inPath) = PVEEndpoint.find(request.method, Array(path), in: version)
        else { throw PVEFailure.notImplemented(request.method, "/" + path.joined(separator: "/")) }
        let (sent, file) = try PVERequestReader(version: version).read(
            request, isUpload: endpoint.path.last == "upload")
        let arguments = try endpoint.checked(sent, inPath: inPath, version: version)
        try authorise(endpoint, arguments)
        if fault == .throttled, request.method != "GET" {
            let file = arguments["vmid"] ?? arguments["storage"] ?? "file"
            throw PVEFailure("can't lock file '/var/lock/pve-manager/\(file).lock' - got timeout")
        }
        let call = PVECall(endpoint: endpoint, arguments: arguments, file: file, fault: fault)
        let data = try endpoint.action(self, call)
        return endpoint.isPaged ? page(data, arguments) : .pve(data)
    }

    private func authorise(_ endpoint: PVEEndpoint, _ arguments: PVEArguments) throws {
        if let node = arguments["node"], !nodes.contains(node) {
            throw PVEFailure("hostname lookup '\(node)' failed - failed to get address info")
        }
        if let node = arguments["node"], highAvailability.failedNodes.contains(node) {
            throw PVEFailure(595, "No route to host")
        }
        guard let privilege = endpoint.privilege else { return }
        var path = privilege.path
        for name in ["node", "vmid", "storage"] {
            path = path.replacingOccurrences(of: "{\(name)}", with: arguments[name] ?? "")
        }
        try require(privilege.name, on: path)
    }

    /// 50 rows unless the caller wants more; 0 stands for all.
    private func page(_ data: Value, _ arguments: PVEArguments) -> HTTPResponse {
        let rows = data.list ?? []
        let limit = arguments.integer("limit") ?? core.configuration.pageSize ?? 50
        let page = rows.dropFirst(arguments.integer("start") ?? 0).prefix(limit == 0 ? .max : limit)
        return .pve(.list(Array(page)), beside: ["total": .integer(rows.count)])
    }

    /// - Throws: `PVEFailure` when the guest is not on that node, or is of another kind.
    func guest(_ call: PVECall) throws -> PVEGuest {
        let kind: PVEGuest.Kind = call.endpoint.path.contains("qemu") ? .qemu : .lxc
        guard let guest = guests[call.vmid], guest.node == call.node, guest.kind == kind else {
            throw PVEFailure.missing(call.vmid, kind, on: call.node)
        }
        return guest
    }

    /// The same, and no worker holds the guest's lock.
    func unlockedGuest(_ call: PVECall) throws -> PVEGuest {
        let guest = try guest(call)
        if let lock = guest.lock {
            throw PVEFailure("\(guest.kind == .qemu ? "VM" : "CT") is locked (\(lock))")
        }
        return guest
    }
}

extension SimulatedProxmox {
    /// The kinds of the tasks so far, in order: `qmcreate`, `qmstart`…
    package var taskTypes: [String] { tasks.all.map(\.type) }

    /// VMIDs of all guests.
    package var vmids: [Int] { sortedGuests.map(\.vmid) }

    /// The configuration of a guest, with what waits for its next start.
    package func configuration(of vmid: Int) -> [String: String]? { guests[vmid]?.merged }

    /// Turns the firewall of the whole cluster on, as only an operator may.
    package func turnClusterFirewallOn() { clusterFirewall.options["enable"] = "1" }

    /// Changes or unsets an option behind Launch's back, at once.
    package func change(_ option: String, to value: String?, of vmid: Int) {
        guard let guest = guests[vmid] else { return }
        guest.config[option] = value
        guest.pending[option] = nil
        // A container's options are written without a worker.
        if guest.kind == .qemu { tasks.note("qmconfig", of: guest) }
    }

    /// Moves a guest with its disks to another node behind Launch's back.
    package func migrate(_ vmid: Int, to node: String) {
        guard let guest = guests[vmid] else { return }
        for id in guest.volumes.values {
            guard var volume = volumes[id, on: guest.node], volume.owner != nil else { continue }
            forget([volume])
            volume.node = node
            volumes[id, on: node] = volume
        }
        guest.node = node
    }

    /// Pulls a guest's plug behind Launch's back. High availability puts it in again.
    package func pullPlug(of vmid: Int) {
        guard let guest = guests[vmid] else { return }
        powerOff(guest)
        tasks.note(guest.taskType("stop"), of: guest)
        core.schedule(after: PVEHighAvailability.round) { [self] in fulfil(guest) }
    }

    /// Destroys a guest with its disks behind Launch's back.
    package func destroy(_ vmid: Int) {
        guard let guest = guests[vmid] else { return }
        remove(guest, withUnreferencedDisks: true)
        tasks.note(guest.taskType("destroy"), of: guest)
    }
}
