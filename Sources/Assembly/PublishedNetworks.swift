import AWS
import Cloudflare
import Resources
import Synchronization

/// Cloudflare's networks, asked for once in a run, by whoever first needs them.
final class PublishedNetworks: Sendable {
    private struct Answer {
        let networks: CloudflareNetworks?
    }

    private let answer = Mutex<Answer?>(nil)

    /// A list that cannot be read holds nothing up.
    ///
    /// - Parameter cloudflare: `nil` where nothing speaks to Cloudflare.
    /// - Returns: `nil` where there is no list to go by.
    func networks(_ cloudflare: CloudflareProvider?) async throws -> CloudflareNetworks? {
        if let answer = answer.withLock({ $0 }) { return answer.networks }
        let found = try await published(cloudflare)
        answer.withLock { $0 = Answer(networks: found) }
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
