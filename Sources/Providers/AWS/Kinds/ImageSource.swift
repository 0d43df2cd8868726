import Resources
import Services

/// Where an operating system's current image is published, and what its root disk is called.
struct ImageSource: Hashable {
    /// The name of a public SSM parameter that holds the image's id.
    let parameter: String
    let rootDevice: String

    /// <https://documentation.ubuntu.com/aws/aws-how-to/instances/find-ubuntu-images/>,
    /// <https://wiki.debian.org/Cloud/AmazonEC2Image>
    init(_ image: MachineImage, _ architecture: Architecture) {
        let machine = architecture == .arm ? "arm64" : "amd64"
        switch image {
        case .ubuntu2404:
            parameter =
                "/aws/service/canonical/ubuntu/server/24.04/stable/current/\(machine)/hvm/ebs-gp3"
                + "/ami-id"
            rootDevice = "/dev/sda1"
        case .debian12:
            parameter = "/aws/service/debian/release/12/latest/\(machine)"
            rootDevice = "/dev/xvda"
        case .debian13:
            parameter = "/aws/service/debian/release/13/latest/\(machine)"
            rootDevice = "/dev/xvda"
        }
    }

    /// What a machine asks for; what it leaves open is Ubuntu on x86.
    init(of desired: Resource) {
        self =
            ImageSource(named: desired["image"], desired["architecture"])
            ?? ImageSource(.ubuntu2404, .x86)
    }

    /// What a machine was made from; `nil` when that was none of the images that Launch knows.
    init?(of observed: ObservedResource) {
        self.init(named: observed["image"], observed["architecture"])
    }

    private init?(named image: Value?, _ architecture: Value?) {
        guard let image = image?.string.flatMap(MachineImage.init(rawValue:)) else { return nil }
        self.init(
            image, architecture?.string.flatMap(Architecture.init(rawValue:)) ?? .x86)
    }

    /// The id of the image as it is published now.
    func currentID(_ api: AWSAPI) async throws -> String {
        let answer = try await api.json("GetParameter", of: .ssm, ["Name": .string(parameter)])
        if let id = answer["Parameter"]?["Value"]?.string { return id }
        throw ProviderError(
            .notFound, provider: .aws, action: "find the image at \(parameter)",
            detail: "the parameter has no value",
            remedy: "Choose another `targets.aws.image`, or a region that has it.")
    }
}
