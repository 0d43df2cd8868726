import AWS
import Cloudflare
import Cryptography
import GitHub
import HTTP
import Proxmox
import Resources
import SeedImage
import ServiceFiles
import Services
import Synchronization

/// What every vendor's provider can do.
typealias VendorProvider = SelfExamining & OwnershipMarking & Discovering

/// Makes each provider once, when it is first needed, so that what it learns of rates and zones
/// serves the whole run.
final class ProviderShelf: Sendable {
    private let repository: Repository
    private let surroundings: Surroundings
    private let meter: RequestMeter
    private let progress: any ProgressSink
    private let made = Mutex<[ProviderName: any VendorProvider]>([:])
    private let published = PublishedNetworks()

    init(
        _ repository: Repository, surroundings: Surroundings, meter: RequestMeter,
        progress: any ProgressSink
    ) {
        self.repository = repository
        self.surroundings = surroundings
        self.meter = meter
        self.progress = progress
    }

    /// - Throws: `ProviderError` when its credentials or its endpoint are missing.
    func provider(_ name: ProviderName) throws -> any VendorProvider {
        try made.withLock { made in
            if let provider = made[name] { return provider }
            let provider = try make(name)
            made[name] = provider
            return provider
        }
    }

    /// True when there are credentials for it without a server being asked, whatever they are worth.
    func hasCredentials(for name: ProviderName) -> Bool {
        switch name {
        case .aws: surroundings.awsCredentials.isConfigured
        case .proxmox: (try? provider(name)) != nil
        case .cloudflare: isSet("CLOUDFLARE_API_TOKEN")
        case .github: isSet("GITHUB_TOKEN") || isSet("LAUNCH_GITHUB_APP_ID")
        }
    }

    private func isSet(_ variable: String) -> Bool {
        !(surroundings.environment[variable] ?? "").isEmpty
    }

    /// Cloudflare's networks; `nil` where nobody tells them.
    func networks() async throws -> CloudflareNetworks? {
        let isReachable = hasCredentials(for: .cloudflare)
        return try await published.networks(
            isReachable ? provider(.cloudflare) as? CloudflareProvider : nil)
    }

    var awsConfiguration: AWSConfiguration {
        AWSConfiguration(
            region: repository.project.aws.region, environment: surroundings.environment,
            profileRegion: surroundings.awsCredentials.profileRegion)
    }

    func client(_ name: ProviderName) -> any HTTPClient {
        FencedHTTPClient(MeteredHTTPClient(surroundings.http, for: name, meter: meter))
    }

    private func make(_ name: ProviderName) throws -> any VendorProvider {
        let project = repository.project
        let (environment, time, random) = (
            surroundings.environment, surroundings.time, surroundings.random
        )
        switch name {
        case .aws:
            return AWSProvider(
                project, environment: environment, credentials: surroundings.awsCredentials,
                profileRegion: surroundings.awsCredentials.profileRegion, http: client(name),
                time: time, random: random, digests: OpenSSLDigests(), progress: progress,
                compress: { try GzipStream.compress($0) })
        case .proxmox:
            return ProxmoxProvider(
                try ProxmoxConnection(project.proxmox, environment: environment),
                client: client(name), time: time, random: random, digests: OpenSSLDigests(),
                progress: progress, buildSeedImage: { try NoCloudImage.build(files: $0) })
        case .cloudflare:
            return CloudflareProvider(
                project: project.project,
                domains: Set(
                    repository.services.compactMap(\.publicAccess?.hostname)
                        + [project.domain].compactMap(\.self)),
                environment: environment, client: client(name), time: time, random: random,
                request: {
                    let request = CertificateRequest(for: $0)
                    return (request.key, request.text)
                }, progress: progress)
        case .github:
            return GitHubProvider(
                repository: project.repository, environment: environment, client: client(name),
                time: time, random: random, sign: { RSASignature.sign($0, with: $1) },
                seal: { SealedBox.seal($0, to: $1) }, progress: progress,
                environments: Set(
                    repository.services.filter { $0.runnerLife == .ephemeral }
                        .map(\.environment)))
        }
    }
}
