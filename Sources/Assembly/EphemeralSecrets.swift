import Resources

/// Asks for each secret the provider that its name begins with.
struct EphemeralSecrets: EphemeralSource {
    private let shelf: ProviderShelf

    init(_ shelf: ProviderShelf) { self.shelf = shelf }

    func secret(for ephemeral: Ephemeral) async throws -> Secret {
        let name = ephemeral.name.prefix { $0 != "." }
        let provider = try ProviderName(rawValue: String(name)).map(shelf.provider)
        guard let source = provider as? any EphemeralSource else {
            preconditionFailure("no provider has \(ephemeral.name)")
        }
        return try await source.secret(for: ephemeral)
    }
}
