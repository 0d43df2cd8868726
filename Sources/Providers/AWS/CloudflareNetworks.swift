package import Resources
import Services

/// The addresses that Cloudflare's proxies come from, and who said so.
///
/// <https://www.cloudflare.com/ips/>, also <https://api.cloudflare.com/client/v4/ips>.
package struct CloudflareNetworks: Hashable, Sendable {
    package let blocks: [String]
    package let source: String

    /// What the program knows by itself; the list last changed on that day.
    package static let builtIn = CloudflareNetworks(
        CloudflareProxies.networks, source: "Cloudflare's networks of 28 September 2023")

    private init(_ blocks: [String], source: String) {
        self.blocks = blocks
        self.source = source
    }

    /// - Parameter answer: the `result` of `GET /ips`.
    /// - Returns: `nil` unless it is a whole list: half of one would lock visitors out.
    package init?(publishedIn answer: Value) {
        let lists = ["ipv4_cidrs", "ipv6_cidrs"].map { answer[$0]?.list ?? [] }
        let blocks = lists.joined().compactMap { $0.string.flatMap(IPNetwork.init)?.description }
        guard lists.allSatisfy({ !$0.isEmpty }), blocks.count == lists.joined().count else {
            return nil
        }
        self.init(blocks, source: "Cloudflare's networks, as published now")
    }

    /// What a group was given by an earlier run.
    private init?(givenTo group: RecordedResource?) {
        let blocks = group?.attributes[SecurityGroup.proxies]?.list?.compactMap(\.string) ?? []
        guard !blocks.isEmpty else { return nil }
        self.init(blocks, source: "Cloudflare's networks, as last published")
    }

    /// Lets exactly these into the security groups whose service is exposed directly, in place of
    /// the built-in ones.
    ///
    /// - Parameters:
    ///   - published: `nil` where the list could not be read: then a group keeps the networks that
    ///     it was given last, and only a new one gets the built-in ones.
    ///   - recorded: what the state has.
    package static func applied(
        _ published: CloudflareNetworks?, to desired: [Resource],
        recorded: [Address: RecordedResource]
    ) -> [Resource] {
        let direct = Set(
            desired.filter { $0.address.kind == ElasticIP.kind.name }.map(\.address.service))
        return desired.map { resource in
            guard resource.address.kind == SecurityGroup.kind.name,
                direct.contains(resource.address.service)
            else { return resource }
            let networks =
                published ?? CloudflareNetworks(givenTo: recorded[resource.address]) ?? builtIn
            return networks.applied(to: resource)
        }
    }

    private func applied(to group: Resource) -> Resource {
        let others = SecurityGroupRule.rules(group["ingress"]).subtracting(Self.builtIn.rules)
        var applied = group
        applied.attributes["ingress"] = SecurityGroupRule.value(of: others.union(rules))
        applied.attributes[SecurityGroup.proxies] = .list(blocks.sorted().map(Value.string))
        applied.origins["ingress"] = Origin(source)
        return applied
    }

    var rules: Set<SecurityGroupRule> {
        Set(blocks.map { SecurityGroupRule("tcp", ports: 443...443, peer: $0) })
    }
}
