import Resources

/// A guest's data disk outlives the guest.
extension Guests {
    /// Switches a guest off and has it keep its data for the one that replaces it; without data
    /// it goes.
    func vacate(_ observed: ObservedResource) async throws {
        guard let guest = try await owned(observed) else { return }
        let address = observed.address
        try await operations.settle(guest, for: address)
        guard let configuration = try await readable(guest) else { return }
        guard configuration.settled(guest.type.dataDisk) != nil else {
            return try await delete(observed)
        }
        guard configuration.mark?.isVacated != true else { return }
        try requireUnprotected(configuration, guest)
        try await operations.shutDown(guest, for: address)
        if guest.type == .qemu { try await removeSeed(of: guest, for: address) }
        try await operations.change(guest, for: address) { configuration in
            guard var mark = configuration.mark, !mark.isVacated else { return [:] }
            mark.seed = OwnershipMark.vacated
            // It must not start with its host any more.
            return ["description": mark.written(into: configuration.notes), "onboot": "0"]
        }
    }

    /// Moves the data disk of a guest that is out of use into its replacement, which has not
    /// been started yet, and removes what is left of the old one, unless an earlier run's removal
    /// of it ends meanwhile.
    func takeData(of vacated: Guest, into guest: Guest, for address: Address) async throws {
        try await operations.settle(vacated, for: address)
        guard try await readable(vacated) != nil else { return }
        try await operations.move(guest.type.dataDisk, of: vacated, to: guest, for: address)
        try await operations.destroy(vacated, for: address)
    }

    func requireUnprotected(_ configuration: GuestConfiguration, _ guest: Guest) throws {
        guard configuration.isProtected else { return }
        throw ProxmoxFailure(.protected, "guest \(guest.id) has protection switched on")
    }
}

extension GuestOperations {
    /// Hands a disk over to another guest of the same kind on the same node.
    fileprivate func move(
        _ disk: String, of guest: Guest, to other: Guest, for address: Address
    ) async throws {
        func isDone() async throws -> Bool {
            try await api.configuration(of: guest).settled(disk) == nil
        }
        guard try await !isDone() else { return }
        tasks.progress.progress(address, "taking the data over from guest \(guest.id)")
        try await tasks.run(for: address, deadline: .seconds(600)) {
            let target = ["target-vmid": String(other.id)]
            return switch guest.type {
            case .qemu:
                try await api.post(
                    "\(guest.path)/move_disk",
                    target.merging(["disk": disk, "target-disk": disk]) { $1 })
            case .lxc:
                try await api.post(
                    "\(guest.path)/move_volume",
                    target.merging(["volume": disk, "target-volume": disk]) { $1 })
            }
        } isDone: {
            try await settle(guest, for: address)
            return try await isDone()
        }
    }
}
