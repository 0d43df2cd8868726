import Foundation
import TestSupport
import Testing

/// Several runs at once on one state, some of them stopped for longer than their lease.
///
/// `make test` runs them apart from the many: a busy machine, too, makes runs lose their leases.
@Suite(.timeLimit(.minutes(20))) struct ConcurrencyTests {
    @Suite(.serialized) struct OnOneMachine {
        @Test(arguments: [SharedStore.sqlite, .simulatedS3], [2, 8])
        func runsShareAService(in store: SharedStore, runs: Int) async throws {
            try await shareAService(store, runs: runs)
        }

        @Test(arguments: [SharedStore.sqlite, .simulatedS3], [2, 8])
        func runsHaveServicesOfTheirOwn(in store: SharedStore, runs: Int) async throws {
            try await haveServicesOfTheirOwn(store, runs: runs, stopping: runs > 2)
        }
    }

    @Suite(.serialized, .enabled(if: MotoServer.python != nil, "\(MotoServer.reason)"))
    struct OnMoto {
        private static let moto = Result { try MotoServer() }

        @Test(arguments: [SharedStore.motoS3, .motoDynamoDB], [2, 8])
        func runsShareAService(in store: SharedStore, runs: Int) async throws {
            try await shareAService(store, moto: try Self.moto.get(), runs: runs)
        }

        @Test(arguments: [SharedStore.motoS3, .motoDynamoDB], [2, 8])
        func runsHaveServicesOfTheirOwn(in store: SharedStore, runs: Int) async throws {
            try await haveServicesOfTheirOwn(store, moto: try Self.moto.get(), runs: runs)
        }
    }
}

/// One run begins and stops; the others wait for its lease to end, and undo and redo its work;
/// then it goes on.
private func shareAService(
    _ store: SharedStore, moto: MotoServer? = nil, runs count: Int
) async throws {
    try await withSharedBench(store, moto: moto, services: 1) { shared in
        let stopped = try await shared.startAndStop("converge", "worker-1", after: 5 + count)
        let others = try (2...count).map { number in
            try shared.start(number.isMultiple(of: 2) ? "converge" : "destroy", "worker-1")
        }
        // Where it was stopped in the middle of a write to the file, all wait for it.
        let end = ContinuousClock.now + SharedBench.pause * 1.5
        var isTakenOver = false
        while !isTakenOver, ContinuousClock.now < end {
            try await Task.sleep(for: .milliseconds(250))
            let generation = try? await shared.generation(of: "worker-1")
            isTakenOver = generation.map { $0 > 1 } ?? false
        }
        stopped.send(SIGCONT)
        if count > 2 {
            try await shared.expectOrder(after: others, displaced: stopped)
        } else {
            try await shared.expectOrder(after: [stopped] + others)
        }
    }
}

/// - Parameter stopping: has one of them stop meanwhile, which is no matter for the others.
private func haveServicesOfTheirOwn(
    _ store: SharedStore, moto: MotoServer? = nil, runs count: Int, stopping: Bool = false
) async throws {
    try await withSharedBench(store, moto: moto, services: count) { shared in
        let first =
            stopping
            ? try await shared.startAndStop("converge", "worker-1", after: 5 + count)
            : try shared.start("converge", "worker-1")
        let others = try shared.services.dropFirst().map { try shared.start("converge", $0) }
        if stopping {
            try await Task.sleep(for: SharedBench.pause)
            first.send(SIGCONT)
        }
        try await shared.expectOrder(after: [first] + others)
    }
}
