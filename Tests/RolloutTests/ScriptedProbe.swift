import Resources
import Rollout
import Synchronization

/// Shows each look what its script says, one sighting after the other; the last one stays.
final class ScriptedProbe: StageProbe {
    private let script: Mutex<[Look: [Sighting]]>
    private let lines: [String]

    init(_ script: [Look: [Sighting]], log: [String] = []) {
        self.script = Mutex(script)
        lines = log
    }

    func see(_ looks: [Look]) async throws -> [Look: Sighting] {
        script.withLock { script in
            looks.reduce(into: [:]) { seen, look in
                seen[look] = script[look]?.first ?? .reached
                if script[look]?.count ?? 0 > 1 { script[look]?.removeFirst() }
            }
        }
    }

    func log(of look: Look) async -> [String] { lines }
}
