import Cryptography
import Foundation
import Journal
import Resources
import Simulation
import Testing

@Suite struct PassphraseWrappingTests {
    private let wrapping = wrapping("correct horse battery")

    @Test func aKeyComesBack() async throws {
        let made = try await wrapping.makeKey()
        #expect(made.key.count == 32)
        #expect(try await wrapping.unwrap(made.wrapped, location: "here") == made.key)
        let other = Self.wrapping("correct horse battery", seed: 2)
        #expect(try await other.unwrap(made.wrapped, location: "here") == made.key)
    }

    @Test func twoKeysShareNothing() async throws {
        let first = try await wrapping.makeKey()
        let second = try await wrapping.makeKey()
        #expect(first.key != second.key)
        #expect(first.wrapped.id != second.wrapped.id)
        #expect(first.wrapped.source != second.wrapped.source)
    }

    @Test func anAccentMayBeComposedEitherWay() async throws {
        let made = try await Self.wrapping("caf\u{E9} au lait, bitte").makeKey()
        let other = Self.wrapping("cafe\u{301} au lait, bitte")
        #expect(try await other.unwrap(made.wrapped, location: "here") == made.key)
    }

    @Test func anotherPassphraseIsRefused() async throws {
        let made = try await wrapping.makeKey()
        let other = Self.wrapping("correct horse cattery")
        await #expect(
            throws: StateError.undecipherable(
                location: "here",
                detail: "the passphrase in LAUNCH_STATE_PASSPHRASE is not the one that it is "
                    + "encrypted with, or its wrapped key was changed")
        ) { try await other.unwrap(made.wrapped, location: "here") }
    }

    @Test func keysOfKMSAreRefused() async throws {
        let wrapped = WrappedKey(
            id: "1", wrapped: Data(count: 60).base64EncodedString(), source: .kms(keyID: "alias/a"))
        await #expect(
            throws: StateError.undecipherable(
                location: "here",
                detail: "its key is wrapped by the KMS key alias/a, and a passphrase is configured")
        ) { try await wrapping.unwrap(wrapped, location: "here") }
    }

    @Test(arguments: [
        (
            "", "the passphrase is empty"
        ),
        (
            "elevenchars", "the passphrase has 11 characters, and the least is 12"
        ),
    ])
    func aWeakPassphraseMakesNoKey(_ passphrase: String, _ detail: String) async throws {
        await #expect(
            throws: StateError.inaccessible(
                location: "LAUNCH_STATE_PASSPHRASE", detail: detail,
                remedy: "Set LAUNCH_STATE_PASSPHRASE to a passphrase that nobody guesses, "
                    + "for example from `openssl rand -base64 24`.")
        ) { try await Self.wrapping(passphrase).makeKey() }
    }

    /// What somebody who may write to the bucket could put into a header.
    @Test(arguments: [
        KeySource.scrypt(n: 1 << 18, r: 8, p: 1, salt: salt),
        .scrypt(n: 1 << 62, r: 8, p: 1, salt: salt), .scrypt(n: 1000, r: 8, p: 1, salt: salt),
        .scrypt(n: 0, r: 8, p: 1, salt: salt), .scrypt(n: -16, r: 8, p: 1, salt: salt),
        .scrypt(n: .min, r: 8, p: 1, salt: salt), .scrypt(n: 1, r: 8, p: 1, salt: salt),
        .scrypt(n: 16, r: 1 << 29, p: 1, salt: salt), .scrypt(n: 16, r: 0, p: 1, salt: salt),
        .scrypt(n: 16, r: 8, p: .max, salt: salt), .scrypt(n: 16, r: 8, p: 0, salt: salt),
        .scrypt(n: 16, r: 8, p: 1, salt: ""), .scrypt(n: 16, r: 8, p: 1, salt: "AAAA"),
        .scrypt(n: 16, r: 8, p: 1, salt: "no Base64"),
    ])
    func parametersOfAnotherAreRefusedUntried(_ source: KeySource) async throws {
        let wrapped = WrappedKey(
            id: "1", wrapped: Data(count: 60).base64EncodedString(), source: source)
        await #expect(
            throws: StateError.undecipherable(
                location: "here", detail: "it names parameters for scrypt that Launch does not use")
        ) { try await wrapping.unwrap(wrapped, location: "here") }
    }

    @Test(arguments: ["", "AAAA", "no Base64", Data(count: 12).base64EncodedString()])
    func aDamagedKeyIsRefused(_ text: String) async throws {
        let made = try await wrapping.makeKey().wrapped
        let damaged = WrappedKey(id: made.id, wrapped: text, source: made.source)
        await #expect(
            throws: StateError.undecipherable(
                location: "here", detail: "its wrapped key is damaged")
        ) { try await wrapping.unwrap(damaged, location: "here") }
    }

    @Test func anyFlippedBitIsRefused() async throws {
        let made = try await wrapping.makeKey().wrapped
        let bytes = try #require(Data(base64Encoded: made.wrapped))
        #expect(bytes.count == 60, "nonce, key and tag")
        for bit in 0..<bytes.count * 8 {
            var changed = bytes
            changed[bit / 8] ^= UInt8(1) << (bit % 8)
            let wrapped = WrappedKey(
                id: made.id, wrapped: changed.base64EncodedString(), source: made.source)
            await #expect(throws: StateError.self) {
                try await wrapping.unwrap(wrapped, location: "here")
            }
        }
        let renamed = WrappedKey(id: made.id + "0", wrapped: made.wrapped, source: made.source)
        await #expect(throws: StateError.self) {
            try await wrapping.unwrap(renamed, location: "here")
        }
    }

    @Test func aHeaderIsReadBack() async throws {
        let made = try await wrapping.makeKey().wrapped
        let text = try StateCoding.bytes(of: made)
        #expect(try StateCoding.read(WrappedKey.self, from: text) == made)
    }

    private static let salt = Data(count: 16).base64EncodedString()

    /// At a cost that tests can bear.
    private static func wrapping(_ passphrase: String, seed: UInt64 = 1) -> PassphraseWrapping {
        PassphraseWrapping(
            Secret(passphrase), from: "LAUNCH_STATE_PASSPHRASE", random: SeededRandom(seed: seed),
            cost: Scrypt.Cost(n: 16, r: 8, p: 1))
    }
}
