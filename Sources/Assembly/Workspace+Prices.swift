import AWS
import Cryptography
import Resources
package import Services

extension Workspace {
    /// What AWS asks now, in the region of the services, for every size that there is.
    /// - Throws: `ProviderError`.
    package func fetchPrices() async throws -> PriceTable {
        let catalogue = PriceCatalogue(
            configuration: shelf.awsConfiguration, credentials: surroundings.awsCredentials,
            http: shelf.client(.aws), time: surroundings.time, random: surroundings.random,
            digests: OpenSSLDigests())
        return try await catalogue.table(of: PriceCatalogue.instanceTypes)
    }
}
