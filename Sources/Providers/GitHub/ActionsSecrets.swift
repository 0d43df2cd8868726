import HTTP
import Resources
import Services

import Foundation

/// Seals a message so that only the owner of a public key opens it; `nil` when it is no key.
package typealias Sealing = @Sendable (_ text: [UInt8], _ publicKey: [UInt8]) -> [UInt8]?

/// The verbs for `github.secret`: <https://docs.github.com/en/rest/actions/secrets>.
///
/// A secret has no place for a mark: it is ours by its name, which the project and the service
/// are in, as they are in a tunnel's.
struct ActionsSecrets: Sendable {
    let api: GitHubAPI
    /// `owner/name`.
    let repository: String
    let seal: Sealing

    static let kind = KindName(.github, "secret")
    static let permission = "Secrets: write"

    private var path: String { "/repos/\(repository)/actions/secrets" }

    /// One list. A token that may not see it does no harm where the project has and wants none.
    func observe(_ scope: Scope) async throws -> [ObservedResource] {
        try await purpose("list the secrets", nil).run {
            let all: [Value]
            do {
                all = try await api.list(path, in: "secrets")
            } catch let failure as GitHubFailure
                where failure.isForbidden && !scope.mayHold(Self.kind)
            {
                return []
            }
            return all.compactMap { listed in
                guard let name = listed["name"]?.string,
                    let address = ServiceSecret.address(named: name, project: scope.project),
                    scope.includes(address.service)
                else { return nil }
                let recorded = scope.recorded.first { $0.address == address }
                return observed(address, name, listed["updated_at"], recorded: recorded)
            }
        }
    }

    /// Writes the value, whatever was there before.
    func write(_ desired: Resource) async throws -> ObservedResource {
        let purpose = purpose("write the secret", desired.address)
        return try await purpose.run {
            guard case .secret(let value)? = desired["value"], let name = desired["name"]?.string
            else { throw purpose.error(.invalid, "it has no name or no value") }
            let key = try await api.send(.get, "\(path)/public-key")
            guard let id = key["key_id"]?.string,
                let bytes = key["key"]?.string.flatMap({ Data(base64Encoded: $0) }),
                let sealed = seal(Array(value.revealed.utf8), Array(bytes))
            else { throw purpose.error(.unavailable, "the repository's public key is unusable") }
            _ = try await api.send(
                .put, "\(path)/\(name)",
                [
                    "encrypted_value": .string(Data(sealed).base64EncodedString()),
                    "key_id": .string(id),
                ])
            let written = try await api.send(.get, "\(path)/\(name)")
            var made = observed(desired.address, name, written["updated_at"], recorded: nil)
            made.attributes["source"] = desired["source"]
            return made
        }
    }

    /// Removes the secret; already gone is fine.
    func delete(_ observed: ObservedResource) async throws {
        try await purpose("remove the secret", observed.address).run {
            do {
                _ = try await api.send(.delete, "\(path)/\(observed.id)")
            } catch let failure as GitHubFailure where failure.isNotFound {}
        }
    }

    /// It holds what Launch wrote while nobody has written it since.
    private func observed(
        _ address: Address, _ name: String, _ updated: Value?, recorded: RecordedResource?
    ) -> ObservedResource {
        let left = recorded?.attributes["updated_at"]
        return ObservedResource(
            address, id: name,
            attributes: [
                "name": .string(name), "updated_at": updated ?? .null,
                "intact": .boolean(left == nil || left == updated),
            ])
    }

    private func purpose(_ action: String, _ address: Address?) -> Purpose {
        Purpose(
            action: action, address: address, repository: repository, permission: Self.permission)
    }
}
