import Foundation
import Resources

/// EC2 as the resource kinds use it: lists whole, waits bounded, progress told.
struct EC2: Sendable {
    let api: AWSAPI
    let project: String
    let time: any TimeSource
    let progress: any ProgressSink
    let compress: Compression
    /// One at a time makes or removes the project's network.
    let networkWorks = Turnstile()
    let deletedGroups = DeletedGroups()
    let images = PublishedImages()

    /// Calls an operation whose answer says nothing more.
    func perform(_ action: String, _ parameters: [String: Value]) async throws {
        let _: EmptyDocument = try await api.query(action, of: .ec2, parameters)
    }

    func call<Output: Decodable>(
        _ action: String, _ parameters: [String: Value], isRepeatable: Bool = true,
        as type: Output.Type = Output.self
    ) async throws -> Output {
        try await api.query(action, of: .ec2, parameters, isRepeatable: isRepeatable)
    }

    /// Every element of every page that passes all filters.
    ///
    /// - Parameter pageSize: 5 to 1000.
    func list<Listing: Page>(
        _ action: String, _ filters: [Filter], pageSize: Int = 1000, as type: Listing.Type
    ) async throws -> [Listing.Element] {
        var elements: [Listing.Element] = []
        var token: String?
        repeat {
            let page: Listing = try await call(
                action,
                [
                    "Filter": .list(filters.map(\.value)), "MaxResults": .integer(pageSize),
                    "NextToken": token.map(Value.string) ?? .null,
                ])
            elements += page.elements
            token = page.nextToken.flatMap { $0.isEmpty ? nil : $0 }
        } while token != nil
        return elements
    }

    func instances(_ filters: Filter...) async throws -> [InstanceDocument] {
        try await list(
            "DescribeInstances", filters + [.aliveInstances], as: DescribeInstancesPage.self)
    }

    /// `nil` when there is none of that id that lives.
    func instance(_ id: String) async throws -> InstanceDocument? {
        try await instances(Filter("instance-id", id)).first
    }

    func volumes(_ filters: Filter...) async throws -> [VolumeDocument] {
        try await list("DescribeVolumes", filters, as: DescribeVolumesPage.self)
    }

    func securityGroups(_ filters: Filter...) async throws -> [SecurityGroupDocument] {
        try await list("DescribeSecurityGroups", filters, as: DescribeSecurityGroupsPage.self)
    }

    func subnets(_ filters: Filter...) async throws -> [SubnetDocument] {
        try await list("DescribeSubnets", filters, as: DescribeSubnetsPage.self)
    }

    /// Asks again and again until there is an answer.
    ///
    /// - Parameter what: follows "wait for": "i-0abc to run".
    /// - Throws: `ProviderError` with `.timedOut` when there is none after `limit`.
    func waiting<Answer>(
        for what: String, of address: Address, every pause: Duration = .seconds(3),
        atMost limit: Duration, _ ask: () async throws -> Answer?
    ) async throws -> Answer {
        let deadline = time.now().addingTimeInterval(limit / .seconds(1))
        var isFirst = true
        while true {
            if let answer = try await ask() { return answer }
            if isFirst { progress.progress(address, "waiting for \(what)") }
            isFirst = false
            guard time.now() < deadline else {
                throw ProviderError(
                    .timedOut, provider: .aws, address: address, action: "wait for \(what)",
                    detail: "it took longer than \(limit.components.seconds) s")
            }
            try await time.sleep(for: pause)
        }
    }

    /// Calls an operation that AWS refuses for a while: because it has not heard everywhere of an
    /// object that was just made, or because another object is not gone yet.
    @discardableResult
    func insisting<Output: Decodable>(
        on action: String, in service: AWSService = .ec2, _ parameters: [String: Value],
        of address: Address, despite codes: Set<String>, atMost limit: Duration = .seconds(120),
        as type: Output.Type = EmptyDocument.self
    ) async throws -> Output {
        try await persisting(
            for: "AWS to accept \(action)", of: address, despite: codes, atMost: limit
        ) { try await api.query(action, of: service, parameters, as: type) }
    }

    /// Tries what AWS refuses for a while.
    ///
    /// - Parameter what: follows "wait for".
    /// - Throws: the last refusal when `limit` is over.
    func persisting<Result>(
        for what: String, of address: Address, despite codes: Set<String>, atMost limit: Duration,
        _ body: () async throws -> Result
    ) async throws -> Result {
        var refusal: AWSError?
        do {
            return try await waiting(for: what, of: address, atMost: limit) {
                do {
                    return try await body()
                } catch let error as AWSError where codes.contains(error.code) {
                    refusal = error
                    return nil
                }
            }
        } catch let timeout as ProviderError where timeout.reason == .timedOut {
            throw refusal ?? timeout
        }
    }
}

/// One filter of a Describe call: any of the values.
struct Filter {
    /// AWS takes this many values in one filter.
    static let maximumValues = 200

    let name: String
    let values: [String]

    init(_ name: String, _ values: [String]) {
        self.name = name
        self.values = values
    }

    init(_ name: String, _ value: String) { self.init(name, [value]) }

    var value: Value { ["Name": .string(name), "Value": .list(values.map(Value.string))] }

    /// Terminated instances stay visible for about an hour.
    static let aliveInstances = Filter(
        "instance-state-name", ["pending", "running", "stopping", "stopped"])
}
