package import Journal
package import Resources

extension JournalStore {
    /// A store over objects in memory, as one process has it: what it remembers of them is its own.
    package static func inMemory(
        _ objects: InMemoryObjects, project: String, digests: any Digesting,
        cipher: (any StateCipher)? = nil,
        terms: LeaseTerms = LeaseTerms(isProcessAlive: { _ in true }), time: any TimeSource,
        random: any RandomSource, whenWaiting: @escaping @Sendable (Lease) -> Void = { _ in }
    ) -> JournalStore {
        JournalStore(
            Parts(objects, key: "state", project: project, cipher: cipher, digests: digests),
            terms: terms, time: time, random: random, whenWaiting: whenWaiting)
    }
}
