import Foundation
import Resources
import Services

/// The parameters of RunInstances for a desired machine.
///
/// <https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_RunInstances.html>
struct InstanceRequest {
    /// AWS's limit before base64.
    static let maximumUserData = 16 * 1024

    let parameters: [String: Value]

    /// Asks SSM for the image's current id.
    ///
    /// - Parameter predecessor: an instance of the same key that has ended. EC2 remembers the
    ///   token that made it, and would answer with that one again.
    init(
        _ desired: Resource, key: IdempotencyKey, after predecessor: String?, on ec2: EC2
    ) async throws {
        let token = predecessor.map { "\(key.text)-\($0.suffix(12))" } ?? key.text
        let image = desired["image"]?.string.flatMap(MachineImage.init(rawValue:)) ?? .ubuntu2404
        let source = ImageSource(image)
        var parameters: [String: Value] = [
            "ImageId": .string(try await source.currentID(ec2.api)),
            "InstanceType": try Self.instanceType(desired),
            "MinCount": 1,
            "MaxCount": 1,
            "ClientToken": .string(token),
            "UserData": try Self.userData(desired),
            "DisableApiTermination": desired["protect"] ?? false,
            "SecurityGroupId": desired["security_groups"] ?? .null,
            "SubnetId": desired["subnet"] ?? .null,
            "MetadataOptions": [
                "HttpEndpoint": "enabled",
                "HttpTokens": desired["metadata_tokens"] ?? .null,
                "HttpPutResponseHopLimit": desired["metadata_hop_limit"] ?? .null,
            ],
            "BlockDeviceMapping": [
                [
                    "DeviceName": .string(source.rootDevice),
                    "Ebs": [
                        "DeleteOnTermination": true,
                        "Encrypted": true,
                        "VolumeSize": desired["disk_gibibytes"] ?? .null,
                        "VolumeType": "gp3",
                    ],
                ]
            ],
        ]
        if let zone = desired["availability_zone"] {
            parameters["Placement"] = ["AvailabilityZone": zone]
        }
        if let profile = desired["instance_profile"] {
            parameters["IamInstanceProfile"] = ["Name": profile]
        }
        if desired["spot"]?.boolean == true {
            parameters["InstanceMarketOptions"] = [
                "MarketType": "spot", "SpotOptions": ["SpotInstanceType": "one-time"],
            ]
        }
        parameters["TagSpecification"] = ec2.tagSpecification(
            "instance", "volume", "network-interface", for: desired, key: key)
        self.parameters = parameters
    }

    private static func instanceType(_ desired: Resource) throws -> Value {
        let name = desired["instance_type"]?.string ?? ""
        if InstanceType.all.contains(where: { $0.name == name }) { return .string(name) }
        let largest = InstanceType.all.last
        throw ProviderError(
            .invalid, provider: .aws, address: desired.address, action: "choose an instance type",
            detail: "no type offers \(name)",
            remedy: "Set `size` to at most \(largest?.cpu ?? 0) processors and "
                + "\(largest?.memoryGibibytes ?? 0)GiB.")
    }

    private static func userData(_ desired: Resource) throws -> Value {
        let text: String
        switch desired["seed"] {
        case .secret(let secret)?: text = secret.revealed
        case .string(let plain)?: text = plain
        default: return .null
        }
        guard text.utf8.count <= maximumUserData else {
            throw ProviderError(
                .invalid, provider: .aws, address: desired.address, action: "pass the user data",
                detail: "it has \(text.utf8.count) bytes; AWS takes \(maximumUserData)",
                remedy: "Shorten what the service's first-boot script holds.")
        }
        return .secret(Secret(Data(text.utf8).base64EncodedString()))
    }
}
