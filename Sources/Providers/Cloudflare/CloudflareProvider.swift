package import HTTP
package import Resources

/// Tunnels, DNS records and certificates for origins at Cloudflare.
package struct CloudflareProvider: Provider, EphemeralSource {
    package let name = ProviderName.cloudflare
    package static let kinds: [ResourceKind] = [
        .cloudflareTunnel, .cloudflareDNSRecord, .cloudflareOriginCertificate,
    ]
    package var kinds: [ResourceKind] { Self.kinds }
    /// Records that are written side by side share a request.
    package let parallelism = 16

    let api: CloudflareAPI
    let directory: ZoneDirectory
    let accountID: String?
    let tunnels: Tunnels
    let records: DNSRecords
    private let certificates: OriginCertificates
    let project: String
    let domains: Set<String>

    /// - Parameters:
    ///   - project: whose tunnels they are.
    ///   - domains: the project's domain and its services' hostnames: they tell in which zones
    ///     to look, beside those of what is recorded.
    ///   - environment: `CLOUDFLARE_API_TOKEN`, `CLOUDFLARE_ACCOUNT_ID`, `CLOUDFLARE_BASE_URL`.
    ///   - request: makes a key and the request for its certificate.
    ///   - patience: how long the deletion of a tunnel waits for its connections to be forgotten.
    package init(
        project: String, domains: Set<String>, environment: [String: String],
        client: any HTTPClient,
        time: any TimeSource, random: any RandomSource,
        request: @escaping CertificateRequesting,
        progress: any ProgressSink = SilentProgress(), retries: RetryPolicy = .standard,
        patience: Duration = .seconds(600)
    ) {
        let setting = { (name: String) in environment[name].flatMap { $0.isEmpty ? nil : $0 } }
        let base = setting("CLOUDFLARE_BASE_URL") ?? CloudflareAPI.publicBase
        accountID = setting("CLOUDFLARE_ACCOUNT_ID")
        api = CloudflareAPI(
            base: base.hasSuffix("/") ? String(base.dropLast()) : base,
            token: setting("CLOUDFLARE_API_TOKEN").map(Secret.init), client: client, time: time,
            random: random, policy: retries)
        directory = ZoneDirectory(api, accountID: accountID)
        self.project = project
        self.domains = Set(domains.map(canonicalHostname))
        tunnels = Tunnels(
            api: api, zones: directory, accountID: accountID, time: time, progress: progress,
            patience: patience)
        records = DNSRecords(api: api, zones: directory, writes: ZoneWrites(api))
        certificates = OriginCertificates(
            api: api, zones: directory, project: project, time: time, request: request)
    }

    /// One list of zones in a provider's life, one page of records for each zone of `domains`,
    /// one page of tunnels, and one read for each tunnel in scope; a page of certificates for each
    /// zone where a service is exposed directly.
    package func observe(_ scope: Scope) async throws -> [ObservedResource] {
        let recorded = scope.recorded.map(\.address).filter { $0.kind == DNSRecords.kind }
        let hostnames = domains.union(recorded.map(DNSRecords.hostname))
        let isRecorded = scope.recorded.contains { $0.address.kind.provider == name }
        guard !hostnames.isEmpty || isRecorded else { return [] }
        let marked = try await records.observe(scope, hostnames: hostnames)
        return marked + (try await tunnels.observe(scope, hostnames: hostnames))
            + (try await certificates.observe(scope, hostnames: hostnames))
    }

    /// The answer to `GET /ips`: `ipv4_cidrs`, `ipv6_cidrs` and `etag`.
    package func publishedNetworks() async throws -> Value {
        let purpose = Purpose(
            action: "ask for Cloudflare's networks", address: nil, permission: "any permission")
        return try await purpose.run { try await api.get("/ips") }
    }

    package func create(
        _ desired: Resource, key: IdempotencyKey
    ) async throws -> ObservedResource {
        switch desired.address.kind {
        case Tunnels.kind: try await tunnels.create(desired)
        case OriginCertificates.kind: try await certificates.issue(desired)
        default: try await records.create(desired)
        }
    }

    package func update(
        _ observed: ObservedResource, to desired: Resource
    ) async throws -> ObservedResource {
        switch desired.address.kind {
        case Tunnels.kind: try await tunnels.update(observed, to: desired)
        case OriginCertificates.kind: try await certificates.issue(desired)
        default: try await records.update(observed, to: desired)
        }
    }

    package func delete(_ observed: ObservedResource) async throws {
        switch observed.address.kind {
        case Tunnels.kind: try await tunnels.delete(observed)
        case OriginCertificates.kind: try await certificates.delete(observed)
        default: try await records.delete(observed)
        }
    }

    /// `cloudflare.origin_certificate` is a certificate with its key; the other secret that it
    /// knows is `cloudflare.tunnel_token`, which starts a tunnel's connector.
    package func secret(for ephemeral: Ephemeral) async throws -> Secret {
        if ephemeral.name == OriginCertificates.kind.description {
            return try certificates.pair(for: ephemeral)
        }
        return try await tunnels.token(of: ephemeral, project: project, hostnames: domains)
    }
}
