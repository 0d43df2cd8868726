import Resources

/// The addresses that a running guest tells of itself.
extension ProxmoxAPI {
    /// The IPv4 address on the guest's first interface; `nil` when it has none yet.
    ///
    /// A container's is known to its node, a VM's to its guest agent.
    /// - Throws: `ProxmoxFailure`, also while no agent answers.
    func address(of guest: Guest, _ configuration: GuestConfiguration) async throws -> String? {
        let answer =
            switch guest.type {
            case .qemu: try await get("\(guest.path)/agent/network-get-interfaces")["result"]
            case .lxc: try await get("\(guest.path)/interfaces") as Value?
            }
        let mac = configuration.network?.macAddress?.lowercased()
        let interfaces = (answer?.list ?? []).filter { row in
            let given = row["hardware-address"]?.string ?? row["hwaddr"]?.string
            return mac != nil && given?.lowercased() == mac
        }
        return interfaces.lazy.flatMap(Self.addresses).first { !$0.hasPrefix("169.254.") }
    }

    /// Those of a version 4, without their prefix lengths.
    private static func addresses(_ interface: Value) -> [String] {
        let listed = (interface["ip-addresses"]?.list ?? [])
            .filter { ["ipv4", "inet"].contains($0["ip-address-type"]?.string) }
            .compactMap { $0["ip-address"]?.string }
        let single = interface["inet"]?.string.map { String($0.prefix { $0 != "/" }) }
        return listed.isEmpty ? [single].compactMap(\.self) : listed
    }
}

extension Guests {
    /// How often a guest is asked for its address, and how many times: a VM installs its agent at
    /// its first boot.
    private static let addressInterval = Duration.seconds(5)
    private static let addressAttempts = 60

    /// The guest as it is; an address that a name needs is asked for.
    /// - Parameter known: its address as it was last told, for while it tells none.
    func reading(
        _ guest: Guest, status: String, _ configuration: GuestConfiguration,
        known: String? = nil
    ) async throws -> GuestReading {
        var reading = GuestReading(guest: guest, status: status, configuration: configuration)
        guard configuration.mark?.isExposed == true else { return reading }
        reading.address = known
        guard status == "running" else { return reading }
        do {
            reading.address = try await api.address(of: guest, configuration) ?? known
        } catch is ProxmoxFailure {}
        return reading
    }

    /// Waits until a guest that a name leads to tells its address. Without an end to that the
    /// guest is as good as made: what needs the address says so.
    func awaitAddress(of guest: Guest, _ desired: Resource) async throws {
        guard desired["exposed"]?.boolean == true, desired["running"]?.boolean == true else {
            return
        }
        let address = desired.address
        let configuration = try await api.configuration(of: guest)
        for attempt in 0..<Self.addressAttempts {
            do {
                if try await api.address(of: guest, configuration) != nil { return }
            } catch let failure as ProxmoxFailure {
                if case .forbidden = failure.reason { throw failure }
            }
            if attempt % 6 == 0 {
                tasks.progress.progress(
                    address,
                    guest.type == .qemu
                        ? "waiting for the guest agent to tell the address"
                        : "waiting for an address")
            }
            try await api.time.sleep(for: Self.addressInterval)
        }
        tasks.progress.progress(
            address, "it tells no address yet; going on without")
    }
}
