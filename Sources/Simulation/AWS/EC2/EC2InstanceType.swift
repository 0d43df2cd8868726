/// An instance type that the region offers.
struct EC2InstanceType: Hashable {
    let name: String
    let architecture: String

    /// - Throws: `InvalidParameterValue` for a type that does not exist.
    init(_ name: String) throws {
        let parts = name.split(separator: ".", maxSplits: 1).map(String.init)
        guard parts.count == 2, let architecture = Self.families[parts[0]],
            Self.sizes.contains(parts[1])
        else {
            throw AWSError(
                "InvalidParameterValue", "Invalid value '\(name)' for InstanceType.")
        }
        self.name = name
        self.architecture = architecture
    }

    /// - Throws: `InvalidParameterValue` when the type cannot run the image.
    func check(for image: AmazonImage) throws {
        guard architecture == image.architecture else {
            throw AWSError(
                "InvalidParameterValue",
                "The architecture '\(architecture)' of the specified instance type does not match "
                    + "the architecture '\(image.architecture)' of the specified AMI. Specify an "
                    + "instance type and an AMI that have matching architectures, and try again.")
        }
    }

    private static let sizes: Set = [
        "nano", "micro", "small", "medium", "large", "xlarge", "2xlarge", "4xlarge", "8xlarge",
        "12xlarge", "16xlarge", "24xlarge", "32xlarge",
    ]

    private static let families: [String: String] = {
        let intel = [
            "t2", "t3", "t3a", "m5", "m6i", "m6a", "m7i", "m7a", "c5", "c6i", "c7i", "r5", "r6i",
        ]
        let arm = ["t4g", "m6g", "m7g", "m8g", "c6g", "c7g", "c8g", "r6g", "r7g"]
        return Dictionary(
            uniqueKeysWithValues: intel.map { ($0, "x86_64") } + arm.map { ($0, "arm64") })
    }()
}
