import Foundation
import Resources
import TestSupport
import Testing

/// A repository of several small services, whose state any number of runs share.
struct SharedBench: Sendable {
    let bench: Bench
    let place: SharedStore.Place
    let services: [String]

    /// Longer than the lease of `state.lease` here.
    static let pause = Duration.seconds(6)

    /// Starts a run that waits for its locks as long as it takes.
    func start(_ command: String, _ service: String) throws -> LaunchProcess {
        try bench.start(
            [command, service, "--yes", "--lock-timeout", "5m", "--format", "json"],
            environment: place.environment)
    }

    func run(_ arguments: String...) async throws -> Outcome {
        try await bench.run(arguments, environment: place.environment)
    }

    /// Starts a run and stops it in the middle: after so many requests of it to the clouds.
    func startAndStop(
        _ command: String, _ service: String, after requests: Int
    ) async throws -> LaunchProcess {
        let run = try await bench.world.hold(after: requests) { try start(command, service) }
        run.send(SIGSTOP)
        try await bench.world.release()
        return run
    }

    func audit() async throws -> JournalAudit {
        try await JournalAudit(place.objects, key: place.key)
    }

    /// How often the lock of a service has been given to a run that wrote.
    func generation(of service: String) async throws -> Int {
        try await audit().entries.compactMap { $0.generations[service] }.max() ?? 0
    }

    /// All runs end; each change of theirs is in the journal as theirs; and the next run finds
    /// that the state and the clouds agree.
    /// - Parameter displaced: a run whose objects others may have removed by the time it went on,
    ///   so that its provider may tell of that before the lease does.
    func expectOrder(after runs: [LaunchProcess], displaced: LaunchProcess? = nil) async throws {
        let runs = runs + (displaced.map { [$0] } ?? [])
        var outcomes: [Outcome] = []
        for run in runs { outcomes.append(await run.outcome()) }
        let audit = try await audit()
        #expect(audit.flaws == [])
        for (run, outcome) in zip(runs, outcomes) {
            let isDisplaced = run.identifier == displaced?.identifier
            #expect(outcome.isOrderly || (isDisplaced && outcome.code == 1), "\(outcome)")
            for address in outcome.done {
                #expect(
                    audit.entries.contains {
                        $0.writer == run.identifier && $0.settles(address)
                    }, "\(address), which process \(run.identifier) did, is not in the journal")
            }
        }
        try await expectEnd()
    }

    private func expectEnd() async throws {
        let last = try await run("converge", "--yes", "--lock-timeout", "1m")
        #expect(last.code == 0, "\(last.errors)")
        #expect(try await run("plan", "--detailed-exitcode").code == 0)
        #expect(
            try await bench.world.inventory() == [
                "github runner": services.count, "proxmox container": services.count,
            ])
        let audit = try await audit()
        #expect(audit.flaws == [])
        let state = Value(json: Array(try await run("state", "pull").output.utf8))
        #expect(state?["serial"]?.integer == audit.generations)
        let list = try await run("state", "list").output.split(separator: "\n")
            .map { $0.split(separator: " ").map(String.init) }
        #expect(
            Dictionary(uniqueKeysWithValues: list.map { ($0[0], $0[1]) })
                == audit.records.compactMapValues { $0["id"]?.string })
    }
}

extension Outcome {
    private var events: [Value] {
        output.split(separator: "\n").compactMap { Value(json: Array($0.utf8)) }
    }

    /// The addresses of what a run says that it has done.
    fileprivate var done: [String] {
        events.filter { $0["type"]?.string == "resource_done" }
            .compactMap { $0["address"]?.string }
    }

    /// Success, or a lost lock and no other trouble. A busy machine, too, may pause a run.
    fileprivate var isOrderly: Bool {
        let troubles =
            events.filter { $0["type"]?.string == "resource_failed" }
            .compactMap { $0["message"]?.string }
            + errors.split(separator: "\n").filter { $0.hasPrefix("Error: ") }.map(String.init)
        guard code == 0 else {
            return code == 1 && !troubles.isEmpty && troubles.allSatisfy { $0.contains(Self.loss) }
        }
        return troubles.isEmpty
    }

    private static let loss = "this run lost its lock"
}

/// Runs `body` with `count` services, each a container with a runner, and a lease of five seconds.
func withSharedBench(
    _ store: SharedStore, moto: MotoServer? = nil, services count: Int,
    _ body: (SharedBench) async throws -> Void
) async throws {
    try await withBench([]) { bench in
        let services = (1...count).map { "worker-\($0)" }
        for service in services {
            try FileManager.default.copyItem(
                atPath: "\(PackageFiles.root)/services/worker",
                toPath: bench.repository.appending(path: "services/\(service)").path)
        }
        let place = try await store.prepare(for: bench, moto: moto)
        try bench.edit(
            "launch.yaml", "  backend: sqlite\n  path: state/launch.sqlite\n",
            (place.settings + ["lease: 5s"]).map { "  \($0)\n" }.joined())
        try await body(SharedBench(bench: bench, place: place, services: services))
    }
}
