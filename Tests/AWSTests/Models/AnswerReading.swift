import Foundation
import Testing
import XMLCoder

@testable import AWS

/// An answer of the XML protocols, and what is to be found in it: see `BotocoreModel.answers`.
struct AnswerReading {
    let operation: String
    let check: (XMLDecoder, Data) throws -> Void

    init<Document: Decodable>(
        _ operation: String, _ type: Document.Type, _ holds: @escaping (Document) -> Bool
    ) {
        self.operation = operation
        check = { decoder, data in
            let document = try decoder.decode(type, from: data)
            #expect(holds(document), "\(operation)")
        }
    }

    static var all: [AnswerReading] {
        [
            AnswerReading("ec2:DescribeInstances", DescribeInstancesPage.self) { page in
                page.elements.first.map { instance in
                    instance.instanceId == "text" && instance.tagSet?.items.count == 1
                        && instance.groupSet?.items.count == 1
                        && instance.metadataOptions?.httpPutResponseHopLimit == 7
                        && instance.volume(at: "text") == "text"
                        && instance.iamInstanceProfile?.arn == "text"
                        && instance.ipv6Address == "text" && instance.architecture == "text"
                } ?? false
            },
            AnswerReading("ec2:RunInstances", ReservationDocument.self) {
                $0.instancesSet.items.count == 1
            },
            AnswerReading("ec2:DescribeVolumes", DescribeVolumesPage.self) {
                $0.elements.first?.size == 7 && $0.elements.first?.attachments.count == 1
            },
            AnswerReading("ec2:CreateVolume", VolumeDocument.self) {
                $0.availabilityZone == "text"
            },
            AnswerReading("ec2:DescribeSecurityGroups", DescribeSecurityGroupsPage.self) { page in
                page.elements.first?.ipPermissions?.items.first?.ipRanges?.items.first?.cidrIp
                    == "text"
            },
            AnswerReading("ec2:CreateSecurityGroup", CreatedGroupDocument.self) {
                $0.groupId == "text"
            },
            AnswerReading("ec2:DescribeSubnets", DescribeSubnetsPage.self) {
                $0.elements.first?.vpcId == "text"
            },
            AnswerReading("ec2:DescribeAddresses", DescribeAddressesDocument.self) {
                $0.addressesSet?.items.first?.allocationId == "text"
            },
            AnswerReading("ec2:AllocateAddress", AllocatedAddressDocument.self) {
                $0.publicIp == "text"
            },
            AnswerReading("ec2:DescribeVpcs", DescribeVPCsPage.self) {
                $0.elements.first?.vpcId == "text"
            },
            AnswerReading("ec2:CreateVpc", CreatedVPCDocument.self) { $0.vpc.vpcId == "text" },
            AnswerReading("ec2:CreateSubnet", CreatedSubnetDocument.self) {
                $0.subnet.subnetId == "text"
            },
            AnswerReading("ec2:DescribeInternetGateways", DescribeInternetGatewaysPage.self) {
                $0.elements.first?.attachmentSet?.items.first?.vpcId == "text"
            },
            AnswerReading("ec2:CreateInternetGateway", CreatedInternetGatewayDocument.self) {
                $0.internetGateway.internetGatewayId == "text"
            },
            AnswerReading("ec2:DescribeRouteTables", DescribeRouteTablesPage.self) {
                $0.elements.first?.routeSet?.items.first?.gatewayId == "text"
            },
            AnswerReading("ec2:DescribeAvailabilityZones", DescribeAvailabilityZonesDocument.self) {
                $0.availabilityZoneInfo?.items.first?.zoneName == "text"
            },
            AnswerReading(
                "ec2:DescribeIamInstanceProfileAssociations", DescribeProfileAssociationsPage.self
            ) { $0.elements.first?.associationId == "text" },
            AnswerReading(
                "ec2:DescribeInstanceAttribute", TerminationProtectionDocument.self
            ) { $0.disableApiTermination?.value == "false" },
            AnswerReading("iam:GetAccountAuthorizationDetails", AccountDetailsDocument.self) {
                document in
                let role = document.result.roles?.items.first
                return role?.policies?.items.first?.document == "text"
                    && role?.profiles?.items.first?.roles?.items.first?.name == "text"
                    && role?.tags?.items.first?.key == "text"
            },
            AnswerReading("iam:GetRole", GetRoleDocument.self) { $0.result.role.trust == "text" },
            AnswerReading("iam:GetRolePolicy", GetRolePolicyDocument.self) {
                $0.result.document == "text"
            },
            AnswerReading("iam:GetInstanceProfile", GetInstanceProfileDocument.self) {
                $0.result.profile.roles?.items.count == 1
            },
            AnswerReading("iam:ListRolePolicies", ListRolePoliciesDocument.self) {
                $0.result.names?.items == ["text"]
            },
            AnswerReading("iam:ListAttachedRolePolicies", ListAttachedRolePoliciesDocument.self) {
                $0.result.policies?.items.first?.arn == "text"
            },
        ]
    }
}
