import Resources

/// What is done to one guest, each call safe to repeat.
struct GuestOperations: Sendable {
    let api: ProxmoxAPI
    let tasks: TaskFollower

    /// Seconds after a task's end until the guest is as asked: Proxmox's high availability acts
    /// in rounds of ten seconds, and gives a guest time to shut down.
    private static let patience = 180

    /// Changes options until `changes` finds nothing to change, each time on a fresh reading and
    /// under its digest.
    func change(
        _ guest: Guest, for address: Address,
        _ changes: (GuestConfiguration) throws -> Parameters
    ) async throws {
        for attempt in 1...5 {
            let digest = try await api.digest(of: guest)
            var parameters = try changes(try await api.configuration(of: guest))
            guard !parameters.isEmpty else { return }
            parameters["digest"] = digest
            do {
                let answer = try await send(parameters, to: guest)
                return try await tasks.follow(answer, for: address, deadline: .seconds(600))
            } catch let failure as ProxmoxFailure
                where attempt < 5 && failure.recourse != .none
            {
                if failure.recourse == .again {
                    try await tasks.pause(after: failure, for: address)
                }
                try await settle(guest, for: address)
            }
        }
    }

    /// A VM's change may allocate disks, which takes longer than a plain call may: by task.
    private func send(_ parameters: Parameters, to guest: Guest) async throws -> Value {
        switch guest.type {
        case .qemu: try await api.post("\(guest.path)/config", parameters)
        case .lxc: try await api.put("\(guest.path)/config", parameters)
        }
    }

    /// Grows a disk to at least so many GiB.
    func grow(_ disk: String, to gibibytes: Int, of guest: Guest, for address: Address) async throws
    {
        func isDone() async throws -> Bool {
            let size = try await api.configuration(of: guest).size(disk)
            return size.map { $0 >= gibibytes << 30 } ?? true
        }
        guard try await !isDone() else { return }
        try await tasks.run(for: address, deadline: .seconds(600)) {
            try await api.put(
                "\(guest.path)/resize", ["disk": disk, "size": "\(gibibytes)G"])
        } isDone: {
            try await settle(guest, for: address)
            return try await isDone()
        }
    }

    /// Starts the guest, and waits until it runs.
    func start(_ guest: Guest, for address: Address) async throws {
        try await bring(guest, to: "running", for: address) {
            try await api.post("\(guest.path)/status/start")
        }
    }

    /// Asks the guest to shut down, and stops it when it does not within half a minute.
    func shutDown(_ guest: Guest, for address: Address) async throws {
        try await bring(guest, to: "stopped", for: address) {
            try await api.post(
                "\(guest.path)/status/shutdown", ["timeout": "30", "forceStop": "1"])
        }
    }

    /// Restarts through the API, which is what applies pending options; a guest that does not
    /// shut down by itself is stopped and started.
    func restart(_ guest: Guest, for address: Address) async throws {
        do {
            try await tasks.run(for: address, deadline: .seconds(300)) {
                try await api.post("\(guest.path)/status/reboot", ["timeout": "120"])
            } isDone: {
                try await settle(guest, for: address)
                return true
            }
        } catch is ProxmoxFailure {
            try await settle(guest, for: address)
            try await shutDown(guest, for: address)
        }
        try await start(guest, for: address)
    }

    func destroy(_ guest: Guest, for address: Address) async throws {
        do {
            try await tasks.run(for: address, deadline: .seconds(600)) {
                switch guest.type {
                case .qemu:
                    try await api.delete(
                        guest.path, ["purge": "1", "destroy-unreferenced-disks": "1"])
                case .lxc:
                    try await api.delete(
                        guest.path,
                        ["purge": "1", "destroy-unreferenced-disks": "1", "force": "1"])
                }
            } isDone: {
                try await settle(guest, for: address)
                return try await !api.guests().contains { $0.id == guest.id }
            }
        } catch let failure as ProxmoxFailure where failure.reason == .notFound {
            return
        }
    }

    /// Waits for whatever task of the guest still runs, whatever becomes of it.
    func settle(_ guest: Guest, for address: Address) async throws {
        try await tasks.settle(
            try await tasks.running(on: guest.node, guest: guest.id), for: address,
            deadline: .seconds(600))
    }

    /// A request that finds the guest in the wished state already is an error to Proxmox, not
    /// to us; one to a highly available guest ends before it has its effect.
    private func bring(
        _ guest: Guest, to state: String, for address: Address, _ request: () async throws -> Value
    ) async throws {
        guard try await api.status(of: guest) != state else { return }
        do {
            try await tasks.run(for: address, deadline: .seconds(300), request) {
                try await settle(guest, for: address)
                return try await api.status(of: guest) == state
            }
        } catch let failure as ProxmoxFailure {
            guard try await api.status(of: guest) == state else { throw failure }
        }
        for _ in 0..<Self.patience {
            if try await api.status(of: guest) == state { return }
            try await api.time.sleep(for: .seconds(1))
        }
        throw ProxmoxFailure(
            .timedOut, "guest \(guest.id) is still not \(state) after \(Self.patience) s")
    }
}
