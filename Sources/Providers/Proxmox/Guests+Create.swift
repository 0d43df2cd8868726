import Resources

extension Guests {
    /// Makes the guest, or finishes what an earlier attempt began.
    func create(_ desired: Resource, type: GuestType, key: IdempotencyKey) async throws
        -> ObservedResource
    {
        try await api.requireVersion(for: type)
        let guest: Guest
        let (existing, vacated) = try await existing(desired, type)
        if let existing {
            // Its start may be under way: then its seed must stay as it is.
            try await operations.settle(existing, for: desired.address)
            guest = existing
        } else {
            guest = try await make(desired, type, replacing: vacated)
        }
        if let vacated { try await takeData(of: vacated, into: guest, for: desired.address) }
        try await align(guest, with: desired)
        if try await api.status(of: guest) != "running" {
            try await putSeed(into: guest, desired, key)
            try await operations.start(guest, for: desired.address)
        }
        try await awaitAddress(of: guest, desired)
        return try await observe(guest, at: desired.address)
    }

    /// What an earlier attempt made, and what it is to replace. A guest that is being created does
    /// not bear its mark yet: tasks of this token that create one are waited for.
    private func existing(
        _ desired: Resource, _ type: GuestType
    ) async throws -> (made: Guest?, vacated: Guest?) {
        var guests = try await list()
        if try await settleCreations(among: guests, for: desired.address) {
            guests = try await list()
        }
        let mark = GuestForm(type, desired).mark
        let tagged = guests.filter {
            $0.type == type && $0.isTagged(project: mark.project, service: desired.address.service)
        }
        var (made, vacated): (Guest?, Guest?)
        for guest in tagged.sorted(by: { $0.id < $1.id }) {
            guard let configuration = try await readable(guest),
                isMarked(configuration, for: desired.address, of: mark.project)
            else { continue }
            if configuration.mark?.isVacated ?? false {
                vacated = vacated ?? guest
            } else {
                made = made ?? guest
            }
        }
        return (made, vacated)
    }

    /// - Returns: whether there was any to wait for.
    private func settleCreations(
        among guests: [Guest], for address: Address
    ) async throws -> Bool {
        var found = false
        for guest in guests where guest.lock == "create" && !inFlight.contains(guest.id) {
            let tasks = try await tasks.running(on: guest.node, guest: guest.id)
            guard tasks.contains(where: { $0.user == api.connection.tokenName }) else { continue }
            found = true
            self.tasks.progress.progress(address, "waiting for the creation of \(guest.id)")
            try await operations.settle(guest, for: address)
        }
        return found
    }

    /// - Parameter vacated: the guest whose data the new one takes over, on the same node.
    private func make(
        _ desired: Resource, _ type: GuestType, replacing vacated: Guest?
    ) async throws -> Guest {
        let address = desired.address
        let (node, reason) =
            if let vacated {
                (vacated.node, "its data is there")
            } else {
                try await placement.place(desired, among: api.get("/cluster/resources"))
            }
        tasks.progress.progress(address, "goes to \(node): \(reason)")
        var desired = desired
        if let vacated, try await api.configuration(of: vacated).settled(type.dataDisk) != nil {
            desired.attributes["data_disk"] = nil
        }
        let system = try CloudImage(named: desired["image"]?.string ?? "")
        let store = store(node, desired["image_storage"]?.string ?? "")
        let image =
            switch type {
            case .qemu: try await store.cloudImage(system, for: address)
            case .lxc: try await store.template(system, for: address)
            }
        let storage = desired["storage"]?.string ?? ""
        return try await slots.within(Self.createsPerStorage, of: "creates on \(storage)") {
            [desired] in
            try await make(desired, type, on: node, from: image)
        }
    }

    /// Takes a free identifier and creates the guest with it. Somebody may be faster: then
    /// Proxmox refuses before anything happens, and the next identifier is tried.
    private func make(
        _ desired: Resource, _ type: GuestType, on node: String, from image: String
    ) async throws -> Guest {
        for _ in 1...20 {
            do {
                let (guest, task) = try await begin(GuestForm(type, desired), node, image)
                defer { inFlight.remove(guest.id) }
                try await tasks.follow(task, for: desired.address, deadline: .seconds(1800))
                return guest
            } catch let failure as ProxmoxFailure where failure.isIdentifierTaken {
                continue
            } catch let failure as ProxmoxFailure where failure.isWorthRepeating {
                if failure.recourse == .again {
                    try await tasks.pause(after: failure, for: desired.address)
                }
                if let guest = try await existing(desired, type).made { return guest }
            }
        }
        throw ProxmoxFailure(.conflict, "every identifier that Proxmox proposed was taken")
    }

    /// One at a time, for Proxmox proposes the same identifier until it is used.
    private func begin(
        _ form: GuestForm, _ node: String, _ image: String
    ) async throws -> (Guest, task: Value) {
        try await slots.within(1, of: "identifiers") {
            let guest = Guest(id: try await nextIdentifier(), type: form.type, node: node)
            inFlight.insert(guest.id)
            do {
                let task = try await api.post(
                    "/nodes/\(node)/\(form.type.rawValue)",
                    form.parameters(id: guest.id, image: image))
                places.remember([guest])
                return (guest, task)
            } catch {
                inFlight.remove(guest.id)
                throw error
            }
        }
    }

    private func nextIdentifier() async throws -> Int {
        guard let id = try await api.get("/cluster/nextid").integer else {
            throw ProxmoxFailure(.failed, "Proxmox proposed no identifier")
        }
        return id
    }
}
