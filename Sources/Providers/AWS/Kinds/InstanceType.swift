import Resources
import Services

/// The instance types that sizes are mapped to.
///
/// <https://docs.aws.amazon.com/ec2/latest/instancetypes/instance-types.html>
struct InstanceType: Hashable {
    let name: String
    let cpu: Int
    let memoryGibibytes: Int

    /// In order of the Linux price in us-east-1, so that the first that fits is the cheapest.
    static func all(_ architecture: Architecture) -> [InstanceType] {
        switch architecture {
        case .x86: x86
        case .arm: arm
        }
    }

    private static let x86 = [
        InstanceType("t3.micro", 2, 1), InstanceType("t3.small", 2, 2),
        InstanceType("t3.medium", 2, 4), InstanceType("t3.large", 2, 8),
        InstanceType("r6i.large", 2, 16), InstanceType("t3.xlarge", 4, 16),
        InstanceType("r6i.xlarge", 4, 32), InstanceType("t3.2xlarge", 8, 32),
        InstanceType("r6i.2xlarge", 8, 64), InstanceType("c6i.4xlarge", 16, 32),
        InstanceType("m6i.4xlarge", 16, 64), InstanceType("r6i.4xlarge", 16, 128),
        InstanceType("c6i.8xlarge", 32, 64), InstanceType("m6i.8xlarge", 32, 128),
        InstanceType("r6i.8xlarge", 32, 256), InstanceType("c6i.16xlarge", 64, 128),
        InstanceType("m6i.16xlarge", 64, 256), InstanceType("r6i.16xlarge", 64, 512),
        InstanceType("c6i.32xlarge", 128, 256), InstanceType("m6i.32xlarge", 128, 512),
        InstanceType("r6i.32xlarge", 128, 1024),
    ]

    private static let arm = [
        InstanceType("t4g.micro", 2, 1), InstanceType("t4g.small", 2, 2),
        InstanceType("t4g.medium", 2, 4), InstanceType("t4g.large", 2, 8),
        InstanceType("r7g.large", 2, 16), InstanceType("t4g.xlarge", 4, 16),
        InstanceType("r7g.xlarge", 4, 32), InstanceType("t4g.2xlarge", 8, 32),
        InstanceType("r7g.2xlarge", 8, 64), InstanceType("c7g.4xlarge", 16, 32),
        InstanceType("m7g.4xlarge", 16, 64), InstanceType("r7g.4xlarge", 16, 128),
        InstanceType("c7g.8xlarge", 32, 64), InstanceType("m7g.8xlarge", 32, 128),
        InstanceType("r7g.8xlarge", 32, 256), InstanceType("c7g.16xlarge", 64, 128),
        InstanceType("m7g.16xlarge", 64, 256), InstanceType("r7g.16xlarge", 64, 512),
    ]

    /// Types of other families, which spot machines may get as well.
    private static let spotFamilies: [Architecture: [String: Int]] = [
        .x86: ["t3a": 4, "m6a": 4, "m6i": 4, "m7i": 4, "c6i": 2, "c7i": 2, "r6i": 8],
        .arm: ["t4g": 4, "m6g": 4, "m7g": 4, "c6g": 2, "c7g": 2, "r6g": 8],
    ]

    /// GiB for each processor are the family's; burstable small types are the exception.
    private static let spotSizes = [
        ("large", 2), ("xlarge", 4), ("2xlarge", 8), ("4xlarge", 16), ("8xlarge", 32),
        ("16xlarge", 64),
    ]

    private init(_ name: String, _ cpu: Int, _ memoryGibibytes: Int) {
        self.name = name
        self.cpu = cpu
        self.memoryGibibytes = memoryGibibytes
    }

    static func named(_ name: String) -> (InstanceType, Architecture)? {
        for architecture in Architecture.allCases {
            if let type = all(architecture).first(where: { $0.name == name }) {
                return (type, architecture)
            }
        }
        return nil
    }

    /// The cheapest with at least that many processors and that much memory.
    static func cheapest(for shape: MachineShape, _ architecture: Architecture) -> InstanceType? {
        all(architecture).first {
            $0.cpu >= shape.cpu && $0.memoryGibibytes * 1024 >= shape.memoryMebibytes
        }
    }

    /// What a spot machine may be instead, the least first: capacity is often only in others.
    static func spotChoices(for name: String) -> [String] {
        guard let (wanted, architecture) = named(name) else { return [name] }
        let others =
            all(architecture)
            + spotFamilies[architecture, default: [:]].flatMap { family, gibibytes in
                // Burstable types end at 2xlarge.
                spotSizes.prefix(family.hasPrefix("t") ? 3 : 6)
                    .map { InstanceType("\(family).\($0.0)", $0.1, $0.1 * gibibytes) }
            }
        let enough = others.filter {
            $0.cpu >= wanted.cpu && $0.memoryGibibytes >= wanted.memoryGibibytes
        }
        let ordered = enough.sorted {
            ($0.cpu, $0.memoryGibibytes, $0.name) < ($1.cpu, $1.memoryGibibytes, $1.name)
        }.map(\.name)
        return Array(([name] + ordered).withoutRepetition.prefix(6))
    }

    /// What stands in a resource for a shape that no type has; creation refuses it.
    static func unavailable(_ shape: MachineShape) -> String {
        "\(shape.cpu)-cpu-\(shape.memoryMebibytes)-MiB"
    }
}
