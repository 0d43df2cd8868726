import Assembly
import Planning
import Reconciling
import Resources
import ServiceFiles
import Services
import Simulation
import TestSupport

/// One case of the matrix: a run is killed, a new process puts things right, and a third one
/// finds nothing to do.
struct CrashTrial: Sendable {
    let scenario: CrashScenario
    let backend: Backend

    struct Outcome: Sendable {
        /// How many moments the run had at which it can be killed.
        let moments: Int
        /// How many requests of the killed run and of the next changed something.
        let calls: Int
        /// What the run was at when it was killed.
        let fate: String
        let problems: [String]
    }

    /// - Parameters:
    ///   - moment: when the run is killed, from 1; `nil` lets it live.
    ///   - limit: the calls that the killed run and the next may need together.
    func run(killAt moment: Int?, atMost limit: Int = .max) async throws -> Outcome {
        try await withVirtualTime { [self] clock in
            var site = CrashSite(backend, clock)
            try site.world.locked { try $0.addForeignObjects() }
            if !scenario.start.services.isEmpty || scenario.start.project.budget != nil {
                try await site.process(1).converge(scenario.start)
            }
            try await scenario.meanwhile(&site)
            try await clock.sleep(for: .seconds(30))
            let strangers = strangers(in: site)

            let victim = try site.process(2, killSwitch: KillSwitch(at: moment))
            _ = try? await converge(victim)
            if scenario.absence > .zero { try await clock.sleep(for: scenario.absence) }
            let atWork = site.world.locked { $0.guests.bootsOfWorkingMachines }
            let rescuer = try site.process(3)
            let report = try await converge(rescuer)

            let calls = victim.calls.value + rescuer.calls.value
            var problems = report.failures.map { "\($0.address): \($0.message)" }
            if calls > limit { problems.append("\(calls) changing calls; \(limit) are enough") }
            problems += try await discrepancies(in: site, rescuer.store)
            if scenario.absence > .zero {
                let now = site.world.locked { $0.guests.bootsOfWorkingMachines }
                problems += atWork.filter { now[$0.key] != $0.value }
                    .map { "\($0.key) was restarted although its runner was online" }
            }
            if self.strangers(in: site) != strangers { problems.append("a stranger was touched") }
            problems += try await restlessness(in: site)
            return Outcome(
                moments: victim.killSwitch.moments, calls: calls,
                fate: victim.killSwitch.fate ?? "", problems: problems)
        }
    }

    private func converge(_ process: MortalProcess) async throws -> RunReport {
        try await process.converge(
            scenario.goal, services: scenario.services, withData: scenario.withData)
    }

    /// What the run has no business with, as it is now.
    private func strangers(in site: CrashSite) -> Set<String> {
        let strangers = site.objects.filter { object in
            object.owner.map { !scenario.touched.contains($0) } ?? true
        }
        return Set(strangers.map { "\($0.identity) \($0.describe())" })
    }

    /// One of everything that is wanted, and each in the world and in the state alike.
    private func discrepancies(
        in site: CrashSite, _ store: any StateStore
    ) async throws -> [String] {
        let document = try await store.read()
        let present = site.objects.filter { $0.owner != nil }.map(\.identity).sorted()
        let records = document.resources.values.map {
            "\($0.address.service)/\($0.address.kind) \($0.id)"
        }.sorted()
        // The simulated network has no IPv6, so what waits for an address is never made.
        let wanted = Set(
            try site.process(0).workspace(scenario.end).goal().desired
                .filter { $0.condition == nil }.map(\.address)
                + scenario.keptAddresses)
        let machines = wanted.filter(\.isMachine).map(\.kind.provider)
        let recorded = Set(document.resources.keys).filter {
            let isTargets = [.aws, .proxmox].contains($0.kind.provider)
            return !scenario.keepsOldTarget || !isTargets || machines.contains($0.kind.provider)
        }
        return Set(present).subtracting(records).map { "orphan \($0)" }
            + Set(records).subtracting(present).map { "phantom \($0)" }
            + (present.count == Set(present).count ? [] : ["twins among \(present)"])
            + wanted.subtracting(recorded).map { "missing \($0)" }
            + recorded.subtracting(wanted).map { "left \($0)" }
            + document.intents.map { "open intent: \($0.action.rawValue) \($0.address)" }
            + (try await store.leases().map { "lease of \($0.service) not given back" })
    }

    /// What one more run plans, calls or writes, and what has drifted.
    private func restlessness(in site: CrashSite) async throws -> [String] {
        let process = try site.process(4)
        let before = try await process.store.read()
        let report = try await converge(process)
        let workspace = process.workspace(scenario.goal)
        let drift = try await workspace.reconciler.drift(workspace.goal(scenario.services))
        let after = try await process.store.read()
        var found = report.failures.map { "third run: \($0.address): \($0.message)" }
        if let plan = process.events.first, !plan.isEmpty {
            found += plan.effective.map { "third run: \($0.action) \($0.address): \($0.reason)" }
            found += plan.bootsToFinish.map { "third run: finish the boot of \($0)" }
        }
        if process.calls.value > 0 { found.append("third run: \(process.calls.value) calls") }
        if before != after { found.append("third run: wrote to the state") }
        return found
            + drift.findings.filter { !scenario.keptAddresses.contains($0.address) }
            .map { "drift: \($0.summary)" }
    }
}

extension CrashScenario {
    /// Volumes that stay although their service goes.
    fileprivate var keptAddresses: [Address] {
        guard !withData else { return [] }
        let wanted = Set(goal.services.map(\.name))
        return start.services.filter { $0.data != nil && !wanted.contains($0.name) }
            .map { Address(service: $0.name, kind: KindName(.aws, "volume")) }
    }
}

extension CrashSite {
    /// Everything in the world that matters.
    fileprivate var objects: [WorldObject] { world.locked { $0.objects(of: Self.project) } }
}
