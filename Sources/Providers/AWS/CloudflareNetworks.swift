package import Resources

/// The addresses that Cloudflare's proxies come from, and who said so.
///
/// <https://www.cloudflare.com/ips/>, also <https://api.cloudflare.com/client/v4/ips>.
package struct CloudflareNetworks: Hashable, Sendable {
    package let blocks: [String]
    package let source: String

    /// What the program knows by itself; the list last changed on that day.
    package static let builtIn = CloudflareNetworks(
        ipv4 + ipv6, source: "Cloudflare's networks of 28 September 2023")

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

    /// Lets exactly these into the security groups whose service is exposed directly, in place of
    /// the built-in ones.
    package func applied(to desired: [Resource]) -> [Resource] {
        let direct = Set(
            desired.filter { $0.address.kind == ElasticIP.kind.name }.map(\.address.service))
        return desired.map { resource in
            guard resource.address.kind == SecurityGroup.kind.name,
                direct.contains(resource.address.service)
            else { return resource }
            return applied(to: resource)
        }
    }

    private func applied(to group: Resource) -> Resource {
        let others = SecurityGroupRule.rules(group["ingress"]).subtracting(Self.builtIn.rules)
        var attributes = group.attributes
        attributes["ingress"] = SecurityGroupRule.value(of: others.union(rules))
        return Resource(
            group.address, attributes: attributes, dependencies: group.dependencies,
            origins: group.origins.merging(["ingress": source]) { $1 })
    }

    var rules: Set<SecurityGroupRule> {
        Set(blocks.map { SecurityGroupRule("tcp", ports: 443...443, peer: $0) })
    }

    private static let ipv4 = [
        "173.245.48.0/20", "103.21.244.0/22", "103.22.200.0/22", "103.31.4.0/22",
        "141.101.64.0/18", "108.162.192.0/18", "190.93.240.0/20", "188.114.96.0/20",
        "197.234.240.0/22", "198.41.128.0/17", "162.158.0.0/15", "104.16.0.0/13",
        "104.24.0.0/14", "172.64.0.0/13", "131.0.72.0/22",
    ]

    private static let ipv6 = [
        "2400:cb00::/32", "2606:4700::/32", "2803:f800::/32", "2405:b500::/32",
        "2405:8100::/32", "2a06:98c0::/29", "2c0f:f248::/32",
    ]
}
