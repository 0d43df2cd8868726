import Cryptography
import Foundation
import Journal
import Resources
import Simulation
import Testing

@Suite struct EnvelopeCipherTests {
    private let random = SeededRandom(seed: 1)
    private let context = Array("acme 1".utf8)
    private let text = Array("the state".utf8)

    @Test func textComesBack() async throws {
        let cipher = cipher(wrapping())
        for text in [[], text, Array(repeating: 7, count: 100_000)] {
            let sealed = try await cipher.seal(text, context: context)
            #expect(sealed.header.algorithm == "AES-256-GCM")
            #expect(sealed.bytes.count == text.count + 16)
            #expect(try await cipher.open(sealed, context: context, location: "here") == text)
        }
    }

    @Test func anotherRunAsksOnceAndSealsWithTheSameKey() async throws {
        let sealed = try await cipher(wrapping()).seal(text, context: context)
        let wrapping = wrapping()
        let cipher = cipher(wrapping)
        let texts = try await Array(1...50).concurrentMap(atOnce: 50) { _ in
            try await cipher.open(sealed, context: context, location: "here")
        }
        #expect(Set(texts) == [text])
        let another = try await cipher.seal(text, context: context)
        #expect(another.header.key == sealed.header.key)
        #expect(wrapping.requests == CountingWrapping.Requests(unwrapped: 1))
    }

    @Test func aNewKeyIsMadeOnce() async throws {
        let wrapping = wrapping()
        let cipher = cipher(wrapping)
        let sealed = try await Array(1...50).concurrentMap(atOnce: 50) { _ in
            try await cipher.seal(text, context: context)
        }
        #expect(Set(sealed.map(\.header.key)).count == 1)
        #expect(try await cipher.open(sealed[0], context: context, location: "here") == text)
        #expect(wrapping.requests == CountingWrapping.Requests(made: 1))
    }

    @Test func noNonceIsUsedTwice() async throws {
        let cipher = cipher(wrapping())
        let sealed = try await Array(1...5000).concurrentMap { _ in
            try await cipher.seal([], context: [])
        }
        #expect(Set(sealed.map(\.header.nonce)).count == 5000)
    }

    @Test func aFailureIsNotRemembered() async throws {
        let sealed = try await cipher(wrapping()).seal(text, context: context)
        let cipher = cipher(wrapping(failures: 1))
        await #expect(throws: CountingWrapping.Failure.self) {
            try await cipher.open(sealed, context: context, location: "here")
        }
        #expect(try await cipher.open(sealed, context: context, location: "here") == text)

        let maker = self.cipher(wrapping(failures: 1))
        await #expect(throws: CountingWrapping.Failure.self) {
            try await maker.seal(text, context: context)
        }
        _ = try await maker.seal(text, context: context)
    }

    @Test func oneCallerThatGivesUpDoesNotSpoilTheOthers() async throws {
        let cipher = cipher(wrapping())
        let first = Task { [text, context] in try await cipher.seal(text, context: context) }
        first.cancel()
        _ = await first.result
        _ = try await cipher.seal(text, context: context)
    }

    @Test func anotherWrappingIsRefused() async throws {
        let sealed = try await cipher(wrapping("one")).seal(text, context: context)
        let other = cipher(wrapping("two"))
        let expected = StateError.undecipherable(location: "here", detail: "not by two")
        await #expect(throws: expected) {
            try await other.open(sealed, context: context, location: "here")
        }
    }

    /// What was changed on the way, and what is said of it.
    @Test(arguments: [
        ("text", "it was changed after it was encrypted, or it belongs elsewhere"),
        ("context", "it was changed after it was encrypted, or it belongs elsewhere"),
        ("nonce", "it was changed after it was encrypted, or it belongs elsewhere"),
        ("short nonce", "its nonce is not 12 bytes"),
        ("algorithm", "it is encrypted with \"ROT13\", and this Launch knows only AES-256-GCM"),
        ("short key", "its key is not 32 bytes"),
    ])
    func changedTextIsRefused(_ change: String, _ detail: String) async throws {
        let cipher = cipher(wrapping())
        let sealed = try await cipher.seal(text, context: context)
        let key = sealed.header.key
        let header = EncryptionHeader(
            algorithm: change == "algorithm" ? "ROT13" : sealed.header.algorithm,
            nonce: change == "nonce"
                ? Data(count: 12).base64EncodedString()
                : change == "short nonce" ? "AAAA" : sealed.header.nonce,
            key: change == "short key"
                ? WrappedKey(id: key.id, wrapped: "AAAA", source: key.source) : key)
        let changed = SealedText(
            header: header, bytes: change == "text" ? sealed.bytes.reversed() : sealed.bytes)
        await #expect(throws: StateError.undecipherable(location: "here", detail: detail)) {
            try await cipher.open(
                changed, context: change == "context" ? [] : context, location: "here")
        }
        #expect(try await cipher.open(sealed, context: context, location: "here") == text)
    }

    @Test func textThatIsRefusedGivesNoKey() async throws {
        let sealed = try await cipher(wrapping()).seal(text, context: context)
        let cipher = cipher(wrapping())
        _ = try? await cipher.open(sealed, context: [], location: "here")
        #expect(try await cipher.seal(text, context: context).header.key != sealed.header.key)
    }

    private func wrapping(_ name: String = "one", failures: Int = 0) -> CountingWrapping {
        CountingWrapping(name, random: random, failures: failures)
    }

    private func cipher(_ wrapping: CountingWrapping) -> EnvelopeCipher {
        EnvelopeCipher(wrapping, encryption: AES256GCM(), random: random)
    }
}
