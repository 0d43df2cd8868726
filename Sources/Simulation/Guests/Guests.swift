import Foundation

/// The operating systems of all machines: they boot, follow their seed and run a runner.
package final class Guests {
    /// What lies on a machine's disk and outlives stop and start.
    private struct Disk {
        var log: [String] = []
        /// The instance that cloud-init has already set up.
        var seededInstance: String?
        var runner: RunnerSettings?
        /// Which boot is going on; nil while switched off.
        var boot: Int?
        var isUp = false
    }

    private unowned let core: WorldCore
    private var disks: [MachineID: Disk] = [:]
    private var boots = 0

    init(core: WorldCore) { self.core = core }

    /// Switches the machine on: after `bootTime` it has followed its seed, and its runner is
    /// online.
    ///
    /// - Parameters:
    ///   - seed: The user data or script, as the machine finds it. A script runs at every boot,
    ///     cloud-config once for each `instanceID`; either registers a runner only once.
    ///   - instanceID: cloud-init's `instance-id`; by default the machine itself.
    func powerOn(
        _ machine: MachineID, seed: [UInt8]?, hostName: String, instanceID: String? = nil
    ) {
        boots += 1
        let boot = boots
        disks[machine, default: Disk()].boot = boot
        disks[machine]?.log.append("\(hostName): starting")
        core.schedule(after: core.configuration.bootTime) { [weak self] in
            guard let self, disks[machine]?.boot == boot else { return }
            finishBoot(machine, seed, hostName, instanceID ?? machine.description)
        }
    }

    /// Pulls the plug: the runner is offline at once.
    func powerOff(_ machine: MachineID) {
        guard let disk = disks[machine], disk.boot != nil else { return }
        if disk.isUp { announce(disk.runner, online: false) }
        disks[machine]?.boot = nil
        disks[machine]?.isUp = false
        disks[machine]?.log.append("powered off")
    }

    /// Removes the machine with its disk.
    func destroy(_ machine: MachineID) {
        powerOff(machine)
        disks[machine] = nil
    }

    /// What the machine wrote to its console, over all boots.
    package func bootLog(of machine: MachineID) -> [String] { disks[machine]?.log ?? [] }

    /// True when the machine has finished booting and has not been switched off since.
    package func isUp(_ machine: MachineID) -> Bool { disks[machine]?.isUp ?? false }

    private func finishBoot(
        _ machine: MachineID, _ seed: [UInt8]?, _ hostName: String, _ instanceID: String
    ) {
        guard var disk = disks[machine] else { return }
        let isScript = seed?.starts(with: Array("#!".utf8)) ?? false
        if let seed, isScript || disk.seededInstance != instanceID {
            disk.seededInstance = instanceID
            if disk.runner == nil { follow(seed, on: &disk, of: machine) }
        }
        disk.isUp = true
        disk.log.append("\(hostName): up")
        disks[machine] = disk
        announce(disk.runner, online: true)
    }

    private func follow(_ seed: [UInt8], on disk: inout Disk, of machine: MachineID) {
        guard let runner = RunnerSettings(seed: seed) else {
            disk.log.append("the seed registers no runner")
            return
        }
        let isRegistered =
            core.runnerRegistry?.register(
                url: runner.url, token: runner.token, name: runner.name, labels: runner.labels)
            ?? false
        guard isRegistered else {
            disk.log.append("runner \(runner.name): registration failed")
            return
        }
        disk.log.append("runner \(runner.name): registered")
        forgetReplaced(runner, by: machine)
        disk.runner = runner
    }

    /// The machine that had the runner before cannot use it any more.
    private func forgetReplaced(_ runner: RunnerSettings, by machine: MachineID) {
        for (other, disk) in disks where other != machine {
            guard disk.runner?.name == runner.name, disk.runner?.repository == runner.repository
            else { continue }
            disks[other]?.runner = nil
            disks[other]?.log.append("runner \(runner.name): replaced by another machine")
        }
    }

    private func announce(_ runner: RunnerSettings?, online: Bool) {
        guard let runner else { return }
        core.runnerRegistry?.setOnline(
            name: runner.name, repository: runner.repository, online: online)
    }
}
