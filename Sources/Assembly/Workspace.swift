package import AWS
package import HTTP
package import Planning
package import Reconciling
package import Resources
package import ServiceFiles
package import Services

import Cloudflare
import Cryptography
import GitHub
import Proxmox

/// One repository with everything that works on it: this module alone names the vendors.
package struct Workspace: Sendable {
    package let repository: Repository
    package let store: any StateStore
    /// The requests made so far.
    package let meter = RequestMeter()
    let surroundings: Surroundings
    let events: any EventSink
    private let parallelism: Int
    let shelf: ProviderShelf
    private let prices: [PriceTable]

    /// - Parameter prices: the first table that knows a price counts; `nil` is what the program
    ///   knows by itself.
    package init(
        _ repository: Repository, store: any StateStore, surroundings: Surroundings,
        events: any EventSink, parallelism: Int = 16, prices: [PriceTable]? = nil
    ) {
        self.repository = repository
        self.store = store
        self.surroundings = surroundings
        self.events = events
        self.parallelism = parallelism
        self.prices = prices ?? .shipped
        shelf = ProviderShelf(
            repository, surroundings: surroundings, meter: meter, progress: ProgressEvents(events))
    }

    /// Every kind that Launch knows.
    package static let allKinds =
        AWSProvider.kinds + ProxmoxProvider.kinds + CloudflareProvider.kinds + GitHubProvider.kinds
    package static let kinds = KindCatalogue(allKinds)

    static let blueprints: [any Blueprint] = [
        AWSBlueprint(seed: \.userData), ProxmoxBlueprint(), CloudflareBlueprint(),
        GitHubBlueprint(), BudgetBlueprint(),
    ]

    /// What things cost in the region that the services are in.
    package var costs: CostEstimator {
        CostEstimator([AWSBilling()], prices: PriceList(prices, region: region))
    }

    /// `nil` where nothing names one.
    package var region: String? { try? shelf.awsConfiguration.region }

    package var reconciler: Reconciler {
        Reconciler(
            providers: { [shelf] in try shelf.provider($0) },
            ephemerals: { [shelf] in EphemeralSecrets(shelf) },
            refining: { [shelf] desired, recorded in
                // Only what is exposed directly on AWS needs the list.
                guard desired.contains(where: { $0.address.kind == KindName(.aws, "elastic_ip") })
                else { return desired }
                return CloudflareNetworks.applied(
                    try await shelf.networks(), to: desired, recorded: recorded)
            }, kinds: Self.kinds, costs: costs,
            store: store,
            time: surroundings.time, random: surroundings.random, digests: Self.digests,
            fingerprints: { ProjectFingerprint(lineage: $0) }, events: events,
            parallelism: parallelism, pushedAt: pushedAt)
    }

    private static let digests = OpenSSLDigests()

    /// What the specs want of these services; `nil` is all.
    ///
    /// - Parameters:
    ///   - upgraded: services whose machines are replaced where a newer image is published.
    ///   - others: where else to look, though no spec speaks of them.
    package func goal(
        _ services: Set<String>? = nil, withData: Bool = false,
        upgrading upgraded: Set<String> = [],
        lookingAt others: Set<ProviderName> = []
    ) -> Goal {
        let specified = specified
        let services = related(services)
        let wanted = repository.services.filter { services?.contains($0.name) ?? true }
        return Goal(
            project: repository.project.project,
            desired: specified.filter { services?.contains($0.address.service) ?? true }
                + (services == nil ? projectWide : []),
            services: services,
            descriptions: Dictionary(uniqueKeysWithValues: wanted.map { ($0.name, describe($0)) }),
            providers: providers(of: specified).union(others), withData: withData,
            upgraded: upgraded, heirs: heirs, grace: repository.project.grace,
            exemptions: repository.project.exemptions)
    }

    /// Those of the services that move from one target to another; `nil` asks of all.
    package func movingServices(_ services: Set<String>?) async throws -> Set<String> {
        Set(try await reconciler.plan(goal(services)).successions.map(\.service))
    }

    /// Nothing of these services; `nil` is all.
    package func teardown(_ services: Set<String>?, withData: Bool) -> Goal {
        Goal(
            project: repository.project.project, desired: [], services: related(services),
            providers: providers, withData: withData, removalReason: "taken down")
    }

    /// Who goes on with a service that was called otherwise, by its former name.
    private var heirs: [String: String] {
        Dictionary(
            repository.services.compactMap { service in
                service.formerName.map { ($0, service.name) }
            }, uniquingKeysWith: { first, _ in first })
    }

    /// These and what they were called before: a run about one name is about the other too.
    private func related(_ services: Set<String>?) -> Set<String>? {
        services.map { names in
            heirs.reduce(into: names) { names, heir in
                if names.contains(heir.key) || names.contains(heir.value) {
                    names.formUnion([heir.key, heir.value])
                }
            }
        }
    }

    /// The providers that the specs speak of.
    var providers: Set<ProviderName> { providers(of: specified) }

    private func providers(of specified: [Resource]) -> Set<ProviderName> {
        Set((specified + projectWide).map(\.address.kind.provider))
    }

    /// What the specs want, of every service. Every seed is written for it.
    private var specified: [Resource] {
        Self.blueprints.resources(for: repository.services, in: repository.project)
    }

    /// What the project has once; runs about some services only leave it alone.
    private var projectWide: [Resource] {
        Self.blueprints.resources(for: repository.project)
    }

    private func describe(_ service: ServiceSpec) -> ServiceDescription {
        ServiceDescription(
            specDigest: Self.digests.sha256Hexadecimal(service.canonicalText),
            target: service.target.rawValue, environment: service.environment, url: service.url)
    }
}

extension Workspace {
    /// What can tell from afar that another run has ended.
    package static func runEvidence(_ surroundings: Surroundings) -> any DeathEvidence {
        RunStatus(
            environment: surroundings.environment, client: surroundings.http,
            time: surroundings.time, random: surroundings.random)
    }
}

/// The world outside, passed in.
package struct Surroundings: Sendable {
    package let http: any HTTPClient
    package let time: any TimeSource
    package let random: any RandomSource
    package let environment: [String: String]
    /// One for all who talk to AWS, so that one refresh serves them.
    let awsCredentials: CredentialChain

    /// - Parameters:
    ///   - http: what it answers is shown without the environment's secrets.
    ///   - host: the files and programs that AWS credentials may come from.
    package init(
        http: any HTTPClient, time: any TimeSource, random: any RandomSource,
        environment: [String: String], host: any AWSHost = BareHost()
    ) {
        self.http = DiscreetHTTPClient(http, hiding: SecretVariables.values(in: environment))
        self.time = time
        self.random = random
        awsCredentials = CredentialChain(
            environment, host: host, http: self.http, time: time, random: random,
            digests: OpenSSLDigests())
        self.environment = awsCredentials.environment
    }
}
