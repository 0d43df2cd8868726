import Assembly
import Foundation
import Planning
import Resources
import ServiceFiles
import Services
import Simulation
import TestSupport
import Testing

@testable import Reconciling

/// With the state gone, the world's ownership marks alone bring it back.
@Suite struct RebuildTests {
    /// What is wrong after a converge, the loss of the state and a rebuild.
    private func outcome(
        of repository: Repository, in fleet: Fleet
    ) async throws -> [String] {
        var problems = try await fleet.converge(repository).failures.map(\.message)
        let lost = try await fleet.store.read()

        let bereft = fleet.withoutState()
        let counted = ReadOnlyClient(fleet.world)
        let rebuild = try await bereft.rebuild(repository, http: counted)
        let found = try await bereft.store.read()
        if rebuild.summary != [.recorded: lost.resources.count] {
            problems.append("rebuilt: \(rebuild.summary)")
        }
        problems += lost.differences(from: found)
        problems += try await bereft.shortfalls(of: repository)
        problems += try await bereft.converge(repository, http: counted).failures.map(\.message)
        problems += counted.changes.map { "a change was asked for: \($0)" }

        let unprotected = repository.with { $0.protect = false }
        problems += try await bereft.converge(unprotected).failures.map(\.message)
        problems += try await bereft.destroy(unprotected).failures.map(\.message)
        return problems + bereft.world.inventory.map { "left: \($0)" }
    }

    @Test func theExamplesAreRecordedAgain() async throws {
        let repository = try Repository.examples()
        let problems = try await withVirtualTime { clock in
            try await outcome(of: repository, in: Fleet(clock))
        }
        #expect(problems == [])
    }

    @Test func everySettingIsRecordedAgain() async throws {
        let problems = try await withVirtualTime { clock in
            let fleet = Fleet(clock)
            return try await outcome(of: .full(in: fleet.world), in: fleet)
        }
        #expect(problems == [])
    }

    @Test(arguments: 0..<30) func anyRepositoryIsRecordedAgain(seed: Int) async throws {
        let repository = Repository.random(seed: UInt64(seed))
        let problems = try await withVirtualTime { clock in
            try await outcome(of: repository, in: Fleet(clock))
        }
        #expect(problems == [])
    }

    /// One of its objects is on a provider that no spec names any more.
    @Test func whatIsInNoSpecIsRecordedAndThenDeleted() async throws {
        let examples = try Repository.examples()
        let rest = Repository(
            project: examples.project, services: examples.services.filter { $0.name == "worker" })
        let (planned, kinds, left) = try await withVirtualTime { clock in
            let fleet = Fleet(clock)
            try await fleet.converge(examples)
            let bereft = fleet.withoutState()
            let rebuild = try await bereft.rebuild(rest)
            let workspace = bereft.workspace(rest)
            let plan = try await workspace.reconciler.plan(workspace.goal(withData: true))
            let document = try await bereft.store.read()
            let machine = document.resources.values.first { $0.address.kind.name == "instance" }
            try await bereft.converge(rest)
            return (
                Set(plan.effective.map { "\($0.action) \($0.service)" }),
                Set(rebuild.entries.map(\.address.kind.provider))
                    .union(machine?.dependencies.map(\.kind.provider) ?? []),
                bereft.world.inventory
            )
        }
        #expect(planned == ["delete librechat", "delete mcp"])
        #expect(kinds == Set(ProviderName.allCases))
        #expect(left == ["proxmox container": 1, "github runner": 1])
    }

    @Test func whereThereAreNoCredentialsIsNotLookedAt() async throws {
        let examples = try Repository.examples()
        let rest = Repository(
            project: examples.project, services: examples.services.filter { $0.name == "worker" })
        try await withVirtualTime { clock in
            let fleet = Fleet(clock)
            let environment = fleet.world.environment.filter { !$0.key.hasPrefix("AWS_") }
            let workspace = Workspace(
                rest, store: fleet.store,
                surroundings: Surroundings(
                    http: fleet.world, time: clock, random: fleet.random,
                    environment: environment),
                events: SilentEvents())
            #expect(workspace.notLookedAt == [.aws])
            #expect(workspace.rebuildGoal().providers == [.cloudflare, .github, .proxmox])
        }
    }

    @Test func twoObjectsOfOneAddressAreNamedAndNothingIsWritten() async throws {
        let repository = try Repository.examples()
        let (error, ids, document) = try await withVirtualTime { clock in
            let fleet = Fleet(clock)
            try await fleet.converge(repository)
            let address = Address(service: "librechat", kind: KindName(.aws, "volume"))
            let workspace = fleet.workspace(repository)
            let wanted = try #require(
                workspace.goal().desired.first { $0.address == address })
            let twin = try await workspace.reconciler.providers(.aws)
                .create(wanted, key: IdempotencyKey("another"))
            let original = try await fleet.store.read().resources[address]?.id ?? ""
            let bereft = fleet.withoutState()
            let error = await #expect(throws: ReconcilingError.self) {
                try await bereft.rebuild(repository)
            }
            return (error, [original, twin.id].sorted(), try await bereft.store.read())
        }
        #expect(
            error
                == .ambiguousMark(
                    Address(service: "librechat", kind: KindName(.aws, "volume")), ids: ids))
        #expect(document.services == [:])
    }

    @Test func aStateThatIsThereIsReplacedOnlyByForce() async throws {
        let repository = try Repository.examples()
        try await withVirtualTime { clock in
            let fleet = Fleet(clock)
            try await fleet.converge(repository)
            let before = try await fleet.store.read()
            await #expect(throws: ReconcilingError.stateInPlace(objects: before.resources.count)) {
                try await fleet.rebuild(repository)
            }
            #expect(try await fleet.rebuild(repository, force: true).isEmpty)
            #expect(try await fleet.store.read() == before)

            let wrong = Address(service: "worker", kind: KindName(.proxmox, "lxc"))
            let unknown = Address(service: "mcp", kind: KindName(.github, "runner"))
            let gone = Address(service: "gone", kind: KindName(.proxmox, "vm"))
            let record = try #require(before.resources[wrong])
            try await fleet.store.exclusively(["worker", "mcp", "gone"], claim: Fleet.claim) {
                writer in
                var other = record
                other.id = "9999"
                try await writer.record(.recorded(other), at: wrong)
                try await writer.record(.forgotten, at: unknown)
                try await writer.record(.created(record.moved(to: gone)), at: gone)
            }
            let rebuild = try await fleet.rebuild(repository, force: true)
            #expect(
                rebuild.entries.filter { $0.fate != .kept }.map { "\($0.fate) \($0.address)" } == [
                    "forgotten gone/proxmox.vm", "recorded mcp/github.runner",
                    "replaced worker/proxmox.lxc",
                ])
            let after = try await fleet.store.read()
            #expect(after.lineage == before.lineage)
            #expect(after.serial > before.serial)
            #expect(before.differences(from: after) == [])
            #expect(try await fleet.shortfalls(of: repository) == [])
        }
    }

    @Test func whatIsDeclinedIsNotWritten() async throws {
        let repository = try Repository.examples()
        let document = try await withVirtualTime { clock in
            let fleet = Fleet(clock)
            try await fleet.converge(repository)
            let bereft = fleet.withoutState()
            let workspace = bereft.workspace(repository)
            await #expect(throws: ReconcilingError.declined) {
                _ = try await workspace.reconciler.rebuild(
                    workspace.rebuildGoal(), claim: Fleet.claim
                ) { _ in throw ReconcilingError.declined }
            }
            return try await bereft.store.read()
        }
        #expect(document.services == [:])
        #expect(document.serial == 0)
    }
}

extension StateDocument {
    /// Where another state tells something else of the same objects, times apart.
    fileprivate func differences(from other: StateDocument) -> [String] {
        Set(resources.keys).union(other.resources.keys).sorted().compactMap { address in
            let (own, its) = (resources[address]?.timeless, other.resources[address]?.timeless)
            return own == its ? nil : "\(address) was recorded otherwise"
        }
            + services.keys.sorted().compactMap { name in
                let (own, its) = (services[name]?.description, other.services[name]?.description)
                return own == its ? nil : "\(name) was described otherwise"
            }.filter { _ in services.keys == other.services.keys }
    }
}

extension ServiceState {
    fileprivate var description: [String?] { [specDigest, target, environment, url] }
}

extension RecordedResource {
    /// Without times and maker, without what the provider alone decides, and without the fingerprints of
    /// values that no provider shows.
    fileprivate var timeless: RecordedResource {
        var record = self
        let kind = Workspace.kinds[address.kind]
        record.attributes = attributes.filter { name, _ in
            !(kind?[name]?.traits.contains(.computed) ?? true)
        }
        record.fingerprints = [:]
        record.createdAt = .distantPast
        record.updatedAt = .distantPast
        record.createdBy = nil
        return record
    }

    fileprivate func moved(to address: Address) -> RecordedResource {
        RecordedResource(
            address: address, id: "1", attributes: attributes, createdAt: createdAt,
            updatedAt: updatedAt)
    }
}
