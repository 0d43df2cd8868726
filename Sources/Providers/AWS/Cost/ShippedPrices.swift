import Foundation
package import Services

extension [PriceTable] {
    /// What the program knows without asking AWS: on-demand Linux machines, gp3 disks and public
    /// addresses. What is not here is not known until `launch prices refresh`.
    package static let shipped = [
        ShippedPrices.northVirginia, ShippedPrices.elsewhere, ShippedPrices.disks,
        ShippedPrices.addresses,
    ]
}

/// Prices that can be looked up where they are said to be from.
private enum ShippedPrices {
    static let northVirginia = PriceTable(
        source: "AWS Price List API, as in aws/karpenter-provider-aws@6fc13b5",
        date: "2026-07-20", regions: regions(machinesInNorthVirginia, prefix: "ec2.", per: .hour))

    /// The catalogue bears no date; what it says of t3 has been the same for years.
    static let elsewhere = PriceTable(
        source: "AWS Price List API, as in skypilot-org/skypilot-catalog@00148f2 "
            + "catalogs/v8/aws/vms.csv",
        date: "2026-11-23", regions: regions(machinesElsewhere, prefix: "ec2.", per: .hour))

    /// Usage types `EBS:VolumeUsage.gp3`, `EUC1-EBS:VolumeUsage.gp3`, ….
    static let disks = PriceTable(
        source: "AWS Price List of AmazonEC2 by usage type, as quoted by public repositories",
        date: "2026-11-23", regions: regions(disksEverywhere, prefix: "ebs.", per: .gibibyteMonth))

    /// Usage types `PublicIPv4:InUseAddress`, ….
    /// <https://aws.amazon.com/blogs/aws/new-aws-public-ipv4-address-charge-public-ip-insights/>
    static let addresses = PriceTable(
        source: "AWS Price List of AmazonVPC by usage type, as quoted by public repositories",
        date: "2026-11-23", regions: regions(addressesEverywhere, prefix: "vpc.", per: .hour))

    /// Reads lines of a region, a family or none, and prices by name.
    private static func regions(
        _ text: String, prefix: String, per unit: Price.Unit
    ) -> [String: [String: Price]] {
        text.split(separator: "\n").reduce(into: [:]) { regions, line in
            let words = line.split(separator: " ").map(String.init)
            let family = words.dropFirst().first.flatMap { $0.contains("=") ? nil : $0 + "." }
            for word in words.dropFirst(family == nil ? 1 : 2) {
                let parts = word.split(separator: "=").map(String.init)
                guard parts.count == 2, let usd = Decimal(string: parts[1]) else { continue }
                let name = prefix + (family ?? "") + parts[0]
                regions[words[0], default: [:]][name] = Price(usd, per: unit)
            }
        }
    }

    private static let machinesInNorthVirginia = """
        us-east-1 t3 micro=0.0104 small=0.0208 medium=0.0416 large=0.0832 xlarge=0.1664 \
          2xlarge=0.3328
        us-east-1 t4g micro=0.0084 small=0.0168 medium=0.0336 large=0.0672 xlarge=0.1344 \
          2xlarge=0.2688
        us-east-1 c6i large=0.085 xlarge=0.17 2xlarge=0.34 4xlarge=0.68 8xlarge=1.36 \
          12xlarge=2.04 16xlarge=2.72 24xlarge=4.08 32xlarge=5.44
        us-east-1 m6i large=0.096 xlarge=0.192 2xlarge=0.384 4xlarge=0.768 8xlarge=1.536 \
          12xlarge=2.304 16xlarge=3.072 24xlarge=4.608 32xlarge=6.144
        us-east-1 r6i large=0.126 xlarge=0.252 2xlarge=0.504 4xlarge=1.008 8xlarge=2.016 \
          12xlarge=3.024 16xlarge=4.032 24xlarge=6.048 32xlarge=8.064
        us-east-1 c7i large=0.08925 xlarge=0.1785 2xlarge=0.357 4xlarge=0.714 8xlarge=1.428 \
          12xlarge=2.142 16xlarge=2.856 24xlarge=4.284 48xlarge=8.568
        us-east-1 m7i large=0.1008 xlarge=0.2016 2xlarge=0.4032 4xlarge=0.8064 8xlarge=1.6128 \
          12xlarge=2.4192 16xlarge=3.2256 24xlarge=4.8384 48xlarge=9.6768
        us-east-1 r7i large=0.1323 xlarge=0.2646 2xlarge=0.5292 4xlarge=1.0584 8xlarge=2.1168 \
          12xlarge=3.1752 16xlarge=4.2336 24xlarge=6.3504 48xlarge=12.7008
        us-east-1 c6g medium=0.034 large=0.068 xlarge=0.136 2xlarge=0.272 4xlarge=0.544 \
          8xlarge=1.088 12xlarge=1.632 16xlarge=2.176
        us-east-1 m6g medium=0.0385 large=0.077 xlarge=0.154 2xlarge=0.308 4xlarge=0.616 \
          8xlarge=1.232 12xlarge=1.848 16xlarge=2.464
        us-east-1 r6g medium=0.0504 large=0.1008 xlarge=0.2016 2xlarge=0.4032 4xlarge=0.8064 \
          8xlarge=1.6128 12xlarge=2.4192 16xlarge=3.2256
        us-east-1 c7g medium=0.0363 large=0.0725 xlarge=0.145 2xlarge=0.29 4xlarge=0.58 \
          8xlarge=1.16 12xlarge=1.74 16xlarge=2.32
        us-east-1 m7g medium=0.0408 large=0.0816 xlarge=0.1632 2xlarge=0.3264 4xlarge=0.6528 \
          8xlarge=1.3056 12xlarge=1.9584 16xlarge=2.6112
        us-east-1 r7g medium=0.0536 large=0.1071 xlarge=0.2142 2xlarge=0.4284 4xlarge=0.8568 \
          8xlarge=1.7136 12xlarge=2.5704 16xlarge=3.4272
        us-east-1 c8g medium=0.03988 large=0.07976 xlarge=0.15952 2xlarge=0.31904 \
          4xlarge=0.63808 8xlarge=1.27616 12xlarge=1.91424 16xlarge=2.55232 24xlarge=3.82848 \
          48xlarge=7.65696
        us-east-1 m8g medium=0.04488 large=0.08976 xlarge=0.17952 2xlarge=0.35904 \
          4xlarge=0.71808 8xlarge=1.43616 12xlarge=2.15424 16xlarge=2.87232 24xlarge=4.30848 \
          48xlarge=8.61696
        us-east-1 r8g medium=0.05891 large=0.11782 xlarge=0.23564 2xlarge=0.47128 \
          4xlarge=0.94256 8xlarge=1.88512 12xlarge=2.82768 16xlarge=3.77024 24xlarge=5.65536 \
          48xlarge=11.31072
        """

    private static let machinesElsewhere = """
        us-east-2 t3 micro=0.0104 small=0.0208 medium=0.0416 large=0.0832 xlarge=0.1664 \
          2xlarge=0.3328
        us-west-1 t3 micro=0.0124 small=0.0248 medium=0.0496 large=0.0992 xlarge=0.1984 \
          2xlarge=0.3968
        us-west-2 t3 micro=0.0104 small=0.0208 medium=0.0416 large=0.0832 xlarge=0.1664 \
          2xlarge=0.3328
        ca-central-1 t3 micro=0.0116 small=0.0232 medium=0.0464 large=0.0928 xlarge=0.1856 \
          2xlarge=0.3712
        eu-central-1 t3 micro=0.012 small=0.024 medium=0.048 large=0.096 xlarge=0.192 \
          2xlarge=0.384
        eu-north-1 t3 micro=0.0108 small=0.0216 medium=0.0432 large=0.0864 xlarge=0.1728 \
          2xlarge=0.3456
        eu-south-1 t3 micro=0.012 small=0.024 medium=0.0479 large=0.0958 xlarge=0.1917 \
          2xlarge=0.3834
        eu-south-2 t3 micro=0.0114 small=0.0228 medium=0.0456 large=0.0912 xlarge=0.1824 \
          2xlarge=0.3648
        eu-west-1 t3 micro=0.0114 small=0.0228 medium=0.0456 large=0.0912 xlarge=0.1824 \
          2xlarge=0.3648
        eu-west-2 t3 micro=0.0118 small=0.0236 medium=0.0472 large=0.0944 xlarge=0.1888 \
          2xlarge=0.3776
        eu-west-3 t3 micro=0.0118 small=0.0236 medium=0.0472 large=0.0944 xlarge=0.1888 \
          2xlarge=0.3776
        me-central-1 t3 micro=0.0125 small=0.0251 medium=0.0502 large=0.1003 xlarge=0.2006 \
          2xlarge=0.4013
        me-south-1 t3 micro=0.0125 small=0.0251 medium=0.0502 large=0.1003 xlarge=0.2006 \
          2xlarge=0.4013
        af-south-1 t3 micro=0.0136 small=0.0271 medium=0.0542 large=0.1085 xlarge=0.217
        ap-east-1 t3 micro=0.0146 small=0.0292 medium=0.0584 large=0.1168 xlarge=0.2336
        ap-northeast-1 t3 micro=0.0136 small=0.0272 medium=0.0544 large=0.1088 xlarge=0.2176
        ap-northeast-2 t3 micro=0.013 small=0.026 medium=0.052 large=0.104 xlarge=0.208 \
          2xlarge=0.416
        ap-northeast-3 t3 micro=0.0136 small=0.0272 medium=0.0544 large=0.1088 xlarge=0.2176 \
          2xlarge=0.4352
        ap-south-1 t3 micro=0.0112 small=0.0224 medium=0.0448 large=0.0896 xlarge=0.1792 \
          2xlarge=0.3584
        ap-southeast-1 t3 micro=0.0132 small=0.0264 medium=0.0528 large=0.1056 xlarge=0.2112 \
          2xlarge=0.4224
        ap-southeast-2 t3 micro=0.0132 small=0.0264 medium=0.0528 large=0.1056 xlarge=0.2112 \
          2xlarge=0.4224
        ap-southeast-3 t3 micro=0.0132 small=0.0264 medium=0.0528 large=0.1056 xlarge=0.2112 \
          2xlarge=0.4224
        ap-southeast-4 t3 micro=0.0132 small=0.0264 medium=0.0528 large=0.1056 xlarge=0.2112 \
          2xlarge=0.4224
        """

    private static let disksEverywhere = """
        us-east-1 gp3=0.08
        us-east-2 gp3=0.08
        us-west-2 gp3=0.08
        eu-central-1 gp3=0.0952
        eu-north-1 gp3=0.0836
        eu-west-1 gp3=0.088
        eu-west-2 gp3=0.0928
        ap-northeast-1 gp3=0.096
        ap-south-1 gp3=0.0912
        ap-southeast-1 gp3=0.096
        ap-southeast-2 gp3=0.096
        sa-east-1 gp3=0.152
        """

    private static let addressesEverywhere = """
        us-east-1 public_ipv4=0.005
        us-east-2 public_ipv4=0.005
        us-west-1 public_ipv4=0.005
        us-west-2 public_ipv4=0.005
        ca-central-1 public_ipv4=0.005
        eu-central-1 public_ipv4=0.005
        eu-north-1 public_ipv4=0.005
        eu-south-1 public_ipv4=0.005
        eu-south-2 public_ipv4=0.005
        eu-west-1 public_ipv4=0.005
        eu-west-2 public_ipv4=0.005
        eu-west-3 public_ipv4=0.005
        me-central-1 public_ipv4=0.005
        me-south-1 public_ipv4=0.005
        af-south-1 public_ipv4=0.005
        ap-east-1 public_ipv4=0.005
        ap-northeast-1 public_ipv4=0.005
        ap-northeast-2 public_ipv4=0.005
        ap-northeast-3 public_ipv4=0.005
        ap-south-1 public_ipv4=0.005
        ap-southeast-1 public_ipv4=0.005
        ap-southeast-2 public_ipv4=0.005
        ap-southeast-3 public_ipv4=0.005
        ap-southeast-4 public_ipv4=0.005
        sa-east-1 public_ipv4=0.005
        """
}
