import Cryptography
import Foundation
import Journal
import Resources
import Simulation
import TestSupport

/// A state to do harm to: a snapshot of everything up to entry 0, a segment of 64 entries and
/// six more, and a lease that was given back.
struct DamageBench: Sendable {
    static let place = "memory://bucket/"
    static let marks = "objects are found again by their marks."

    var bench: JournalBench
    /// As it was before any harm.
    let contents: [String: [UInt8]]
    let document: StateDocument

    init(
        _ clock: VirtualClock, isEncrypted: Bool = false, project: String = "acme",
        lineage: String = "one"
    ) async throws {
        bench = JournalBench(clock)
        if isEncrypted { bench.cipher = Self.cipher("one", bench.random) }
        // So large that the journal never outweighs it.
        let large = StateDocument(
            lineage: lineage, project: project,
            services: [
                "other": ServiceState(
                    resources: (1...500).map { [bench] in bench.resource("other", $0, slot: $0) })
            ])
        let store = bench.process(project: project, earlierForm: EarlierDocument(left: large))
        try await bench.write(70, by: store)
        document = try await store.read()
        contents = bench.objects.contents
    }

    /// - Parameter key: the name of the key that wraps data keys.
    static func cipher(_ key: String, _ random: any RandomSource) -> EnvelopeCipher {
        EnvelopeCipher(
            CountingWrapping(key, random: random), encryption: AES256GCM(), random: random)
    }

    static func entry(_ position: Int) -> String { "state.journal/\(padded(position))" }
    static func segment(_ last: Int) -> String { "state.segments/\(padded(last))" }

    static func padded(_ number: Int) -> String {
        String(repeating: "0", count: 20 - String(number).count) + String(number)
    }

    /// What new processes say to `contents` in the store's place.
    /// - Returns: one text for each use; `fine` when it read the state as it was before.
    func reactions(to contents: [String: [UInt8]]) async -> [Use: String] {
        var reactions: [Use: String] = [:]
        for use in Use.allCases { reactions[use] = await reaction(to: contents, use) }
        return reactions
    }

    func reaction(to contents: [String: [UInt8]], _ use: Use = .read) async -> String {
        let objects = InMemoryObjects()
        objects.contents = contents
        let store = bench.process(objects: objects)
        do {
            switch use {
            case .read: return try await verdict(store.read())
            case .write:
                let read = try await store.exclusively(["web"], claim: bench.claim()) {
                    try await $0.document()
                }
                return verdict(read)
            case .history:
                let serials = try await store.history(of: nil, limit: 1000).map(\.serial)
                return serials == Array((1...70).reversed()) ? "fine" : "wrong: \(serials)"
            }
        } catch let error as StateError {
            return objects.contents == contents ? "\(error)" : "it wrote, then: \(error)"
        } catch {
            return "another error: \(error)"
        }
    }

    private func verdict(_ read: StateDocument) -> String {
        read == document ? "fine" : "wrong: serial \(read.serial) of \(read.lineage)"
    }

    enum Use: CaseIterable {
        case read, write, history

        /// The same for every use.
        static func all(_ text: String) -> [Use: String] {
            Dictionary(uniqueKeysWithValues: allCases.map { ($0, text) })
        }
    }
}
