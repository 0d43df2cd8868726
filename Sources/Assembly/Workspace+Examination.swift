import AWS
import Reconciling
package import Resources
import ServiceFiles
import Services

extension Workspace {
    /// How long one provider may take: a host that swallows packets must not hold up the rest.
    private static let patience = Duration.seconds(60)

    /// Looks at the state store, then at every provider that the specs or the state need, all at
    /// once. Changes nothing but the store's file, which it makes where there is none.
    package func examine() async -> [Finding] {
        let desired = Dictionary(grouping: goal().desired, by: \.address.kind.provider)
        var needed = Set(desired.keys)
        let state = await Finding.of("state") {
            let document = try await store.prove()
            needed.formUnion(document.resources.keys.map(\.kind.provider))
            return [.good("state", "\(statePlace), serial \(document.serial)")]
        }
        return state
            + (await examine(needed) { [shelf] name in
                try await shelf.provider(name).examine(for: desired[name] ?? [])
            })
    }

    /// The least-privilege policy of IAM for what the specs want of AWS; asks nobody.
    package var awsPolicy: Value {
        let desired = goal().desired.filter { $0.address.kind.provider == .aws }
        return AWSPolicy(for: desired, in: repository.project).document
    }

    /// Where launch.yaml puts the state, for people.
    package var statePlace: String {
        let settings = repository.project.state
        return switch settings.backend {
        case .sqlite: "SQLite at \(settings.path)"
        case .s3:
            "s3://\(settings.bucket ?? "")/\(settings.key ?? "")"
                + (settings.endpoint.map { " at \($0)" } ?? "")
        }
    }

    /// The findings in order of provider, whichever answers first.
    private func examine(
        _ providers: Set<ProviderName>,
        _ look: @escaping @Sendable (ProviderName) async throws -> [Finding]
    ) async -> [Finding] {
        await withTaskGroup(of: (ProviderName, [Finding]).self) { group in
            for name in providers {
                group.addTask {
                    (name, await Finding.of(name.title) { try await hurrying(name, look) })
                }
            }
            return await group.reduce(into: [ProviderName: [Finding]]()) { $0[$1.0] = $1.1 }
                .sorted { $0.key < $1.key }.flatMap(\.value)
        }
    }

    /// - Throws: `ProviderError` with `.timedOut` when it takes longer than the patience.
    private func hurrying(
        _ name: ProviderName,
        _ look: @escaping @Sendable (ProviderName) async throws -> [Finding]
    ) async throws -> [Finding] {
        try await withThrowingTaskGroup(of: [Finding].self) { group in
            group.addTask { try await look(name) }
            group.addTask { [surroundings] in
                try await surroundings.time.sleep(for: Self.patience)
                throw ProviderError(
                    .timedOut, provider: name, action: "examine \(name.title)",
                    detail: "no answer within \(Self.patience.components.seconds) s",
                    remedy: "Check the endpoint and the network.")
            }
            defer { group.cancelAll() }
            return try await group.next() ?? []
        }
    }
}

extension ProviderName {
    fileprivate var title: String {
        switch self {
        case .aws: "AWS"
        case .proxmox: "Proxmox VE"
        case .cloudflare: "Cloudflare"
        case .github: "GitHub"
        }
    }
}
