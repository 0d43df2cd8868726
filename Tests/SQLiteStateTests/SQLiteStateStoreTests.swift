import Foundation
import Resources
import SQLiteState
import Simulation
import TestSupport
import Testing

@Suite struct SQLiteStateStoreTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    @Test(arguments: StateStoreContract.Rule.allCases)
    func honoursTheContract(_ rule: StateStoreContract.Rule) async throws {
        let contract = StateStoreContract { clock, terms in
            folder.store(time: clock, terms: terms)
        }
        try await contract.check(rule)
    }

    @Test func readingCreatesNothing() async throws {
        _ = try await folder.store().read()
        _ = try await folder.store().leases()
        _ = try await folder.store().history(limit: 1)
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.url.path) == [])
    }

    @Test func onlyTheOwnerMayReadWhatItMakes() async throws {
        try await folder.store().record([])
        let file = try FileManager.default.attributesOfItem(atPath: folder.statePath)
        let parent = URL(filePath: folder.statePath).deletingLastPathComponent().path
        let made = try FileManager.default.attributesOfItem(atPath: parent)
        #expect(file[.posixPermissions] as? Int == 0o600)
        #expect(made[.posixPermissions] as? Int == 0o700)
    }

    @Test func leavesOneFileThatCanBeCopied() async throws {
        let store = folder.store()
        try await store.record([volume("a")])
        let parent = URL(filePath: folder.statePath).deletingLastPathComponent()
        let files = try FileManager.default.contentsOfDirectory(atPath: parent.path)
        #expect(files == ["launch.sqlite"])

        let copy = try TemporaryFolder()
        try FileManager.default.copyItem(
            at: parent, to: copy.url.appending(path: "state"))
        #expect(try await copy.store().read() == store.read())
    }

    @Test func keepsItsLineageForALaterProcess() async throws {
        try await folder.store(seed: 1).record([volume("a")])
        let lineage = try await folder.store(seed: 2).read().lineage
        #expect(lineage == SeededRandom(seed: 1).hexadecimal(32))
    }

    @Test func aFileThatWasMadeButNeverWrittenIsEmpty() async throws {
        try await folder.store().record([])
        try Data().write(to: URL(filePath: folder.statePath))
        #expect(try await folder.store().read().services == [:])
        try await folder.store().record([volume("a")])
        #expect(try await folder.store().read().resources.count == 1)
    }

    @Test func aFileThatIsTakenAwayInMidRunSwallowsNothing() async throws {
        let store = folder.store()
        try await store.record([volume("a")])
        try await store.exclusively(["web"], claim: claim) { writer in
            try FileManager.default.removeItem(atPath: folder.statePath)
            await #expect(
                throws: StateError.unwritable(
                    location: folder.statePath, detail: "the file is gone")
            ) {
                try await writer.record(.recorded(volume("b")), at: volume("b").address)
            }
        }
        #expect(try await store.read().services == [:])
    }

    @Test func twoProcessesKeepEachOthersLeases() async throws {
        try await withVirtualTime { clock in
            let (one, other) = (folder.store(time: clock), folder.store(time: clock, seed: 2))
            try await one.exclusively(["web"], claim: claim) { _ in
                let lease = try #require(try await other.leases().first)
                await #expect(throws: StateError.locked(lease)) {
                    try await other.exclusively(["web"], claim: claim) { _ in }
                }
            }
        }
    }

    @Test func manyWritersLoseNoWrite() async throws {
        let folder = folder
        let services = (1...8).map { "service-\($0)" }
        try await withThrowingTaskGroup(of: Void.self) { group in
            for (index, service) in services.enumerated() {
                group.addTask {
                    let store = folder.store(seed: UInt64(index))
                    try await store.exclusively([service], claim: claim) { writer in
                        for turn in 1...5 {
                            try await writer.describe(service) { $0.url = String(turn) }
                        }
                    }
                }
            }
            try await group.waitForAll()
        }
        let document = try await folder.store().read()
        #expect(document.serial == 40)
        #expect(document.services.mapValues(\.url) == services.reduce(into: [:]) { $0[$1] = "5" })
    }

    @Test func historySaysWhoDidWhat() async throws {
        let clock = VirtualClock()
        let store = folder.store(time: clock)
        try await store.record([volume("a"), volume("b")])
        let entries = [2, 1].map { serial in
            HistoryEntry(
                serial: serial, at: clock.now(), who: "ada@laptop (process 1)",
                what: "web/aws.volume/\(serial == 1 ? "a" : "b"): recorded")
        }
        #expect(try await store.history(limit: 10) == entries)
        #expect(try await store.history(limit: 1) == [entries[0]])
    }

    @Test func tellsOnceWhomItWaitsFor() async throws {
        try await withVirtualTime { clock in
            let waits = Waits()
            let store = SQLiteStateStore(
                path: folder.statePath, project: StateStoreContract.project,
                terms: LeaseTerms { _ in true }, time: clock, random: SeededRandom(seed: 1),
                whenWaiting: { waits.add($0) })
            try await store.exclusively(["web"], claim: claim) { _ in
                let lease = try #require(try await store.leases().first)
                let patient = LeaseClaim(
                    holder: claim.holder, purpose: "plan", patience: .seconds(30))
                await #expect(throws: StateError.self) {
                    try await store.exclusively(["web"], claim: patient) { _ in }
                }
                #expect(waits.leases == [lease])
            }
        }
    }
}
