import Resources

/// A service's firewall: what may reach its machine, and what the machine may reach.
struct SecurityGroup: ResourceHandler {
    static let kind = ResourceKind(
        KindName(.aws, "security_group"), title: "security group",
        fields: [
            Field("id", .string, [.computed]),
            Field("name", .string, [.immutable]),
            Field("environment", .string),
            Field("vpc", .string, [.immutable]),
            Field("subnet", .string, [.immutable]),
            Field(
                "ingress", .list, [.unordered], fallback: [], canonical: SecurityGroupRule.canonical
            ),
            Field(
                "egress", .list, [.unordered], fallback: [], canonical: SecurityGroupRule.canonical),
            Field(proxies, .list, [.computed, .unobservable]),
        ])

    /// The networks that are let in because they are Cloudflare's, for runs that cannot ask.
    static let proxies = "proxies"

    let ec2: EC2
    let creation = "CreateSecurityGroup"

    static func observed(_ group: SecurityGroupDocument) -> ObservedResource? {
        let tags = Tags(group.tagSet)
        return tags.address(of: kind.name).map { address in
            ObservedResource(
                address, id: group.groupId,
                attributes: [
                    "id": .string(group.groupId),
                    "name": .string(group.groupName),
                    "environment": tags[Tag.environment],
                    "vpc": group.vpcId.map(Value.string) ?? .null,
                    "subnet": tags[Tag.subnet],
                    "ingress": SecurityGroupRule.value(
                        of: SecurityGroupRule.rules(group.ipPermissions)),
                    "egress": SecurityGroupRule.value(
                        of: SecurityGroupRule.rules(group.ipPermissionsEgress)),
                ])
        }
    }

    func create(_ desired: Resource, key: IdempotencyKey) async throws -> ObservedResource {
        let parameters = try await ec2.inNetwork(of: desired.address) {
            try await self.parameters(toCreate: desired, key: key)
        }
        let id: String
        do {
            let created: CreatedGroupDocument = try await ec2.call(creation, parameters)
            id = created.groupId
        } catch let error as AWSError where error.code == "InvalidGroup.Duplicate" {
            id = try await ownGroup(like: parameters, for: desired, duplicate: error)
        }
        return try await withRules(of: desired, id: id)
    }

    func parameters(
        toCreate desired: Resource, key: IdempotencyKey
    ) async throws -> [String: Value] {
        [
            "GroupName": desired["name"] ?? .string(desired.address.service),
            "GroupDescription": .string("launch:\(ec2.project)/\(desired.address.service)"),
            "VpcId": .string(try await ec2.network(for: desired).vpc),
            "TagSpecification": ec2.tagSpecification("security-group", for: desired, key: key),
        ]
    }

    func update(
        _ observed: ObservedResource, to desired: Resource
    ) async throws -> ObservedResource {
        try await ec2.retag(observed, to: desired)
        return try await withRules(of: desired, id: observed.id)
    }

    /// The group stays in use until the last network interface in it is gone.
    func delete(_ observed: ObservedResource) async throws {
        do {
            try await ec2.insisting(
                on: "DeleteSecurityGroup", ["GroupId": .string(observed.id)],
                of: observed.address, despite: ["DependencyViolation"], atMost: .seconds(300))
        } catch let error as AWSError where error.code == "InvalidGroup.NotFound" {}
        ec2.deletedGroups.insert(observed.id)
        try await ec2.tidyNetwork(of: observed)
    }

    /// What an earlier attempt made under this name.
    private func ownGroup(
        like parameters: [String: Value], for desired: Resource, duplicate: AWSError
    ) async throws -> String {
        let filters = [("group-name", "GroupName"), ("vpc-id", "VpcId")].compactMap {
            filter, name in
            parameters[name]?.string.map { Filter(filter, $0) }
        }
        let groups = try await ec2.list(
            "DescribeSecurityGroups", filters, as: DescribeSecurityGroupsPage.self)
        let own = groups.first {
            Tags($0.tagSet)[Tag.project] == .string(ec2.project)
                && Self.observed($0)?.address == desired.address
        }
        guard let own else {
            throw duplicate.providerError("create the security group", on: desired.address)
        }
        return own.groupId
    }

    /// Brings the group's rules to what is desired: both directions, by difference.
    ///
    /// A group is born with egress rules of AWS's choosing, so a new one is compared as well.
    private func withRules(of desired: Resource, id: String) async throws -> ObservedResource {
        let address = desired.address
        for _ in 1...3 {
            let group = try await ec2.waiting(
                for: "\(id) to be listed", of: address, atMost: .seconds(120)
            ) { try await ec2.securityGroups(Filter("group-id", id)).first }
            do {
                try await change(
                    .ingress, from: SecurityGroupRule.rules(group.ipPermissions),
                    to: SecurityGroupRule.rules(desired["ingress"]), of: id, address)
                try await change(
                    .egress, from: SecurityGroupRule.rules(group.ipPermissionsEgress),
                    to: SecurityGroupRule.rules(desired["egress"]), of: id, address)
                return result(desired, group)
            } catch let error as AWSError where Self.raced.contains(error.code) {
                ec2.progress.progress(address, "reading the rules again: \(error.code)")
                try await ec2.time.sleep(for: .seconds(2))
            }
        }
        throw ProviderError(
            .conflict, provider: .aws, address: address, action: "change the rules of \(id)",
            detail: "something else changes them at the same time")
    }

    /// The two calls of a direction.
    private struct Direction {
        let authorize: String
        let revoke: String

        static let ingress = Direction(
            authorize: "AuthorizeSecurityGroupIngress", revoke: "RevokeSecurityGroupIngress")
        static let egress = Direction(
            authorize: "AuthorizeSecurityGroupEgress", revoke: "RevokeSecurityGroupEgress")
    }

    private func change(
        _ direction: Direction, from current: Set<SecurityGroupRule>,
        to desired: Set<SecurityGroupRule>, of id: String, _ address: Address
    ) async throws {
        for (action, rules) in [
            (direction.authorize, desired.subtracting(current)),
            (direction.revoke, current.subtracting(desired)),
        ] where !rules.isEmpty {
            let permissions = rules.map(\.permission).sortedByText
            try await ec2.insisting(
                on: action,
                ["GroupId": .string(id), "IpPermissions": .list(permissions)], of: address,
                despite: ["InvalidGroup.NotFound"], atMost: .seconds(60))
        }
    }

    /// The list was behind the truth.
    private static let raced: Set = ["InvalidPermission.Duplicate", "InvalidPermission.NotFound"]

    private func result(
        _ desired: Resource, _ group: SecurityGroupDocument
    ) -> ObservedResource {
        let shown = Self.kind.fields.filter(\.isComparable)
        var attributes = shown.reduce(into: [:]) { attributes, field in
            attributes[field.name] = field.normalised(desired[field.name])
        }
        attributes["id"] = .string(group.groupId)
        attributes["vpc"] = group.vpcId.map(Value.string)
        return ObservedResource(desired.address, id: group.groupId, attributes: attributes)
    }
}
