import Services

/// The x86 instance types that sizes are mapped to.
///
/// <https://docs.aws.amazon.com/ec2/latest/instancetypes/instance-types.html>
struct InstanceType: Hashable {
    let name: String
    let cpu: Int
    let memoryGibibytes: Int

    /// In order of the Linux price in us-east-1, so that the first that fits is the cheapest.
    static let all = [
        InstanceType(name: "t3.micro", cpu: 2, memoryGibibytes: 1),
        InstanceType(name: "t3.small", cpu: 2, memoryGibibytes: 2),
        InstanceType(name: "t3.medium", cpu: 2, memoryGibibytes: 4),
        InstanceType(name: "t3.large", cpu: 2, memoryGibibytes: 8),
        InstanceType(name: "r6i.large", cpu: 2, memoryGibibytes: 16),
        InstanceType(name: "t3.xlarge", cpu: 4, memoryGibibytes: 16),
        InstanceType(name: "r6i.xlarge", cpu: 4, memoryGibibytes: 32),
        InstanceType(name: "t3.2xlarge", cpu: 8, memoryGibibytes: 32),
        InstanceType(name: "r6i.2xlarge", cpu: 8, memoryGibibytes: 64),
        InstanceType(name: "c6i.4xlarge", cpu: 16, memoryGibibytes: 32),
        InstanceType(name: "m6i.4xlarge", cpu: 16, memoryGibibytes: 64),
        InstanceType(name: "r6i.4xlarge", cpu: 16, memoryGibibytes: 128),
        InstanceType(name: "c6i.8xlarge", cpu: 32, memoryGibibytes: 64),
        InstanceType(name: "m6i.8xlarge", cpu: 32, memoryGibibytes: 128),
        InstanceType(name: "r6i.8xlarge", cpu: 32, memoryGibibytes: 256),
        InstanceType(name: "c6i.16xlarge", cpu: 64, memoryGibibytes: 128),
        InstanceType(name: "m6i.16xlarge", cpu: 64, memoryGibibytes: 256),
        InstanceType(name: "r6i.16xlarge", cpu: 64, memoryGibibytes: 512),
        InstanceType(name: "c6i.32xlarge", cpu: 128, memoryGibibytes: 256),
        InstanceType(name: "m6i.32xlarge", cpu: 128, memoryGibibytes: 512),
        InstanceType(name: "r6i.32xlarge", cpu: 128, memoryGibibytes: 1024),
    ]

    /// The cheapest with at least that many processors and that much memory.
    static func cheapest(for shape: MachineShape) -> InstanceType? {
        all.first {
            $0.cpu >= shape.cpu && $0.memoryGibibytes * 1024 >= shape.memoryMebibytes
        }
    }

    /// What stands in a resource for a shape that no type has; creation refuses it.
    static func unavailable(_ shape: MachineShape) -> String {
        "\(shape.cpu)-cpu-\(shape.memoryMebibytes)-MiB"
    }
}
