import Resources

/// What the guest agent of a VM answers.
extension SimulatedProxmox {
    func agentInterfaces(_ call: PVECall) throws -> Value {
        let guest = try guestWithAgent(call, "VM.GuestAgent.Audit")
        let loopback: Value = [
            "name": "lo", "hardware-address": "00:00:00:00:00:00",
            "ip-addresses": [agentAddress("127.0.0.1/8")],
        ]
        let others = networks(of: guest).enumerated().map { index, network -> Value in
            [
                "name": .string("ens\(18 + index)"),
                "hardware-address": .string(network.mac.lowercased()),
                "ip-addresses": .list(network.address.map { [agentAddress($0)] } ?? []),
            ]
        }
        return ["result": .list([loopback] + others)]
    }

    func pingAgent(_ call: PVECall) throws -> Value {
        _ = try guestWithAgent(call, "VM.GuestAgent.Audit")
        return ["result": [:]]
    }

    /// There are no files in a simulated guest but the note of its bootstrap script.
    func readFileByAgent(_ call: PVECall) throws -> Value {
        let guest = try guestWithAgent(call, "VM.GuestAgent.FileRead")
        let file = call["file"] ?? ""
        let notes = core.guests.bootNotes(of: guest.machine)
        guard file == "/run/launch/log", !notes.isEmpty else {
            throw PVEFailure(
                "Agent error: Failed to open file '\(file)': No such file or directory")
        }
        return ["content": .string(notes.map { "\($0)\n" }.joined())]
    }

    /// - Parameter privilege: since 9.0; before, one was for all.
    private func guestWithAgent(_ call: PVECall, _ privilege: String) throws -> PVEGuest {
        let guest = try guest(call)
        let isOld = version < PVEVersion(9, 0)
        try require(isOld ? "VM.Monitor" : privilege, on: "/vms/\(guest.vmid)")
        guard guest.isRunning else { throw PVEFailure("\(guest.title) is not running") }
        guard guest.hasAgent else { throw PVEFailure("No QEMU guest agent configured") }
        guard core.guests.agentRuns(on: guest.machine) else {
            throw PVEFailure("QEMU guest agent is not running")
        }
        return guest
    }
}

extension PVEGuest {
    var hasAgent: Bool {
        let agent = config["agent"] ?? "0"
        return agent.hasPrefix("1") || agent.contains("enabled=1")
    }
}
