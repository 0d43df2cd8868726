import AWS
import Cloudflare
import Resources
import Synchronization

/// Cloudflare's networks, asked for once in a run, by whoever first needs them.
final class PublishedNetworks: Sendable {
    private let known = Mutex<CloudflareNetworks?>(nil)

    /// - Parameter cloudflare: `nil` where nothing speaks to Cloudflare.
    func networks(_ cloudflare: CloudflareProvider?) async throws -> CloudflareNetworks {
        if let known = known.withLock({ $0 }) { return known }
        let found = try await published(cloudflare) ?? .builtIn
        known.withLock { $0 = found }
        return found
    }

    private func published(_ cloudflare: CloudflareProvider?) async throws -> CloudflareNetworks? {
        guard let cloudflare else { return nil }
        do {
            return CloudflareNetworks(publishedIn: try await cloudflare.publishedNetworks())
        } catch is ProviderError {
            return nil
        }
    }
}
