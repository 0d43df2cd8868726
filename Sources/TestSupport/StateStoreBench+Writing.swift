import Foundation
import Resources
import Simulation

/// The rules about what is written.
extension StateStoreBench {
    func startsEmpty() async throws {
        let document = try await store.read()
        let expected = StateDocument(
            lineage: document.lineage, project: StateStoreContract.project)
        try require(document, is: expected, "the document")
        try require(document.lineage.isEmpty, is: false, "a lineage without text")
        try require(try await store.leases(), is: [], "the leases")
    }

    func keepsWhatIsWritten() async throws {
        let first = recorded(instance())
        let second = recorded(Address(service: "web", kind: KindName(.aws, "volume"), key: "ü"))
        let other = recorded(instance("api"))
        let seen = try await store.exclusively(["web", "api"], claim: claim()) { writer in
            try await writer.record(.recorded(second), at: second.address)
            try await writer.record(.recorded(first), at: first.address)
            try await writer.record(.recorded(other), at: other.address)
            return try await writer.document()
        }
        var expected = StateDocument(
            lineage: seen.lineage, serial: 3, project: StateStoreContract.project)
        expected.services = [
            "web": ServiceState(resources: [first, second]),
            "api": ServiceState(resources: [other]),
        ]
        try require(seen, is: expected, "the writer's document")
        try require(try await store.read(), is: expected, "the document read afterwards")
    }

    func settlesIntents() async throws {
        let begun = [intent(instance(), id: "1"), intent(instance(), id: "2", .delete)]
        try await store.exclusively(["web"], claim: claim()) { writer in
            for intent in begun + begun { try await writer.intend(intent) }
            try require(try await store.read().intents, is: begun, "the open intents")
            try await writer.settle(begun[0], as: .unchanged)
        }
        let document = try await store.read()
        try require(document.intents, is: [begun[1]], "the intents left open")
        try require(document.services, is: [:], "the services after nothing happened")
    }

    func countsGenerations() async throws {
        let address = instance()
        let resource = recorded(address)
        try await store.exclusively(["web"], claim: claim()) { writer in
            for number in 1...2 {
                let intent = intent(address, id: String(number))
                try await writer.intend(intent)
                try await writer.settle(intent, as: .created(resource))
                try await writer.record(.recorded(resource), at: address)
                try await writer.record(.forgotten, at: address)
            }
        }
        let document = try await store.read()
        try require(document.generation(of: address), is: 2, "the generation")
        try require(document.generation(of: instance("api")), is: 0, "an unknown generation")
    }

    func forgets() async throws {
        let resource = recorded(instance())
        try await store.exclusively(["web"], claim: claim()) { writer in
            try await writer.record(.recorded(resource), at: resource.address)
            try await writer.record(.forgotten, at: resource.address)
            try await writer.record(.forgotten, at: resource.address)
        }
        let document = try await store.read()
        try require(document.services, is: [:], "the services")
        try require(document.serial, is: 2, "the serial")
    }

    func describesWithoutTouchingResources() async throws {
        let resource = recorded(instance())
        let now = clock.now()
        let reached = TimelineEntry(stage: "serving", reachedAt: now)
        try await store.exclusively(["web"], claim: claim()) { writer in
            try await writer.record(.created(resource), at: resource.address)
            try await writer.describe("web") { state in
                state.specDigest = "d1"
                state.lastConvergedAt = now
                state.timeline.append(reached)
                state.resources = []
                state.generations = [:]
            }
        }
        let expected = ServiceState(
            specDigest: "d1", lastConvergedAt: now, resources: [resource],
            generations: [resource.address.description: 1], timeline: [reached])
        try require(try await store.read().services, is: ["web": expected], "the services")
    }

    func countsWrites() async throws {
        let resource = recorded(instance())
        let serials = try await store.exclusively(["web"], claim: claim()) { writer in
            var serials = [try await writer.document().serial]
            try await writer.record(.recorded(resource), at: resource.address)
            serials.append(try await writer.document().serial)
            try await writer.record(.recorded(resource), at: resource.address)
            try await writer.record(.unchanged, at: resource.address)
            serials.append(try await writer.document().serial)
            try await writer.record(.forgotten, at: resource.address)
            serials.append(try await writer.document().serial)
            return serials
        }
        try require(serials, is: [0, 1, 1, 2], "the serials")
        let lineages = Set([try await store.read().lineage, try await store.read().lineage])
        try require(lineages.count, is: 1, "the number of lineages")
    }

    func refusesSecrets() async throws {
        let resource = recorded(instance(), size: ["deep": [.secret(Secret("hunter2"))]])
        do {
            try await store.exclusively(["web"], claim: claim()) { writer in
                try await writer.record(.recorded(resource), at: resource.address)
            }
        } catch is EncodingError {
            return try require(try await store.read().services, is: [:], "the services")
        }
        throw StateStoreContract.Violation(description: "a secret was written")
    }
}
