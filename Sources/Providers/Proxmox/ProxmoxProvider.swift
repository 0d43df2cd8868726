package import HTTP
package import Resources

/// Virtual machines, containers and their firewalls on Proxmox VE, with an API token alone.
package struct ProxmoxProvider: Provider {
    package let name = ProviderName.proxmox
    package static let kinds: [ResourceKind] = [
        .proxmoxVM, .proxmoxContainer, .proxmoxFirewall,
    ]
    package var kinds: [ResourceKind] { Self.kinds }

    let api: ProxmoxAPI
    let progress: any ProgressSink
    let guests: Guests
    let firewalls: Firewalls

    /// How many guests are read at once.
    private static let readers = 16

    /// - Parameter buildSeedImage: makes a NoCloud ISO of files at its root.
    package init(
        _ connection: ProxmoxConnection, client: any HTTPClient, time: any TimeSource,
        random: any RandomSource, digests: any Digesting, progress: any ProgressSink,
        buildSeedImage: @escaping @Sendable ([String: [UInt8]]) throws -> [UInt8]
    ) {
        api = ProxmoxAPI(connection: connection, client: client, time: time, random: random)
        self.progress = progress
        let tasks = TaskFollower(api: api, progress: progress)
        guests = Guests(
            api: api, tasks: tasks, operations: GuestOperations(api: api, tasks: tasks),
            slots: Slots(), digests: digests, buildSeedImage: buildSeedImage,
            checksums: KnownChecksums(), inFlight: IdentifiersInFlight())
        firewalls = Firewalls(api: api, guests: guests)
    }

    /// One list, and per guest in scope its options and its firewall.
    package func observe(_ scope: Scope) async throws -> [ObservedResource] {
        try await explaining("read the guests", nil) {
            let recorded = Dictionary(
                scope.recorded.filter { GuestType($0.address.kind) != nil }.map { ($0.id, $0) },
                uniquingKeysWith: { first, _ in first })
            let candidates = try await guests.list().filter { guest in
                guest.isIn(scope) || recorded[String(guest.id)]?.address.kind == guest.type.kind
            }
            return try await candidates.concurrentMap(atOnce: Self.readers) { guest in
                try await observe(guest, in: scope)
            }.withoutReplaced.flatMap(\.resources).sorted { $0.address < $1.address }
        }
    }

    package func create(
        _ desired: Resource, key: IdempotencyKey
    ) async throws -> ObservedResource {
        let address = desired.address
        return try await explaining("create the \(title(of: address))", address) {
            guard let type = GuestType(address.kind) else {
                return try await firewalls.apply(desired)
            }
            return try await guests.create(desired, type: type, key: key)
        }
    }

    package func update(
        _ observed: ObservedResource, to desired: Resource
    ) async throws -> ObservedResource {
        let address = desired.address
        return try await explaining("change the \(title(of: address))", address) {
            GuestType(address.kind) == nil
                ? try await firewalls.apply(desired)
                : try await guests.update(observed, to: desired)
        }
    }

    package func delete(_ observed: ObservedResource) async throws {
        let address = observed.address
        try await explaining("delete the \(title(of: address))", address) {
            GuestType(address.kind) == nil
                ? try await firewalls.delete(observed) : try await guests.delete(observed)
        }
    }

    package func vacate(_ observed: ObservedResource) async throws {
        let address = observed.address
        try await explaining("make way for a new \(title(of: address))", address) {
            GuestType(address.kind) == nil
                ? try await firewalls.delete(observed) : try await guests.vacate(observed)
        }
    }

    package func finishBoot(of observed: ObservedResource) async throws -> ObservedResource {
        guard awaitsBoot(observed) else { return observed }
        return try await explaining("remove the seed", observed.address) {
            try await guests.finishBoot(of: observed)
        }
    }

    package func awaitsBoot(_ observed: ObservedResource) -> Bool {
        observed["seed_attached"]?.boolean == true
    }

    package func reseed(
        _ observed: ObservedResource, with desired: Resource, key: IdempotencyKey
    ) async throws -> ObservedResource {
        try await explaining("give the machine another seed", observed.address) {
            try await guests.reseed(observed, with: desired, key: key)
        }
    }

    private func observe(_ guest: Guest, in scope: Scope) async throws -> Sighting? {
        guard let configuration = try await guests.readable(guest),
            let address = address(of: guest, configuration, in: scope)
        else { return nil }
        let status =
            ["running", "stopped"].contains(guest.status)
            ? guest.status : try await api.status(of: guest)
        let machine = try await guests.reading(
            guest, status: status, configuration,
            known: scope.recorded.first {
                $0.address == address && $0.id == String(guest.id)
            }?.attributes["ipv4"]?.string
        ).observed(at: address)
        let firewall = try await firewalls.observe(
            guest, at: Address(service: address.service, kind: ResourceKind.proxmoxFirewall.name))
        return Sighting(
            resources: [machine, firewall].compactMap(\.self),
            isVacated: configuration.mark?.isVacated ?? false)
    }

    /// Whose the guest is, by its notes; when people edited those away, by tags and kind. A guest
    /// without any mark is not Launch's, whatever was recorded.
    private func address(
        of guest: Guest, _ configuration: GuestConfiguration, in scope: Scope
    ) -> Address? {
        if let mark = configuration.mark {
            let isOurs =
                mark.project == scope.project && mark.address.kind == guest.type.kind
                && scope.includes(mark.address.service)
            return isOurs ? mark.address : nil
        }
        guard guest.isTagged(project: scope.project) else { return nil }
        if let recorded = scope.recorded.first(where: {
            $0.id == String(guest.id) && $0.address.kind == guest.type.kind
        }) {
            return recorded.address
        }
        let services = guest.tags.subtracting([OwnershipMark.tag(scope.project)])
            .filter { $0.hasPrefix("launch-") }.map { String($0.dropFirst("launch-".count)) }
        guard let service = services.sorted().first, scope.includes(service) else { return nil }
        return Address(service: service, kind: guest.type.kind)
    }

    func title(of address: Address) -> String {
        kinds.first { $0.name == address.kind }?.title ?? "\(address.kind)"
    }

    func explaining<Result>(
        _ action: String, _ address: Address?, _ body: () async throws -> Result
    ) async throws -> Result {
        do {
            return try await body()
        } catch let failure as ProxmoxFailure {
            throw failure.error(action, address)
        }
    }
}

/// A guest and its firewall, as they were found.
private struct Sighting: Sendable {
    let resources: [ObservedResource]
    let isVacated: Bool
}

extension [Sighting?] {
    /// Without guests that are out of use, where their replacements stand already.
    fileprivate var withoutReplaced: [Sighting] {
        let found = compactMap(\.self)
        let inUse = Set(found.filter { !$0.isVacated }.compactMap(\.resources.first?.address))
        return found.filter { sighting in
            !sighting.isVacated
                || !(sighting.resources.first.map { inUse.contains($0.address) } ?? false)
        }
    }
}

extension Guest {
    /// True when the tags put it in scope.
    fileprivate func isIn(_ scope: Scope) -> Bool {
        guard isTagged(project: scope.project) else { return false }
        guard let services = scope.services else { return true }
        return services.contains { tags.contains(OwnershipMark.tag($0)) }
    }
}
