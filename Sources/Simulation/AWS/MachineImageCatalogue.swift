/// An Amazon machine image in the world.
struct AmazonImage: Hashable {
    let id: String
    let name: String
    let description: String
    let architecture: String
    let owner: String
    let ownerAlias: String?
    let rootDevice: String
    /// GiB
    let rootSize: Int
    /// The public parameters that name it.
    let parameters: [String]
}

/// The images that exist, found by id or by the name of a public parameter.
enum MachineImageCatalogue {
    static let all: [AmazonImage] =
        ubuntu("x86_64", "amd64", "ami-0a1b2c3d4e5f60001")
        + ubuntu("arm64", "arm64", "ami-0a1b2c3d4e5f60002")
        + debian(12, "x86_64", "amd64", "ami-0a1b2c3d4e5f60003")
        + debian(12, "arm64", "arm64", "ami-0a1b2c3d4e5f60004")
        + debian(13, "x86_64", "amd64", "ami-0a1b2c3d4e5f60005")
        + debian(13, "arm64", "arm64", "ami-0a1b2c3d4e5f60006")
        + amazonLinux("x86_64", "ami-0a1b2c3d4e5f60007")
        + amazonLinux("arm64", "ami-0a1b2c3d4e5f60008")

    /// What is published next, by the name that launch.yaml has for it.
    static let newer: [String: AmazonImage] = [
        "ubuntu-24.04": AmazonImage(
            id: "ami-0a1b2c3d4e5f60011",
            name: "ubuntu/images/hvm-ssd-gp3/ubuntu-noble-24.04-amd64-server-20250911",
            description: "Canonical, Ubuntu, 24.04, amd64 noble image", architecture: "x86_64",
            owner: "099720109477", ownerAlias: nil, rootDevice: "/dev/sda1", rootSize: 8,
            parameters: [
                "/aws/service/canonical/ubuntu/server/24.04/stable/current/amd64/hvm/ebs-gp3/ami-id"
            ])
    ]

    static func image(named parameter: String) -> AmazonImage? {
        all.first { $0.parameters.contains(parameter) }
    }

    static func image(_ id: String) -> AmazonImage? {
        all.first { $0.id == id } ?? newer.values.first { $0.id == id }
    }

    private static func ubuntu(_ architecture: String, _ short: String, _ id: String)
        -> [AmazonImage]
    {
        let root = "/aws/service/canonical/ubuntu/server/24.04/stable"
        return [
            AmazonImage(
                id: id,
                name: "ubuntu/images/hvm-ssd-gp3/ubuntu-noble-24.04-\(short)-server-20250805",
                description: "Canonical, Ubuntu, 24.04, \(short) noble image",
                architecture: architecture, owner: "099720109477", ownerAlias: nil,
                rootDevice: "/dev/sda1", rootSize: 8,
                parameters: ["current", "20250805"].map {
                    "\(root)/\($0)/\(short)/hvm/ebs-gp3/ami-id"
                })
        ]
    }

    private static func debian(
        _ release: Int, _ architecture: String, _ short: String, _ id: String
    ) -> [AmazonImage] {
        [
            AmazonImage(
                id: id, name: "debian-\(release)-\(short)-20250814-2204",
                description: "Debian \(release) (20250814-2204)", architecture: architecture,
                owner: "136693071363", ownerAlias: nil, rootDevice: "/dev/xvda", rootSize: 8,
                parameters: ["/aws/service/debian/release/\(release)/latest/\(short)"])
        ]
    }

    private static func amazonLinux(_ architecture: String, _ id: String) -> [AmazonImage] {
        let name = "al2023-ami-kernel-default-\(architecture)"
        return [
            AmazonImage(
                id: id, name: "al2023-ami-2023.8.20250808.1-kernel-6.1-\(architecture)",
                description: "Amazon Linux 2023 AMI", architecture: architecture,
                owner: "137112412989", ownerAlias: "amazon", rootDevice: "/dev/xvda",
                rootSize: 8,
                parameters: ["/aws/service/ami-amazon-linux-latest/\(name)"])
        ]
    }
}
