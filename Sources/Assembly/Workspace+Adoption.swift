import AWS
import Reconciling
package import Resources

extension Workspace {
    /// Takes over an object that exists, as what the specs want at `address`.
    ///
    /// - Throws: `ProviderError`, `StateError` when the service is locked.
    package func adopt(_ id: String, as address: Address, claim: LeaseClaim) async throws {
        guard let desired = goal([address.service]).desired.first(where: { $0.address == address })
        else {
            throw ProviderError(
                .notFound, provider: address.kind.provider, address: address,
                action: "adopt \(id)", detail: "the specs want no such object",
                remedy: "Name an address that `launch plan` shows as new.")
        }
        guard let aws = try shelf.provider(address.kind.provider) as? AWSProvider else {
            throw ProviderError(
                .unsupported, provider: address.kind.provider, address: address,
                action: "adopt \(id)", detail: "only objects of AWS can be adopted by their id",
                remedy: "Let Launch make the object anew.")
        }
        try await store.exclusively([address.service], claim: claim) { _ in
            try await aws.adopt(id, as: desired)
        }
    }
}
