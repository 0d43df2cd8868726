package import Resources
package import Services

/// The least-privilege policy for whoever runs Launch: what the resources need, and where a
/// condition can say so, only on what bears the project's mark.
///
/// <https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonec2.html>
package struct AWSPolicy: Sendable {
    private let project: String
    private let kinds: Set<KindName>
    private let ownNetwork: Bool
    private let foreignProfile: String?

    package init(for resources: [Resource], in project: ProjectSpec) {
        self.project = project.project
        kinds = Set(resources.map(\.address.kind))
        ownNetwork = project.aws.subnet == "default"
        foreignProfile = project.aws.instanceProfile
    }

    package var document: Value {
        let statements = [
            reading, witnessing, making, machineParts, tagging, changing, machineRole, roles,
            budget,
        ]
        return [
            "Version": "2012-10-17", "Statement": .list((statements + network).compactMap(\.self)),
        ]
    }

    private func has(_ kind: ResourceKind) -> Bool { kinds.contains(kind.name) }

    /// What lists cannot be limited.
    private var reading: Value {
        statement(
            "Read",
            [
                "ec2:DescribeAddresses", "ec2:DescribeInstances", "ec2:DescribeSecurityGroups",
                "ec2:DescribeSubnets", "ec2:DescribeVolumes", "ec2:DescribeVpcs",
                "ec2:DescribeIamInstanceProfileAssociations", "ssm:GetParameter",
                "sts:DecodeAuthorizationMessage",
            ] + (foreignProfile == nil ? ["iam:GetAccountAuthorizationDetails"] : []))
    }

    /// Only for who changed what, in a drift check.
    private var witnessing: Value { statement("SeeWhoChanged", ["cloudtrail:LookupEvents"]) }

    /// Only what gets the mark as it is made.
    private var making: Value? {
        let operations = [
            (SecurityGroup.kind, "ec2:CreateSecurityGroup", "security-group"),
            (Volume.kind, "ec2:CreateVolume", "volume"),
            (ElasticIP.kind, "ec2:AllocateAddress", "elastic-ip"),
            (Instance.kind, "ec2:RunInstances", "instance"),
        ].filter { has($0.0) }
        guard !operations.isEmpty else { return nil }
        let types = operations.map(\.2) + (has(Instance.kind) ? ["network-interface"] : [])
        return statement(
            "Make", operations.map(\.1), on: Set(types).sorted().map { "arn:*:ec2:*:*:\($0)/*" },
            when: "aws:RequestTag/\(Tag.project)")
    }

    /// What a machine or a group is made of without being marked by it.
    private var machineParts: Value? {
        guard has(Instance.kind) else { return nil }
        let types = ["image", "security-group", "subnet", "volume", "vpc"]
        return statement(
            "MakeFrom", ["ec2:RunInstances", "ec2:CreateSecurityGroup"],
            on: types.map { "arn:*:ec2:*:*:\($0)/*" } + ["arn:*:ec2:*::image/*"])
    }

    private var tagging: Value {
        [
            "Sid": "MarkWhatIsMade", "Effect": "Allow", "Action": "ec2:CreateTags",
            "Resource": "arn:*:ec2:*:*:*/*",
            "Condition": [
                "StringEquals": [
                    "ec2:CreateAction": [
                        "RunInstances", "CreateVolume", "CreateSecurityGroup", "AllocateAddress",
                        "CreateVpc", "CreateSubnet", "CreateInternetGateway",
                    ]
                ]
            ],
        ]
    }

    /// Only on what bears the mark.
    private var changing: Value? {
        let operations = [
            SecurityGroup.kind.name: [
                "AuthorizeSecurityGroupIngress", "AuthorizeSecurityGroupEgress",
                "RevokeSecurityGroupIngress", "RevokeSecurityGroupEgress", "DeleteSecurityGroup",
            ],
            Volume.kind.name: ["AttachVolume", "DetachVolume", "DeleteVolume"],
            ElasticIP.kind.name: ["AssociateAddress", "DisassociateAddress", "ReleaseAddress"],
            Instance.kind.name: [
                "RebootInstances", "StartInstances", "StopInstances", "TerminateInstances",
                "ModifyInstanceAttribute", "ModifyInstanceMetadataOptions", "ModifyVolume",
                "AssociateIamInstanceProfile", "ReplaceIamInstanceProfileAssociation",
                "DescribeInstanceAttribute", "GetConsoleOutput",
            ],
        ].filter { kinds.contains($0.key) }.flatMap(\.value)
        return statement(
            "Change", Set(operations + ["CreateTags", "DeleteTags"]).sorted().map { "ec2:\($0)" },
            when: "aws:ResourceTag/\(Tag.project)")
    }

    /// Machines may be given a role, and nothing else may.
    private var machineRole: Value? {
        guard has(Instance.kind) else { return nil }
        let roles =
            foreignProfile == nil ? "arn:*:iam::*:role/launch/\(project)/*" : "arn:*:iam::*:role/*"
        return [
            "Sid": "GiveMachinesTheirRole", "Effect": "Allow", "Action": "iam:PassRole",
            "Resource": .string(roles),
            "Condition": ["StringEquals": ["iam:PassedToService": "ec2.amazonaws.com"]],
        ]
    }

    private var roles: Value? {
        guard has(InstanceProfile.kind) else { return nil }
        let operations = [
            "AddRoleToInstanceProfile", "CreateInstanceProfile", "CreateRole",
            "DeleteInstanceProfile", "DeleteRole", "DeleteRolePolicy", "DetachRolePolicy",
            "GetInstanceProfile", "GetRole", "GetRolePolicy", "ListAttachedRolePolicies",
            "ListRolePolicies", "PutRolePolicy", "RemoveRoleFromInstanceProfile",
            "TagInstanceProfile", "TagRole", "UntagInstanceProfile", "UntagRole",
            "UpdateAssumeRolePolicy",
        ]
        return statement(
            "MachineRoles", operations.map { "iam:\($0)" },
            on: ["role", "instance-profile"].map { "arn:*:iam::*:\($0)/launch/\(project)/*" })
    }

    private var budget: Value? {
        guard has(Budget.kind) else { return nil }
        let operations = ["ListTagsForResource", "ModifyBudget", "TagResource", "ViewBudget"]
        return statement(
            "Budget", operations.map { "budgets:\($0)" },
            on: ["arn:*:budgets::*:budget/\(Budget.name(of: project))"])
    }

    /// Needed only where the account has no default VPC.
    private var network: [Value] {
        guard ownNetwork, !kinds.isEmpty else { return [] }
        let made = ["CreateInternetGateway", "CreateSubnet", "CreateVpc"]
        let changed = [
            "AttachInternetGateway", "CreateRoute", "CreateSubnet", "DeleteInternetGateway",
            "DeleteSubnet", "DeleteVpc", "DetachInternetGateway", "ModifySubnetAttribute",
        ]
        let read = [
            "DescribeAvailabilityZones", "DescribeInternetGateways", "DescribeRouteTables",
        ]
        return [
            statement("ReadNetwork", read.map { "ec2:\($0)" }),
            statement(
                "MakeNetwork", made.map { "ec2:\($0)" }, when: "aws:RequestTag/\(Tag.project)"),
            // The main route table comes with the VPC and bears no mark.
            statement("ChangeNetwork", ["ec2:CreateRoute"], on: ["arn:*:ec2:*:*:route-table/*"]),
            statement(
                "ChangeOwnNetwork", changed.map { "ec2:\($0)" },
                when: "aws:ResourceTag/\(Tag.project)"),
        ]
    }

    private func statement(
        _ name: String, _ actions: [String], on resources: [String] = ["*"],
        when condition: String? = nil
    ) -> Value {
        var members: [String: Value] = [
            "Sid": .string(name), "Effect": "Allow",
            "Action": .list(actions.map(Value.string)),
            "Resource": .list(resources.map(Value.string)),
        ]
        if let condition {
            members["Condition"] = ["StringEquals": [condition: .string(project)]]
        }
        return .object(members)
    }
}
