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
    /// Those whose secrets are looked at besides the repository's.
    let environments: Set<String>
    let seal: Sealing

    static let kind = KindName(.github, "secret")
    static let permission = "Secrets: write"
    static let environmentPermission = "Environments: write"

    /// One list, and one more for each environment that has secrets of ours. A token that may not
    /// see the repository's does no harm where the project has and wants none.
    func observe(_ scope: Scope) async throws -> [ObservedResource] {
        let records = scope.recorded.filter { $0.address.kind == Self.kind }
        let places = environments.union(records.compactMap { $0.attributes["environment"]?.string })
        let ofRepository = try await purpose("list the secrets", nil).run {
            do {
                return try await list(nil, scope)
            } catch let failure as GitHubFailure
                where failure.isForbidden && !scope.mayHold(Self.kind)
            {
                return []
            }
        }
        let ofEnvironments = try await places.sorted().concurrentMap { place in
            try await secrets(of: place, scope) ?? []
        }
        return ofRepository + ofEnvironments.flatMap(\.self)
    }

    /// - Returns: `nil` where there is no such environment: it comes to be with its first job.
    func secrets(of environment: String, _ scope: Scope) async throws -> [ObservedResource]? {
        try await purpose("list the secrets of \(environment)", nil, in: environment).run {
            do {
                return try await list(environment, scope)
            } catch let failure as GitHubFailure where failure.isNotFound {
                return nil
            }
        }
    }

    private func list(_ environment: String?, _ scope: Scope) async throws -> [ObservedResource] {
        try await api.list(path(environment), in: "secrets").compactMap { listed in
            guard let name = listed["name"]?.string,
                let address = ServiceSecret.address(named: name, project: scope.project),
                scope.includes(address.service), Self.isRenewed(address) == (environment != nil)
            else { return nil }
            let recorded = scope.recorded.first { $0.address == address }
            return observed(
                address, name, in: environment, listed["updated_at"], recorded: recorded)
        }
    }

    /// Writes the value, whatever was there before.
    func write(_ desired: Resource) async throws -> ObservedResource {
        let environment = desired["environment"]?.string
        let purpose = purpose("write the secret", desired.address, in: environment)
        return try await purpose.run {
            guard case .secret(let value)? = desired["value"], let name = desired["name"]?.string
            else { throw purpose.error(.invalid, "it has no name or no value") }
            let path = try await path(environment)
            let key = try await publicKey(in: environment, path, purpose)
            guard let id = key["key_id"]?.string,
                let bytes = key["key"]?.string.flatMap({ Data(base64Encoded: $0) }),
                let sealed = seal(Array(value.revealed.utf8), Array(bytes))
            else { throw purpose.error(.unavailable, "the public key is unusable") }
            _ = try await api.send(
                .put, "\(path)/\(name)",
                [
                    "encrypted_value": .string(Data(sealed).base64EncodedString()),
                    "key_id": .string(id),
                ])
            let written = try await api.send(.get, "\(path)/\(name)")
            var made = observed(
                desired.address, name, in: environment, written["updated_at"], recorded: nil)
            made.attributes["source"] = desired["source"]
            return made
        }
    }

    /// What helps where an environment is not to be seen.
    var environmentRemedy: String {
        "Make it under Settings › Environments, or have the token see it: "
            + "\(Self.environmentPermission) on \(repository)."
    }

    /// An environment is never made here: to make one that cannot be seen would undo its rules.
    private func publicKey(
        in environment: String?, _ path: String, _ purpose: Purpose
    ) async throws -> Value {
        do {
            return try await api.send(.get, "\(path)/public-key")
        } catch let failure as GitHubFailure where failure.isNotFound {
            guard let environment else { throw failure }
            throw purpose.error(
                .notFound, "there is no environment \(environment)", remedy: environmentRemedy)
        }
    }

    /// Removes the secret; already gone is fine.
    func delete(_ observed: ObservedResource) async throws {
        let environment = observed["environment"]?.string
        try await purpose("remove the secret", observed.address, in: environment).run {
            do {
                let name = observed["name"]?.string ?? observed.id
                _ = try await api.send(.delete, "\(path(environment))/\(name)")
            } catch let failure as GitHubFailure where failure.isNotFound {}
        }
    }

    /// Where secrets are. Those of environments are below the repository's number.
    private func path(_ environment: String?) async throws -> String {
        guard let environment else { return "/repos/\(repository)/actions/secrets" }
        let document = try await api.send(.get, "/repos/\(repository)")
        guard let number = document["id"]?.integer else {
            throw GitHubFailure.unexpected("a repository without an id")
        }
        return "/repositories/\(number)/environments/\(environment)/secrets"
    }

    /// It holds what Launch wrote while nobody has written it since. A runner's token is written
    /// before every deploy, and nothing of that is recorded.
    private func observed(
        _ address: Address, _ name: String, in environment: String?, _ updated: Value?,
        recorded: RecordedResource?
    ) -> ObservedResource {
        let left = recorded?.attributes["updated_at"]
        let end =
            Self.isRenewed(address)
            ? updated?.string.flatMap(Date.init(iso8601:))?.addingTimeInterval(Seed.tokenLifetime)
            : nil
        return ObservedResource(
            address, id: environment.map { "\($0)/\(name)" } ?? name,
            attributes: [
                "name": .string(name), "environment": environment.map(Value.string) ?? .null,
                "updated_at": updated ?? .null,
                "expires_at": end.map { .string($0.timestamp) } ?? .null,
                "intact": .boolean(Self.isRenewed(address) || left == nil || left == updated),
            ])
    }

    /// True for what is written anew between converges, and kept with an environment.
    private static func isRenewed(_ address: Address) -> Bool {
        address == ServiceSecret.runnerToken.address(in: address.service)
    }

    private func purpose(
        _ action: String, _ address: Address?, in environment: String? = nil
    ) -> Purpose {
        Purpose(
            action: action, address: address, repository: repository,
            permission: environment == nil ? Self.permission : Self.environmentPermission)
    }
}
