import Foundation
import Journal
import Resources
import Synchronization

/// Wraps keys by writing them backwards, and counts how often it is asked.
final class CountingWrapping: KeyWrapping {
    /// How many keys it was asked for.
    struct Requests: Hashable {
        var made = 0
        var unwrapped = 0
    }

    private struct State {
        var requests = Requests()
        var failures: Int
    }

    struct Failure: Error {}

    private let name: String
    private let random: any RandomSource
    private let state: Mutex<State>

    /// - Parameter failures: how many calls fail before one works.
    init(_ name: String, random: any RandomSource, failures: Int = 0) {
        self.name = name
        self.random = random
        state = Mutex(State(failures: failures))
    }

    var requests: Requests { state.withLock { $0.requests } }

    func makeKey() async throws -> (key: [UInt8], wrapped: WrappedKey) {
        try await work { $0.made += 1 }
        let key = random.bytes(32)
        return (
            key,
            WrappedKey(
                id: random.hexadecimal(8), wrapped: Data(key.reversed()).base64EncodedString(),
                source: .kms(keyID: name))
        )
    }

    func unwrap(_ wrapped: WrappedKey, location: String) async throws -> [UInt8] {
        try await work { $0.unwrapped += 1 }
        guard wrapped.source == .kms(keyID: name), let key = Data(base64Encoded: wrapped.wrapped)
        else {
            throw StateError.undecipherable(location: location, detail: "not by \(name)")
        }
        return key.reversed()
    }

    private func work(_ count: (inout Requests) -> Void) async throws {
        await Task.yield()
        let fails = state.withLock { state in
            count(&state.requests)
            state.failures -= 1
            return state.failures >= 0
        }
        if fails { throw Failure() }
    }
}
