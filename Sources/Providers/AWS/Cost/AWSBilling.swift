package import Resources
package import Services

/// What of a service's objects AWS bills: running machines, disks, public addresses. An Elastic IP
/// costs the same whether or not a running machine has it.
/// <https://aws.amazon.com/vpc/pricing/>, "Public IPv4 Address".
///
/// Traffic, snapshots and CPU credits depend on use, and are left out.
package struct AWSBilling: Billing {
    package init() {}

    package func items(of kind: KindName, _ attributes: [String: Value]) -> [BilledItem] {
        switch kind {
        case Instance.kind.name: machine(attributes)
        case Volume.kind.name: disk(attributes["gibibytes"])
        case ElasticIP.kind.name: [BilledItem(AWSPriceName.address)]
        default: []
        }
    }

    /// A stopped machine keeps its disk, and loses an address that is not Elastic.
    private func machine(_ attributes: [String: Value]) -> [BilledItem] {
        guard let type = attributes["instance_type"]?.string else { return [] }
        let disk = disk(attributes["disk_gibibytes"])
        if attributes["running"] == false { return disk }
        let onDemand = AWSPriceName.instance(type)
        let isSpot = attributes["spot"] == true
        let machine =
            isSpot
            ? BilledItem(AWSPriceName.spotInstance(type), ceiling: onDemand)
            : BilledItem(onDemand)
        // A new machine's address is not known yet; the default subnets give one. The Elastic
        // IP, where it has that, is an item of its own.
        let elastic = Instance.kind["elastic_ip"]?.normalised(attributes["elastic_ip"])
        let hasOwn = elastic == "none" && attributes["public_ipv4"] != .null
        return [machine] + disk + (hasOwn ? [BilledItem(AWSPriceName.address)] : [])
    }

    private func disk(_ gibibytes: Value?) -> [BilledItem] {
        (gibibytes?.integer).map { [BilledItem(AWSPriceName.disk, quantity: $0)] } ?? []
    }
}

/// What price tables call AWS's things.
enum AWSPriceName {
    /// A Linux machine on demand, shared tenancy.
    static func instance(_ type: String) -> String { "ec2.\(type)" }
    static func spotInstance(_ type: String) -> String { "ec2.spot.\(type)" }
    static let disk = "ebs.gp3"
    static let address = "vpc.public_ipv4"
}
