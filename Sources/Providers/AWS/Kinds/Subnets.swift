import Resources

extension EC2 {
    /// - Throws: `ProviderError` with `.notFound` when there is none of that id.
    func subnet(_ id: String, for address: Address) async throws -> DescribeSubnetsPage.Subnet {
        if let subnet = try await subnets(Filter("subnet-id", id)).first { return subnet }
        throw ProviderError(
            .notFound, provider: .aws, address: address, action: "find the subnet \(id)",
            detail: "this region and account have none of that id",
            remedy: "Correct `targets.aws.subnet` in launch.yaml.")
    }

    /// The first zone, in order of name, of the default network.
    /// - Throws: `ProviderError` when the account has no default network.
    func defaultZone(for address: Address) async throws -> String {
        let zones = try await subnets(Filter("default-for-az", "true")).map(\.availabilityZone)
        if let zone = zones.min() { return zone }
        throw ProviderError(
            .invalid, provider: .aws, address: address, action: "choose an availability zone",
            detail: "this account has no default VPC in the region",
            remedy: "Set `targets.aws.subnet` in launch.yaml.")
    }
}
