import Journal
import Resources
import Synchronization

/// A register in memory that goes wrong when told to.
final class InMemoryRegister: Register {
    enum Mishap: Sendable {
        /// The write arrives, its answer does not, and the client's repetition is refused. Then
        /// something else happens before anybody looks.
        case lostAnswer(then: @Sendable () async throws -> Void = {})
        /// Nothing arrives.
        case unreachable
    }

    private struct State {
        var object: StoredObject?
        var writes = 0
        var mishaps: [Mishap] = []
    }

    private let state: Mutex<State>

    init(_ text: String? = nil) {
        state = Mutex(State(object: text.map { StoredObject(bytes: Array($0.utf8), tag: "0") }))
    }

    static let unreachable = StateError.unreachable(location: "here", detail: "no answer")

    var location: String { "here" }
    var text: String { state.withLock { String(decoding: $0.object?.bytes ?? [], as: UTF8.self) } }
    var writes: Int { state.withLock { $0.writes } }

    /// What goes wrong with the next writes.
    func expect(_ mishaps: Mishap...) { state.withLock { $0.mishaps += mishaps } }

    func get() async throws -> StoredObject? { state.withLock { $0.object } }

    func put(_ bytes: [UInt8], if condition: WriteCondition) async throws -> WriteResult {
        let mishap = state.withLock { $0.mishaps.isEmpty ? nil : $0.mishaps.removeFirst() }
        if case .unreachable? = mishap { throw Self.unreachable }
        let result = replace(bytes, condition)
        guard case .lostAnswer(let then)? = mishap else { return result }
        try await then()
        return .refused
    }

    private func replace(_ bytes: [UInt8], _ condition: WriteCondition) -> WriteResult {
        state.withLock { state in
            guard condition == state.object.map({ .tag($0.tag) }) ?? .absent else {
                return .refused
            }
            state.writes += 1
            let tag = String(state.writes)
            state.object = StoredObject(bytes: bytes, tag: tag)
            return .written(tag: tag)
        }
    }
}
