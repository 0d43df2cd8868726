import Foundation
import Resources
import Simulation

/// The rules about who may write.
extension StateStoreBench {
    func excludesOnOneService() async throws {
        try await store.exclusively(["web"], claim: claim(1)) { _ in
            let lease = try await onlyLease()
            try require(lease.holder, is: claim(1).holder, "the lease's holder")
            try require(lease.purpose, is: "converge", "the lease's purpose")
            try require(lease.since, is: clock.now(), "the lease's start")
            try await require(.locked(lease), "a second claim") {
                try await store.exclusively(["web"], claim: claim(2)) { _ in }
            }
        }
        try require(try await store.leases(), is: [], "the leases afterwards")
    }

    func runsTwoServicesSideBySide() async throws {
        let resources = [recorded(instance("api")), recorded(instance("web"))]
        try await store.exclusively(["web"], claim: claim(1)) { web in
            try await store.exclusively(["api"], claim: claim(2)) { api in
                try await api.record(.recorded(resources[0]), at: resources[0].address)
                try await web.record(.recorded(resources[1]), at: resources[1].address)
                let holders = try await store.leases().map(\.holder.pid)
                try require(holders, is: [2, 1], "the holders of api and web")
            }
        }
        try require(
            try await store.read().resources.values.sorted { $0.address < $1.address },
            is: resources, "the resources")
    }

    func takesAllLeasesOrNone() async throws {
        try await store.exclusively(["web"], claim: claim(1)) { _ in
            let held = try await onlyLease()
            try await require(.locked(held), "a claim on both services") {
                try await store.exclusively(["api", "web"], claim: claim(2)) { _ in }
            }
            try require(try await store.leases(), is: [held], "the leases")
        }
    }

    func waitsWithPatience() async throws {
        let entered = try await withThrowingTaskGroup(of: Double.self) { group in
            let start = clock.now()
            group.addTask {
                try await store.exclusively(["web"], claim: claim(1)) { _ in
                    try await clock.sleep(for: .seconds(100))
                }
                return 100
            }
            group.addTask {
                try await clock.sleep(for: .seconds(1))
                let claim = claim(2, patience: .seconds(300))
                return try await store.exclusively(["web"], claim: claim) { _ in
                    clock.now().timeIntervalSince(start)
                }
            }
            return try await group.reduce(0, max)
        }
        try require((100...102).contains(entered), is: true, "entering within two seconds")
    }

    func renewsLeases() async throws {
        try await store.exclusively(["web"], claim: claim(1)) { writer in
            let lease = try await onlyLease()
            try await clock.sleep(for: StateStoreContract.lifetime * 10)
            try require(try await onlyLease().id, is: lease.id, "the lease's id")
            try require(try await onlyLease().expires > clock.now(), is: true, "being renewed")
            let resource = recorded(instance())
            try await writer.record(.recorded(resource), at: resource.address)
        }
    }

    func takesOverAfterExpiry() async throws {
        try await store.exclusively(["web"], claim: claim(1)) { _ in
            let old = try await onlyLease()
            clock.advance(by: StateStoreContract.lifetime + .seconds(1))
            try await store.exclusively(["web"], claim: claim(2, host: "other")) { _ in
                let new = try await onlyLease()
                try require(new.holder.pid, is: 2, "the new holder")
                try require(new.generation, is: old.generation + 1, "the generation")
            }
            try require(try await store.leases(), is: [], "the leases of the old holder")
        }
    }

    func takesOverFromTheDead() async throws {
        let dead = claim(StateStoreContract.deadProcess)
        try await store.exclusively(["web"], claim: dead) { _ in
            let held = try await onlyLease()
            try await require(.locked(held), "a claim from another host") {
                try await store.exclusively(["web"], claim: claim(2, host: "other")) { _ in }
            }
            try await store.exclusively(["web"], claim: claim(2)) { _ in
                try require(try await onlyLease().holder.pid, is: 2, "the new holder")
            }
        }
    }

    func refusesWritesOfALostLease() async throws {
        let resource = recorded(instance())
        try await store.exclusively(["web"], claim: claim(1)) { old in
            try await old.intend(intent(resource.address))
            clock.advance(by: StateStoreContract.lifetime + .seconds(1))
            try await store.exclusively(["web"], claim: claim(2)) { new in
                let before = try await store.read()
                try await require(.leaseLost(service: "web"), "the old holder's write") {
                    try await old.record(.recorded(resource), at: resource.address)
                }
                try await require(.leaseLost(service: "web"), "the old holder's intent") {
                    try await old.intend(intent(resource.address, id: "2"))
                }
                try require(try await store.read(), is: before, "the document")
                try await new.record(.recorded(resource), at: resource.address)
            }
            try await require(.leaseLost(service: "web"), "a write when the other is gone") {
                try await old.record(.forgotten, at: resource.address)
            }
        }
    }

    func refusesWritesWithoutALease() async throws {
        let resource = recorded(instance("api"))
        try await store.exclusively(["web"], claim: claim(1)) { writer in
            try await require(.leaseLost(service: "api"), "a write to another service") {
                try await writer.record(.recorded(resource), at: resource.address)
            }
            try await store.exclusively(["api"], claim: claim(2)) { _ in
                try await require(.leaseLost(service: "api"), "a write under another's lease") {
                    try await writer.record(.recorded(resource), at: resource.address)
                }
            }
        }
    }

    func releasesAfterAnError() async throws {
        struct Mishap: Error {}
        do {
            try await store.exclusively(["api", "web"], claim: claim(1)) { _ in throw Mishap() }
        } catch is Mishap {
            return try require(try await store.leases(), is: [], "the leases")
        }
        throw StateStoreContract.Violation(description: "the error did not come through")
    }

    func releasesWhenCancelled() async throws {
        let wasCancelled = try await withThrowingTaskGroup(of: Bool.self) { group in
            group.addTask {
                do {
                    try await store.exclusively(["web"], claim: claim(1)) { _ in
                        try await clock.sleep(for: .seconds(1000))
                    }
                    return false
                } catch is CancellationError {
                    return true
                }
            }
            try await clock.sleep(for: .seconds(1))
            group.cancelAll()
            return try await group.reduce(true) { $0 && $1 }
        }
        try require(wasCancelled, is: true, "cancellation coming through")
        try require(try await store.leases(), is: [], "the leases")
    }

    private func onlyLease() async throws -> Lease {
        let leases = try await store.leases()
        guard let lease = leases.first, leases.count == 1 else {
            throw StateStoreContract.Violation(description: "one lease expected, not \(leases)")
        }
        return lease
    }
}
