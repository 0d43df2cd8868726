package import Foundation

/// What Launch knows of a project's world: one document, described by `schemas/state.schema.json`.
///
/// It is a cache: the world's ownership marks alone could bring it back. It holds no secret.
package struct StateDocument: Hashable, Sendable {
    /// The format that this program writes; it reads every older one as well.
    ///
    /// Format 1 had the same members, in tables of an SQLite file. Format 2 is kept as one
    /// snapshot with a journal of what came after it.
    package static let currentFormat = 2

    package var formatVersion: Int
    /// Names this state from its birth on; two states of one project differ in it.
    package var lineage: String
    /// Grows with every write.
    package var serial: Int
    package var project: String
    package var services: [String: ServiceState]
    /// Changes that were begun and whose end is not recorded.
    package var intents: [Intent]

    package init(
        lineage: String, serial: Int = 0, project: String, services: [String: ServiceState] = [:],
        intents: [Intent] = []
    ) {
        formatVersion = Self.currentFormat
        self.lineage = lineage
        self.serial = serial
        self.project = project
        self.services = services
        self.intents = intents
    }

    /// Every recorded resource, by address.
    package var resources: [Address: RecordedResource] {
        Dictionary(
            services.values.flatMap(\.resources).map { ($0.address, $0) },
            uniquingKeysWith: { first, _ in first })
    }

    /// How many objects have been made at `address` so far; part of the idempotency key.
    package func generation(of address: Address) -> Int {
        services[address.service]?.generations[address.description] ?? 0
    }
}

/// What is known of one service.
package struct ServiceState: Hashable, Sendable {
    /// Digest of the spec that was last converged in full.
    package var specDigest: String?
    package var target: String?
    package var environment: String?
    package var url: String?
    package var lastConvergedAt: Date?
    package var resources: [RecordedResource]
    /// Objects made so far at each address, also of those that are gone.
    package var generations: [String: Int]
    /// When each stage from push to serving was reached.
    package var timeline: [TimelineEntry]

    package init(
        specDigest: String? = nil, target: String? = nil, environment: String? = nil,
        url: String? = nil, lastConvergedAt: Date? = nil, resources: [RecordedResource] = [],
        generations: [String: Int] = [:], timeline: [TimelineEntry] = []
    ) {
        self.specDigest = specDigest
        self.target = target
        self.environment = environment
        self.url = url
        self.lastConvergedAt = lastConvergedAt
        self.resources = resources
        self.generations = generations
        self.timeline = timeline
    }
}

/// One stage that a service reached.
package struct TimelineEntry: Hashable, Sendable {
    package let stage: String
    package let reachedAt: Date
    /// How it is known, where nobody saw it; until when a certificate is valid.
    package let note: String?

    package init(stage: String, reachedAt: Date, note: String? = nil) {
        self.stage = stage
        self.reachedAt = reachedAt
        self.note = note
    }
}

/// One object as Launch left it.
package struct RecordedResource: Hashable, Sendable {
    package let address: Address
    package var id: String
    /// Canonical values of every field that is neither secret nor only for creation.
    package var attributes: [String: Value]
    /// Keyed digests of secret fields.
    package var fingerprints: [String: String]
    /// What it was made after; it is deleted before those.
    package var dependencies: [Address]
    package var createdAt: Date
    package var updatedAt: Date
    /// Whose run made it; `nil` for one that was found.
    package var createdBy: LeaseHolder?

    package init(
        address: Address, id: String, attributes: [String: Value],
        fingerprints: [String: String] = [:], dependencies: [Address] = [], createdAt: Date,
        updatedAt: Date, createdBy: LeaseHolder? = nil
    ) {
        self.address = address
        self.id = id
        self.attributes = attributes
        self.fingerprints = fingerprints
        self.dependencies = dependencies
        self.createdAt = createdAt
        self.updatedAt = updatedAt
        self.createdBy = createdBy
    }
}

/// A mutating call that is about to be made; durable before the call is.
package struct Intent: Hashable, Sendable, Identifiable {
    package enum Action: String, Sendable {
        case create, update, delete
        /// Its marks are taken off, and nothing else.
        case release
    }

    package let id: String
    package let address: Address
    package let action: Action
    /// The idempotency key of a creation.
    package let key: String?
    /// The object that is updated, deleted or let go.
    package let objectID: String?
    package let startedAt: Date
    /// Who does it: the run's name.
    package let run: String
    /// Why, in the plan's words.
    package let reason: String?

    package init(
        id: String, address: Address, action: Action, key: String? = nil, objectID: String? = nil,
        startedAt: Date, run: String, reason: String? = nil
    ) {
        self.id = id
        self.address = address
        self.action = action
        self.key = key
        self.objectID = objectID
        self.startedAt = startedAt
        self.run = run
        self.reason = reason
    }
}
