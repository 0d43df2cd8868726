import Resources

import Synchronization

/// The life of VMs and containers.
struct Guests: Sendable {
    let api: ProxmoxAPI
    let tasks: TaskFollower
    let operations: GuestOperations
    let slots: Slots
    let digests: any Digesting
    let buildSeedImage: @Sendable ([String: [UInt8]]) throws -> [UInt8]
    let checksums: KnownChecksums
    /// Identifiers whose creation this process is at, with its mark not yet to be seen.
    let inFlight: IdentifiersInFlight
    let places = GuestPlaces()
    let placement = Placement()

    /// How many guests may be made at once on one storage: more wait for its lock in vain.
    static let createsPerStorage = 3

    func observe(_ guest: Guest, at address: Address) async throws -> ObservedResource {
        async let configuration = api.configuration(of: guest)
        async let status = api.status(of: guest)
        return try await reading(guest, status: status, configuration).observed(at: address)
    }

    /// The guest of that identifier, if it is still there and still bears the address's mark. An
    /// identifier that became free may be another project's by now.
    func owned(_ observed: ObservedResource) async throws -> Guest? {
        guard let id = Int(observed.id), let (guest, configuration) = try await find(id),
            guest.type.kind == observed.address.kind,
            isMarked(
                configuration, for: observed.address,
                of: observed["owner"]?["project"]?.string)
        else { return nil }
        return guest
    }

    /// Every guest of the cluster that the token may see.
    func list() async throws -> [Guest] {
        let guests = try await api.guests()
        places.remember(guests)
        return guests
    }

    /// Where the guest is now, and its options; `nil` when it is gone.
    ///
    /// The whole cluster is asked only when the guest does not answer where it was last seen:
    /// people and Proxmox's high availability move guests.
    func find(_ id: Int) async throws -> (Guest, GuestConfiguration)? {
        if let guest = places[id] {
            do {
                return (guest, try await api.configuration(of: guest))
            } catch is ProxmoxFailure {
                places.forget(id)
            }
        }
        guard let guest = try await list().first(where: { $0.id == id }),
            let configuration = try await readable(guest)
        else { return nil }
        return (guest, configuration)
    }

    /// By the notes; when people edited them away, by the tags.
    func isMarked(
        _ configuration: GuestConfiguration, for address: Address, of project: String?
    ) -> Bool {
        configuration.isMarked(as: address.service, of: project)
            && configuration.mark.map { $0.address == address } ?? true
    }

    /// `nil` when the guest has gone since it was listed.
    func readable(_ guest: Guest) async throws -> GuestConfiguration? {
        do {
            return try await api.configuration(of: guest)
        } catch let failure as ProxmoxFailure where failure.reason == .notFound {
            return nil
        }
    }

    func store(_ node: String, _ storage: String) -> ImageStore {
        ImageStore(
            api: api, tasks: tasks, slots: slots, digests: digests, checksums: checksums,
            node: node, storage: storage)
    }

    /// Brings an existing guest to `desired`: options, disks, a restart where options wait for
    /// one, and switched on or off.
    func update(_ observed: ObservedResource, to desired: Resource) async throws -> ObservedResource
    {
        guard let guest = try await owned(observed) else {
            throw ProxmoxFailure(
                .notFound, "guest \(observed.id) is gone, or is no longer Launch's")
        }
        // What an earlier run began may be under way.
        try await operations.settle(guest, for: desired.address)
        let touched = try await align(guest, with: desired)
        try await applyPending(touched, of: guest, for: desired.address)
        try await power(guest, as: desired)
        try await awaitAddress(of: guest, desired)
        return try await observe(guest, at: desired.address)
    }

    /// - Returns: the options that were changed.
    @discardableResult
    func align(_ guest: Guest, with desired: Resource) async throws -> Set<String> {
        let address = desired.address
        var touched: Set<String> = []
        try await operations.change(guest, for: address) { configuration in
            let changes = try GuestChanges(guest, desired, configuration).parameters()
            touched.formUnion(changes.keys)
            return changes
        }
        for (field, disk) in [("disk", guest.type.rootDisk), ("data_disk", guest.type.dataDisk)] {
            guard let size = desired[field]?.integer else { continue }
            try await operations.grow(disk, to: size, of: guest, for: address)
        }
        return touched
    }

    private func applyPending(
        _ touched: Set<String>, of guest: Guest, for address: Address
    ) async throws {
        guard !touched.isEmpty, try await api.status(of: guest) == "running" else { return }
        for _ in 1...3 {
            let waiting = try await api.configuration(of: guest).pending.keys
            guard waiting.contains(where: touched.contains) else { return }
            tasks.progress.progress(address, "restarting")
            try await operations.restart(guest, for: address)
        }
        throw ProxmoxFailure(.failed, "options still wait for a restart after restarting")
    }

    private func power(_ guest: Guest, as desired: Resource) async throws {
        switch desired["running"]?.boolean {
        case true?: try await operations.start(guest, for: desired.address)
        case false?: try await operations.shutDown(guest, for: desired.address)
        case nil: return
        }
    }

    func delete(_ observed: ObservedResource) async throws {
        guard let guest = try await owned(observed) else { return }
        try await operations.settle(guest, for: observed.address)
        guard let configuration = try await readable(guest) else { return }
        try requireUnprotected(configuration, guest)
        let address = observed.address
        try await operations.shutDown(guest, for: address)
        if guest.type == .qemu { try await removeSeed(of: guest, for: address) }
        try await operations.destroy(guest, for: address)
    }
}

/// Identifiers that were taken and whose guests do not show whose they are yet.
final class IdentifiersInFlight: Sendable {
    private let identifiers = Mutex<Set<Int>>([])

    func insert(_ id: Int) { _ = identifiers.withLock { $0.insert(id) } }
    func remove(_ id: Int) { _ = identifiers.withLock { $0.remove(id) } }
    func contains(_ id: Int) -> Bool { identifiers.withLock { $0.contains(id) } }
}
