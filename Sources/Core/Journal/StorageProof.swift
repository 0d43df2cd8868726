package import Resources

/// Proves that a store keeps what the state rests on, with a scratch object.
///
/// It takes ten requests one after the other, so it cannot see a store that checks and writes in
/// two steps, nor a list that ends at a page.
package enum StorageProof {
    /// - Parameter prefix: where the scratch object is made, under a random name; it is removed,
    ///   however the proof ends.
    /// - Throws: `StateError.untrustworthy` for a promise that is not kept; else what the storage
    ///   throws.
    package static func prove(
        _ storage: any ObjectStorage, scratch prefix: String, random: any RandomSource
    ) async throws {
        let key = prefix + random.hexadecimal(32)
        do {
            try await proveScratch(storage, at: key, random: random)
        } catch {
            // What the proof found matters more than an object that stays behind.
            try? await shielded { try await storage.delete(key) }
            throw error
        }
    }

    /// The part of the proof that a single value can pass.
    /// - Parameter scratch: a register like the one to prove, whose value matters to nobody; a
    ///   value stays in it.
    /// - Throws: as for a storage.
    package static func prove(
        _ scratch: any Register, random: any RandomSource
    ) async throws {
        _ = try await RegisterProof(scratch, location: scratch.location, random: random).prove()
    }

    private static func proveScratch(
        _ storage: any ObjectStorage, at key: String, random: any RandomSource
    ) async throws {
        let proof = RegisterProof(
            ObjectRegister(storage, key: key), location: storage.location, random: random)
        let last = try await proof.prove()
        let listed = try await storage.list(key, after: nil)
        guard listed == [ListedObject(key: key, size: last.bytes.count)] else {
            throw proof.broken("its list does not show an object that was just written")
        }
        try await storage.delete(key)
        guard try await storage.get(key) == nil else {
            throw proof.broken("it shows an object that was just deleted")
        }
        try await proof.refuses(
            .tag(last.tag), else: "it makes an object that `If-Match` should only replace")
    }
}

/// The steps of a proof on one value.
private struct RegisterProof {
    private let register: any Register
    private let location: String
    private let random: any RandomSource

    init(_ register: any Register, location: String, random: any RandomSource) {
        self.register = register
        self.location = location
        self.random = random
    }

    /// Six requests.
    /// - Returns: the value as the proof leaves it.
    func prove() async throws -> StoredObject {
        let found = try await register.get()
        let first = try await accepts(
            found.map { .tag($0.tag) } ?? .absent, else: "it refuses a write that it should accept")
        try await refuses(
            .absent, else: "it overwrites an object that `If-None-Match: *` should protect")
        let second = try await accepts(
            .tag(first.tag), else: "it refuses to replace the version that `If-Match` names")
        guard second.tag != first.tag else {
            throw broken("it gives two versions of an object the same tag")
        }
        try await refuses(
            .tag(first.tag), else: "it overwrites another version than `If-Match` names")
        guard try await register.get() == second else {
            throw broken("it does not show what was just written")
        }
        return second
    }

    /// - Parameter promise: what to say when it is not so.
    func refuses(_ condition: WriteCondition, else promise: String) async throws {
        guard try await register.put(newValue(), if: condition) != .refused else { return }
        guard try await register.get() != nil else {
            throw broken("it acknowledges a write and keeps nothing of it")
        }
        throw broken(promise)
    }

    private func accepts(
        _ condition: WriteCondition, else promise: String
    ) async throws -> StoredObject {
        let bytes = newValue()
        if case .written(let tag) = try await register.put(bytes, if: condition) {
            return StoredObject(bytes: bytes, tag: tag)
        }
        // The first attempt may have arrived, and its answer been lost.
        guard let found = try await register.get(), found.bytes == bytes else {
            throw broken(promise)
        }
        return found
    }

    func broken(_ promise: String) -> StateError {
        .untrustworthy(location: location, promise: promise)
    }

    /// Unlike any other, so that what is read tells which write it is of.
    private func newValue() -> [UInt8] { Array("launch proof \(random.hexadecimal(32))\n".utf8) }
}
