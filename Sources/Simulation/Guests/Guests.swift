import Foundation

/// The operating systems of all machines: they boot, follow their seed and run a runner.
package final class Guests {
    /// What lies on a machine's disk and outlives stop and start.
    private struct Disk {
        var log: [String] = []
        /// The instance that cloud-init has already set up.
        var seededInstance: String?
        var runner: RunnerSettings?
        /// The seed that made the runner.
        var usedSeed: [UInt8]?
        /// What a job has left for the next registration of an ephemeral runner.
        var nextToken: String?
        /// Which boot is going on; nil while switched off.
        var boot: Int?
        var isUp = false
    }

    /// One boot that follows a seed.
    private struct Boot {
        let machine: MachineID
        let number: Int
        let hostName: String
        let seed: SeedScript
        let seedBytes: [UInt8]
        let stages: [String]
        let instanceID: String
    }

    /// Stages of seeds that fail, by name: their unit tries them again every 30 seconds.
    package var failingStages: Set<String> = []

    private unowned let core: WorldCore
    private var disks: [MachineID: Disk] = [:]
    /// How often machines have been switched on, all together.
    package private(set) var boots = 0

    init(core: WorldCore) { self.core = core }

    /// Switches the machine on: after `bootTime` it has followed its seed, and its runner is
    /// online.
    ///
    /// - Parameters:
    ///   - seed: The user data or script, as the machine finds it. A script runs at every boot,
    ///     cloud-config once for each `instanceID`, unless it sees to its being followed again;
    ///     either registers a runner only once.
    ///   - instanceID: cloud-init's `instance-id`; by default the machine itself.
    func powerOn(
        _ machine: MachineID, seed: [UInt8]?, hostName: String, instanceID: String? = nil
    ) {
        boots += 1
        let boot = boots
        disks[machine, default: Disk()].boot = boot
        disks[machine]?.log.append("\(hostName): starting")
        let end = core.now.addingTimeInterval(core.configuration.bootTime.seconds)
        guard let seed, let script = follows(seed, machine, instanceID ?? machine.description)
        else {
            core.schedule(at: end) { [weak self] in
                guard let self, disks[machine]?.boot == boot else { return }
                // The bootstrap script runs at every boot, and finds everything done.
                if disks[machine]?.runner != nil { disks[machine]?.log.append("launch: ready") }
                comeUp(machine, hostName)
            }
            return
        }
        work(
            on: Boot(
                machine: machine, number: boot, hostName: hostName, seed: script,
                seedBytes: seed, stages: script.stages,
                instanceID: instanceID ?? machine.description),
            from: -1, until: end)
    }

    /// A script runs at every boot, cloud-config as a rule once for each instance, until there is
    /// a runner of its kind; for an ephemeral one each seed is followed that is another one.
    private func follows(
        _ seed: [UInt8], _ machine: MachineID, _ instanceID: String
    ) -> SeedScript? {
        guard let disk = disks[machine] else { return nil }
        let script = SeedScript(seed)
        let isDone =
            script.isEphemeral
            ? disk.usedSeed == seed : disk.runner.map { !$0.isEphemeral } ?? false
        guard !isDone else { return nil }
        let isDue =
            seed.starts(with: Array("#!".utf8)) || disk.seededInstance != instanceID
            || script.isFollowedAgain
        return isDue ? script : nil
    }

    /// Goes through the stages, all at one pace; before the first one the system itself starts.
    ///
    /// - Parameter end: when the last one is to be done.
    private func work(on boot: Boot, from index: Int, until end: Date) {
        if boot.stages.indices.contains(index) {
            say("launch: stage \(boot.stages[index]) started", boot)
            if failingStages.contains(boot.stages[index]) {
                say("launch: stage \(boot.stages[index]) failed", boot)
                return again(boot, from: index)
            }
        }
        let pace = core.configuration.bootTime.seconds / Double(boot.stages.count + 1)
        let isLast = index + 1 >= boot.stages.count
        let due = isLast ? max(end, core.now) : core.now.addingTimeInterval(pace)
        core.schedule(at: due) { [weak self] in
            guard let self, disks[boot.machine]?.boot == boot.number else { return }
            if isLast { return finish(boot, at: index) }
            if index >= 0 { say("launch: stage \(boot.stages[index]) done", boot) }
            work(on: boot, from: index + 1, until: end)
        }
    }

    private func again(_ boot: Boot, from index: Int) {
        core.schedule(after: .seconds(30)) { [weak self] in
            guard let self, disks[boot.machine]?.boot == boot.number else { return }
            work(on: boot, from: index, until: core.now)
        }
    }

    /// The last stage registers the runner.
    private func finish(_ boot: Boot, at index: Int) {
        guard var disk = disks[boot.machine] else { return }
        disk.seededInstance = boot.instanceID
        let isRegistered = follow(boot.seed, on: &disk, of: boot.machine)
        if isRegistered { disk.usedSeed = boot.seedBytes }
        disks[boot.machine] = disk
        if boot.stages.indices.contains(index) {
            say("launch: stage \(boot.stages[index]) \(isRegistered ? "done" : "failed")", boot)
            if isRegistered { say("launch: ready", boot) }
        }
        comeUp(boot.machine, boot.hostName)
    }

    private func comeUp(_ machine: MachineID, _ hostName: String) {
        disks[machine]?.isUp = true
        disks[machine]?.log.append("\(hostName): up")
        registerAgain(machine)
        announce(disks[machine]?.runner, online: true)
        core.applications.machineChanged(machine)
    }

    private func say(_ line: String, _ boot: Boot) { disks[boot.machine]?.log.append(line) }

    /// Pulls the plug: the runner is offline at once.
    func powerOff(_ machine: MachineID) {
        guard let disk = disks[machine], disk.boot != nil else { return }
        if disk.isUp { announce(disk.runner, online: false) }
        disks[machine]?.boot = nil
        disks[machine]?.isUp = false
        disks[machine]?.log.append("powered off")
        core.applications.machineChanged(machine)
    }

    /// Removes the machine with its disk.
    func destroy(_ machine: MachineID) {
        powerOff(machine)
        disks[machine] = nil
        core.applications.forget(machine)
    }

    /// How often each machine has been switched on whose runner is at work.
    package var bootsOfWorkingMachines: [MachineID: Int] {
        disks.filter { $0.value.isUp && $0.value.runner != nil }.mapValues { disk in
            disk.log.count { $0.hasSuffix(": starting") }
        }
    }

    /// What the machine wrote to its console, over all boots.
    package func bootLog(of machine: MachineID) -> [String] { disks[machine]?.log ?? [] }

    /// What the bootstrap script has said of itself since the machine was switched on.
    package func bootNotes(of machine: MachineID) -> [String] {
        guard let disk = disks[machine], disk.boot != nil else { return [] }
        let start = disk.log.lastIndex { $0.hasSuffix(": starting") } ?? disk.log.startIndex
        return disk.log[start...].filter { $0.hasPrefix("launch: ") }
    }

    /// True when the guest agent runs, which the first stage installs.
    func agentRuns(on machine: MachineID) -> Bool {
        isUp(machine) || bootNotes(of: machine).contains("launch: stage packages done")
    }

    /// True when the machine has finished booting and has not been switched off since.
    package func isUp(_ machine: MachineID) -> Bool { disks[machine]?.isUp ?? false }

    /// - Returns: whether a runner was registered.
    private func follow(
        _ seed: SeedScript, on disk: inout Disk, of machine: MachineID
    ) -> Bool {
        guard let runner = RunnerSettings(seed: seed) else {
            disk.log.append("the seed registers no runner")
            return false
        }
        let isRegistered =
            core.runnerRegistry?.register(
                url: runner.url, token: runner.token, name: runner.name, labels: runner.labels,
                version: runner.version, isEphemeral: runner.isEphemeral)
            ?? false
        guard isRegistered else {
            disk.log.append("runner \(runner.name): registration failed")
            return false
        }
        disk.log.append("runner \(runner.name): registered")
        forgetReplaced(runner, by: machine)
        disk.runner = runner
        disk.nextToken = nil
        return true
    }

    /// A job's first step leaves a token for the runner's next registration.
    func leave(token: String, forRunner name: String) {
        guard let machine = machine(ofRunner: name) else { return }
        disks[machine]?.nextToken = token
    }

    /// An ephemeral runner's process ends with its job; its unit starts it again.
    func endJob(ofRunner name: String) {
        guard let machine = machine(ofRunner: name) else { return }
        core.schedule(after: .seconds(8)) { [weak self] in
            guard let self, isUp(machine) else { return }
            registerAgain(machine)
            announce(disks[machine]?.runner, online: true)
        }
    }

    /// What the unit does before it starts the runner. Of a token that is not good it lets go.
    private func registerAgain(_ machine: MachineID) {
        guard let runner = disks[machine]?.runner, runner.isEphemeral,
            let token = disks[machine]?.nextToken
        else { return }
        let isRegistered =
            core.runnerRegistry?.register(
                url: runner.url, token: token, name: runner.name, labels: runner.labels,
                version: nil, isEphemeral: true) ?? false
        disks[machine]?.log.append(
            "runner \(runner.name): \(isRegistered ? "registered again" : "registration failed")")
        disks[machine]?.nextToken = nil
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

    /// The machine whose runner has that name.
    func machine(ofRunner name: String) -> MachineID? {
        disks.first { $0.value.runner?.name == name }?.key
    }

    private func announce(_ runner: RunnerSettings?, online: Bool) {
        guard let runner else { return }
        core.runnerRegistry?.setOnline(
            name: runner.name, repository: runner.repository, online: online)
    }
}
