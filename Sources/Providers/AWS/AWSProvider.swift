import Foundation
package import HTTP
package import Resources
package import Services

/// EC2 machines, their firewalls and their volumes, in one region.
package struct AWSProvider: Provider {
    package let name = ProviderName.aws
    package static let kinds = [
        SecurityGroup.kind, Volume.kind, ElasticIP.kind, InstanceProfile.kind, Instance.kind,
        Budget.kind,
    ]
    package var kinds: [ResourceKind] { Self.kinds }
    let ec2: EC2
    private let hasBudget: Bool
    /// True when the machines' profile is not the project's own.
    let usesForeignProfile: Bool

    /// - Parameters:
    ///   - environment: the SDKs' own variables for region, endpoints and authorities.
    ///   - credentials: by default those of `environment`.
    ///   - profileRegion: the profile's, for when nothing else names a region.
    ///   - compress: for user data that is too long.
    package init(
        _ project: ProjectSpec, environment: [String: String],
        credentials: (any CredentialSource)? = nil, profileRegion: String? = nil,
        http: any HTTPClient, time: any TimeSource, random: any RandomSource,
        digests: any Digesting,
        progress: any ProgressSink = SilentProgress(), compress: @escaping Compression = { $0 }
    ) {
        let api = AWSAPI(
            configuration: AWSConfiguration(
                region: project.aws.region, environment: environment,
                profileRegion: profileRegion),
            credentials: credentials ?? EnvironmentCredentials(environment), http: http,
            time: time, random: random, digests: digests)
        hasBudget = project.budget != nil
        ec2 = EC2(
            api: api, project: project.project, time: time, progress: progress,
            compress: compress)
        usesForeignProfile = project.aws.instanceProfile != nil
    }

    package func observe(_ scope: Scope) async throws -> [ObservedResource] {
        try await inWords("list the project's objects", on: nil) {
            async let profiles = instanceProfiles(of: scope.project)
            let addresses = try await ec2.addresses(
                Filter("tag:\(Tag.project)", scope.project))
            var found = addresses.compactMap(ElasticIP.observed)
            for filters in ec2.filters(for: scope) {
                found += try await observe(filters, addresses: addresses)
            }
            found += try await profiles
            found += try await observeBudget(scope)
            let inScope = found.filter { scope.includes($0.address.service) }
            return try await ec2.notingNewerImages(of: inScope)
                .sorted { ($0.address, $0.id) < ($1.address, $1.id) }
        }
    }

    /// Roles cannot be filtered by tag. Who brings a profile along may have no say in IAM.
    private func instanceProfiles(of project: String) async throws -> [ObservedResource] {
        do {
            return try await IAM(api: ec2.api).roles().compactMap {
                InstanceProfile.observed($0, project: project)
            }
        } catch let error as AWSError {
            guard usesForeignProfile, case .forbidden = error.reason else { throw error }
            return []
        }
    }

    package func create(
        _ desired: Resource, key: IdempotencyKey
    ) async throws -> ObservedResource {
        let handler = try handler(of: desired.address)
        return try await inWords("create the \(handler.title)", on: desired.address) {
            try await handler.create(desired, key: key)
        }
    }

    package func update(
        _ observed: ObservedResource, to desired: Resource
    ) async throws -> ObservedResource {
        let handler = try handler(of: desired.address)
        return try await inWords("update the \(handler.title) \(observed.id)", on: desired.address)
        {
            try await handler.update(observed, to: desired)
        }
    }

    package func delete(_ observed: ObservedResource) async throws {
        let handler = try handler(of: observed.address)
        try await inWords("delete the \(handler.title) \(observed.id)", on: observed.address) {
            try await handler.delete(observed)
        }
    }

    package func reseed(
        _ observed: ObservedResource, with desired: Resource, key: IdempotencyKey
    ) async throws -> ObservedResource {
        guard desired.address.kind == Instance.kind.name else {
            throw ProviderError(
                .unsupported, provider: .aws, address: desired.address,
                action: "give \(observed.id) another seed", detail: "only an instance has one")
        }
        return try await inWords("give \(observed.id) another seed", on: desired.address) {
            try await Instance(ec2: ec2).reseed(observed, with: desired)
        }
    }

    /// The project's own network goes with its last security group.
    package func finishRemoval(of address: Address) async throws {
        guard address.kind == SecurityGroup.kind.name else { return }
        try await inWords("tidy up after \(address)", on: address) {
            try await ec2.tidyNetwork(for: address)
        }
    }

    /// Who the credentials belong to.
    package func identity() async throws -> AWSIdentity {
        try await inWords("ask who the credentials belong to", on: nil) {
            try await ec2.api.query("GetCallerIdentity", of: .sts, as: CallerIdentity.self).identity
        }
    }

    private func observeBudget(_ scope: Scope) async throws -> [ObservedResource] {
        guard scope.includes(Budget.address.service),
            hasBudget || scope.mayHold(Budget.kind.name)
        else { return [] }
        return [try await budget.observed(try await budget.budgets())].compactMap(\.self)
    }

    var budget: Budget {
        Budget(project: ec2.project) { Budgets(api: ec2.api, account: try await identity()) }
    }

    /// - Parameter addresses: the project's, of every service.
    private func observe(
        _ filters: [Filter], addresses: [AddressDocument]
    ) async throws -> [ObservedResource] {
        async let instances = ec2.list(
            "DescribeInstances", filters + [.aliveInstances], as: DescribeInstancesPage.self)
        async let groups = ec2.list(
            "DescribeSecurityGroups", filters, as: DescribeSecurityGroupsPage.self)
        let volumes = try await ec2.list("DescribeVolumes", filters, as: DescribeVolumesPage.self)
        let rootDisks = Dictionary(grouping: volumes) { $0.attachments.first?.instanceId }
        return try await groups.compactMap(SecurityGroup.observed)
            + volumes.filter(Volume.isAlive).compactMap(Volume.observed)
            + instances.compactMap {
                Instance.observed(
                    $0, volumes: rootDisks[$0.instanceId] ?? [], addresses: addresses)
            }
    }

    func handler(of address: Address) throws -> any ResourceHandler {
        switch address.kind {
        case SecurityGroup.kind.name: return SecurityGroup(ec2: ec2)
        case Volume.kind.name: return Volume(ec2: ec2)
        case ElasticIP.kind.name: return ElasticIP(ec2: ec2)
        case InstanceProfile.kind.name: return InstanceProfile(ec2: ec2)
        case Instance.kind.name: return Instance(ec2: ec2)
        case Budget.kind.name: return budget
        default:
            throw ProviderError(
                .unsupported, provider: .aws, address: address, action: "handle \(address)",
                detail: "AWS has no kind \(address.kind)", remedy: "Update Launch.")
        }
    }

    /// Runs `body`; whatever goes wrong comes out as a `ProviderError`.
    func inWords<Result>(
        _ action: String, on address: Address?, _ body: () async throws -> Result
    ) async throws -> Result {
        do {
            return try await body()
        } catch let error as AWSError {
            let refusal = try await ec2.api.refusal(behind: error)
            throw error.providerError(action, on: address, refusal: refusal)
        } catch let error as NoNetwork {
            throw error.providerError
        } catch let error as HTTPError {
            throw error.providerError(action, on: address)
        }
    }
}

extension ResourceHandler {
    fileprivate var title: String { Self.kind.title }
}

extension HTTPError {
    fileprivate func providerError(_ action: String, on address: Address?) -> ProviderError {
        ProviderError(
            isCertainlyWithoutEffect ? .unreachable : .unavailable, provider: .aws,
            address: address, action: action, detail: description, remedy: remedy)
    }

    private var remedy: String? {
        switch reason {
        case .unknownHost: "Check the region and AWS_ENDPOINT_URL: no such host is known."
        case .refused: "Check AWS_ENDPOINT_URL: nothing listens there."
        case .untrustedCertificate: "Set AWS_CA_BUNDLE to the authorities that signed it."
        case .badURL: "Correct AWS_ENDPOINT_URL: it is not a URL."
        case .timedOut, .interrupted, .other: nil
        }
    }
}

/// Whose credentials they are.
package struct AWSIdentity: Hashable, Sendable {
    package let account: String
    package let arn: String
}

/// The answer to GetCallerIdentity.
private struct CallerIdentity: Decodable {
    struct Result: Decodable {
        let account: String
        let arn: String

        enum CodingKeys: String, CodingKey {
            case account = "Account"
            case arn = "Arn"
        }
    }

    let result: Result
    var identity: AWSIdentity { AWSIdentity(account: result.account, arn: result.arn) }

    enum CodingKeys: String, CodingKey { case result = "GetCallerIdentityResult" }
}
