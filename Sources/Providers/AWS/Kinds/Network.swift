import Resources

/// Where machines go: a VPC, and those of its subnets that may be chosen.
struct Network {
    let vpc: String
    /// In order of zone; never empty.
    let subnets: [SubnetDocument]

    /// - Returns: `nil` when there is no subnet.
    init?(_ subnets: [SubnetDocument]) {
        self.subnets = subnets.sorted {
            ($0.availabilityZone, $0.subnetId) < ($1.availabilityZone, $1.subnetId)
        }
        guard let first = self.subnets.first else { return nil }
        vpc = first.vpcId
    }

    /// The subnets of a zone; those of every zone when none is asked for.
    func subnets(in zone: String?) -> [SubnetDocument] {
        subnets.filter { zone == nil || $0.availabilityZone == zone }
    }
}

extension EC2 {
    /// The named subnet, the named VPC's subnets, the default network, or the one that the
    /// project made for itself.
    ///
    /// - Throws: `ProviderError` when what is named is not there, `NoNetwork`.
    func network(for desired: Resource) async throws -> Network {
        let address = desired.address
        if let id = desired["subnet"]?.string {
            if let named = Network(try await subnets(Filter("subnet-id", id))) { return named }
            throw Self.missing("the subnet \(id)", for: address)
        }
        if let id = desired["vpc"]?.string {
            if let named = Network(try await subnets(Filter("vpc-id", id))) { return named }
            throw Self.missing("a subnet of \(id)", for: address)
        }
        if let usual = Network(try await subnets(Filter("default-for-az", "true"))) {
            return usual
        }
        if let own = Network(try await subnets(ownNetwork, ownPart)) { return own }
        throw NoNetwork(address: address)
    }

    private static func missing(_ what: String, for address: Address) -> ProviderError {
        ProviderError(
            .notFound, provider: .aws, address: address, action: "find \(what)",
            detail: "this region and account have none of that id",
            remedy: "Correct `targets.aws.subnet` in launch.yaml.")
    }

    /// Runs `body`, if need be once more when there is a network.
    func inNetwork<Result>(
        of address: Address, _ body: () async throws -> Result
    ) async throws -> Result {
        do {
            return try await body()
        } catch is NoNetwork {
            try await networkWorks.pass {
                try await OwnNetwork(ec2: self, address: address).ensure()
            }
            return try await body()
        }
    }

    /// Removes the project's own network when its last user has gone.
    ///
    /// - Parameter group: a security group that is gone.
    func tidyNetwork(of group: ObservedResource) async throws {
        guard group["subnet"]?.string == nil else { return }
        try await tidyNetwork(for: group.address)
    }

    func tidyNetwork(for address: Address) async throws {
        try await networkWorks.pass {
            try await OwnNetwork(ec2: self, address: address).removeIfUnused()
        }
    }

    var ownNetwork: Filter { Filter("tag:\(Tag.project)", project) }
    var ownPart: Filter { Filter("tag:\(Tag.part)", "network") }
}

/// The account has no default network in the region, and the project none of its own yet.
struct NoNetwork: Error {
    let address: Address

    var providerError: ProviderError {
        ProviderError(
            .notFound, provider: .aws, address: address, action: "choose a network",
            detail: "this account has no default VPC in the region",
            remedy: "Run it again, or set `targets.aws.subnet` in launch.yaml.")
    }
}
