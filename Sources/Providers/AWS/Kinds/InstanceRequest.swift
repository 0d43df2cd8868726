import Foundation
import Resources
import Services

/// The parameters of RunInstances for a desired machine, for each place to try.
///
/// <https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_RunInstances.html>
struct InstanceRequest {
    /// AWS's limit before base64.
    static let maximumUserData = 16 * 1024

    private struct Place {
        let type: String
        let subnet: SubnetDocument
    }

    private let common: [String: Value]
    private let places: [Place]
    private let token: String

    /// Asks for the network, and SSM for the image's current id.
    ///
    /// - Parameter predecessor: an instance of the same key that has ended. EC2 remembers the
    ///   token that made it, and would answer with that one again.
    init(
        _ desired: Resource, key: IdempotencyKey, after predecessor: String?, on ec2: EC2
    ) async throws {
        token = predecessor.map { "\(key.text)-\($0.suffix(12))" } ?? key.text
        let types = try Self.types(desired)
        let network = try await ec2.network(for: desired)
        let subnets = network.subnets(in: desired["availability_zone"]?.string)
        guard !subnets.isEmpty else { throw Self.noSubnet(desired, network) }
        places = types.flatMap { type in subnets.map { Place(type: type, subnet: $0) } }
        let source = ImageSource(of: desired)
        common = try Self.parameters(
            desired, image: try await ec2.images.current(source, ec2.api),
            rootDevice: source.rootDevice,
            compress: ec2.compress
        ).merging([
            "TagSpecification": ec2.tagSpecification(
                "instance", "volume", "network-interface", for: desired, key: key,
                more: desired["spot"] == true ? [:] : [Tag.seeding: Tag.everyBoot])
        ]) { first, _ in first }
    }

    /// One after the other, the first of them the best. Each has a token of its own: EC2 refuses
    /// one that it knows with other parameters.
    var attempts: some Sequence<[String: Value]> {
        places.enumerated().lazy.map { number, place in
            parameters(for: place, token: number == 0 ? token : "\(token)-\(number)")
        }
    }

    var first: [String: Value] { attempts.first { _ in true } ?? common }

    private func parameters(for place: Place, token: String) -> [String: Value] {
        var parameters = common
        parameters["ClientToken"] = .string(token)
        parameters["InstanceType"] = .string(place.type)
        parameters["SubnetId"] = .string(place.subnet.subnetId)
        if place.subnet.hasIPv6 { parameters["Ipv6AddressCount"] = 1 }
        return parameters
    }

    private static func parameters(
        _ desired: Resource, image: String, rootDevice: String, compress: Compression
    ) throws -> [String: Value] {
        var parameters: [String: Value] = [
            "ImageId": .string(image),
            "MinCount": 1,
            "MaxCount": 1,
            "UserData": try userData(desired, compress: compress),
            "DisableApiTermination": desired["protect"] ?? false,
            "SecurityGroupId": desired["security_groups"] ?? .null,
            "MetadataOptions": [
                "HttpEndpoint": "enabled",
                "HttpTokens": desired["metadata_tokens"] ?? .null,
                "HttpPutResponseHopLimit": desired["metadata_hop_limit"] ?? .null,
            ],
            "BlockDeviceMapping": [
                [
                    "DeviceName": .string(rootDevice),
                    "Ebs": [
                        "DeleteOnTermination": true,
                        "Encrypted": true,
                        "VolumeSize": desired["disk_gibibytes"] ?? .null,
                        "VolumeType": "gp3",
                    ],
                ]
            ],
        ]
        if let profile = desired["instance_profile"] {
            parameters["IamInstanceProfile"] = ["Name": profile]
        }
        if desired["spot"]?.boolean == true {
            parameters["InstanceMarketOptions"] = [
                "MarketType": "spot", "SpotOptions": ["SpotInstanceType": "one-time"],
            ]
        }
        return parameters
    }

    /// The type that was asked for; for a spot machine others as well.
    private static func types(_ desired: Resource) throws -> [String] {
        let name = desired["instance_type"]?.string ?? ""
        let architecture =
            desired["architecture"]?.string.flatMap(Architecture.init(rawValue:)) ?? .x86
        guard InstanceType.named(name) == nil else {
            return desired["spot"] == true ? InstanceType.spotChoices(for: name) : [name]
        }
        let largest = InstanceType.all(architecture).last
        throw ProviderError(
            .invalid, provider: .aws, address: desired.address, action: "choose an instance type",
            detail: "no type offers \(name)",
            remedy: "Set `size` to at most \(largest?.cpu ?? 0) processors and "
                + "\(largest?.memoryGibibytes ?? 0)GiB.")
    }

    private static func noSubnet(_ desired: Resource, _ network: Network) -> ProviderError {
        let zone = desired["availability_zone"]?.string ?? ""
        return ProviderError(
            .conflict, provider: .aws, address: desired.address, action: "choose a subnet",
            detail: "the data volume is in \(zone), and \(network.vpc) has no subnet to use there",
            remedy: "Set `targets.aws.subnet` to a subnet in \(zone).")
    }

    /// Compressed only when it must be: whoever looks at the machine can read the plain one.
    static func userData(_ desired: Resource, compress: Compression) throws -> Value {
        let text: String
        switch desired["seed"] {
        case .secret(let secret)?: text = secret.revealed
        case .string(let plain)?: text = plain
        default: return .null
        }
        var bytes = Array(text.utf8)
        if bytes.count > maximumUserData { bytes = try compress(bytes) }
        guard bytes.count <= maximumUserData else {
            throw ProviderError(
                .invalid, provider: .aws, address: desired.address, action: "pass the user data",
                detail: "it has \(bytes.count) bytes, compressed; AWS takes \(maximumUserData)",
                remedy: "Shorten what the service's first-boot script holds.")
        }
        return .secret(Secret(Data(bytes).base64EncodedString()))
    }
}

/// Makes a gzip file of bytes, which cloud-init opens.
package typealias Compression = @Sendable (_ bytes: [UInt8]) throws -> [UInt8]
