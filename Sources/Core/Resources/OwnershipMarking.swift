/// A provider whose objects can change hands: marks are put on them and taken off, and nothing
/// else of them changes.
package protocol OwnershipMarking: Provider {
    /// The kinds whose objects have no place for a mark that can be put on and taken off: they are
    /// the project's by the names that they were made with.
    var kindsFoundByName: Set<KindName> { get }

    /// Puts the project's marks on an object, so that it counts as `desired` from then on. Safe
    /// to repeat.
    ///
    /// - Parameter id: the provider's own identifier, as `observe` or the provider's console shows
    ///   it. The object must bear nobody's mark, or already the wanted one.
    /// - Throws: `ProviderError` with `.notFound`, `.conflict` when it bears another's mark,
    ///   `.unsupported` for a kind whose objects are found by their name alone.
    func adopt(_ id: String, as desired: Resource) async throws

    /// Takes the project's marks off, and changes nothing else: the object is nobody's from then
    /// on. Safe to repeat; already gone, or another's by now, is fine.
    ///
    /// - Throws: `ProviderError` with `.unsupported` for a kind of `kindsFoundByName`.
    func release(_ observed: ObservedResource) async throws
}

extension OwnershipMarking {
    /// Refuses to change the hands of what is found by its name.
    package func requireMarkable(_ address: Address, for action: String) throws {
        guard kindsFoundByName.contains(address.kind) else { return }
        throw ProviderError(
            .unsupported, provider: name, address: address, action: action,
            detail:
                "a \(address.kind) says whose it is by its name alone, which stays as it was made",
            remedy: "Let `launch converge` make the service's own, then remove the other by hand.")
    }
}
