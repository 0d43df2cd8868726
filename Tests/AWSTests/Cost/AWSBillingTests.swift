import Foundation
import Resources
import Services
import Testing

@testable import AWS

@Suite struct AWSBillingTests {
    private static let running: [String: Value] = [
        "instance_type": "t3.small", "disk_gibibytes": 20, "running": true,
        "public_ipv4": "192.0.2.1",
    ]

    @Test(arguments: [
        (Instance.kind.name, running, ["ec2.t3.small 1", "ebs.gp3 20", "vpc.public_ipv4 1"]),
        (
            Instance.kind.name, running.merging(["public_ipv4": .null]) { $1 },
            ["ec2.t3.small 1", "ebs.gp3 20"]
        ),
        (
            Instance.kind.name, running.merging(["running": false]) { $1 }, ["ebs.gp3 20"]
        ),
        (
            Instance.kind.name, ["instance_type": "t3.small", "spot": true],
            ["ec2.spot.t3.small 1", "vpc.public_ipv4 1"]
        ),
        // An Elastic IP is paid for by itself, running machine or not.
        (
            Instance.kind.name, running.merging(["elastic_ip": "eipalloc-1"]) { $1 },
            ["ec2.t3.small 1", "ebs.gp3 20"]
        ),
        (
            Instance.kind.name, running.merging(["elastic_ip": "none"]) { $1 },
            ["ec2.t3.small 1", "ebs.gp3 20", "vpc.public_ipv4 1"]
        ),
        (
            Instance.kind.name,
            running.merging([
                "running": false, "elastic_ip": "eipalloc-1",
            ]) { $1 }, ["ebs.gp3 20"]
        ),
        (ElasticIP.kind.name, ["public_ipv4": "192.0.2.1"], ["vpc.public_ipv4 1"]),
        (ElasticIP.kind.name, ["name": "demo-web"], ["vpc.public_ipv4 1"]),
        (Volume.kind.name, ["gibibytes": 7], ["ebs.gp3 7"]),
        (SecurityGroup.kind.name, ["name": "web"], []),
        (KindName(.proxmox, "vm"), ["cpu": 4], []),
    ])
    func whatAnObjectIsPaidFor(kind: KindName, attributes: [String: Value], items: [String]) {
        #expect(
            AWSBilling().items(of: kind, attributes).map { "\($0.name) \($0.quantity)" } == items)
    }

    @Test func everyNamedSizeHasAPriceInTheCommonRegions() {
        let regions = [
            "us-east-1", "us-east-2", "us-west-2", "eu-central-1", "eu-north-1", "eu-west-1",
            "eu-west-2", "ap-south-1", "ap-southeast-1", "ap-southeast-2",
        ]
        for region in regions {
            let costs = CostEstimator([AWSBilling()], prices: PriceList(.shipped, region: region))
            for size in Size.Name.allCases {
                let spec = ServiceSpec(name: "web", target: .aws, size: .named(size))
                let objects = AWSBlueprint { _ in .null }.resources(for: spec, in: .example)
                let cost = Cost.sum(objects.map { costs.cost(of: $0.address.kind, $0.attributes) })
                #expect(cost.unknown.isEmpty, "\(region) \(size)")
            }
        }
    }

    /// 730 hours of t3.small (0.024) and of an address (0.005), and 20 GiB (0.0952).
    @Test func aSmallServiceInFrankfurt() {
        let costs = CostEstimator(
            [AWSBilling()], prices: PriceList(.shipped, region: "eu-central-1"))
        #expect(costs.cost(of: Instance.kind.name, Self.running).usd == Decimal(string: "23.074"))
        #expect(costs.prices.sources.map(\.date) == ["2026-11-23", "2026-11-23", "2026-11-23"])
    }

    @Test func everyShippedPriceIsInAKnownForm() {
        let prices = [PriceTable].shipped.flatMap { $0.regions.values.flatMap { $0 } }
        #expect(prices.count > 300)
        #expect(prices.allSatisfy { $0.value.usd > 0 && $0.key.split(separator: ".").count >= 2 })
        #expect([PriceTable].shipped.allSatisfy { !$0.source.isEmpty && $0.date.count == 10 })
    }
}
