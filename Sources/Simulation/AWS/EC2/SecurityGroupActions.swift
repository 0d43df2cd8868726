import OrderedCollections

extension SimulatedEC2 {
    static let securityGroupActions: [String: Action] = [
        "CreateSecurityGroup": { try $0.createGroup($1) },
        "DescribeSecurityGroups": { try $0.describeGroups($1) },
        "DescribeSecurityGroupRules": { try $0.describeRules($1) },
        "DeleteSecurityGroup": { try $0.deleteGroup($1) },
        "AuthorizeSecurityGroupIngress": { try $0.authorize($1, isEgress: false) },
        "AuthorizeSecurityGroupEgress": { try $0.authorize($1, isEgress: true) },
        "RevokeSecurityGroupIngress": { try $0.revoke($1, isEgress: false) },
        "RevokeSecurityGroupEgress": { try $0.revoke($1, isEgress: true) },
    ]

    /// - Throws: `InvalidGroupId.Malformed`, `InvalidGroup.NotFound`
    func group(_ id: String) throws -> SecurityGroup {
        try checkForm(id, "sg", "InvalidGroupId")
        guard let group = groups[id], isVisible(id) else {
            throw AWSError.notFound("InvalidGroup", "security group", id)
        }
        return group
    }

    private func createGroup(_ parameters: QueryParameters) throws -> [XML] {
        let name = try parameters.required("GroupName")
        let description = try parameters.required("GroupDescription")
        let vpc = parameters.string("VpcId") ?? network.vpc
        let tags = try tagSpecifications(parameters, for: [.securityGroup])
        try ready(parameters)
        guard vpc == network.vpc else { throw AWSError.notFound("InvalidVpcID", "vpc ID", vpc) }
        guard name.count <= 255, !name.hasPrefix("sg-") else {
            throw AWSError.invalid(name, for: "groupName", "It may not start with sg-.")
        }
        guard description.count <= 255, description.allSatisfy(\.isASCII) else {
            throw AWSError.invalid(
                description, for: "GroupDescription",
                "Character sets beyond ASCII are not supported.")
        }
        guard !groups.values.contains(where: { $0.name == name }) else {
            throw AWSError(
                "InvalidGroup.Duplicate",
                "The security group '\(name)' already exists for VPC '\(vpc)'")
        }
        var group = SecurityGroup(id: newID("sg"), name: name, description: description, vpc: vpc)
        group.rules = [.allowAllEgress(id: newID("sgr"))]
        groups[group.id] = group
        self.tags[group.id] = tags[.securityGroup]
        return done + [XML("groupId", group.id), XML("securityGroupArn", groupARN(group.id))]
            + tagSet(of: group.id)
    }

    func groupARN(_ id: String) -> String { arn("security-group/\(id)") }

    private func deleteGroup(_ parameters: QueryParameters) throws -> [XML] {
        let group = try groupOf(parameters)
        try ready(parameters)
        guard group.name != "default" else {
            throw AWSError(
                "CannotDelete",
                "the specified group: \"\(group.id)\" name: \"default\" cannot be "
                    + "deleted by a user")
        }
        let isUsed = instances.values.contains {
            $0.state != .terminated && $0.groups.contains(group.id)
        }
        let isNamed = groups.values.contains { other in
            other.id != group.id && other.rules.contains { $0.peer == .group(group.id) }
        }
        guard !isUsed, !isNamed else {
            throw AWSError(
                "DependencyViolation", "resource \(group.id) has a dependent object")
        }
        groups[group.id] = nil
        for id in [group.id] + group.rules.map(\.id) { tags[id] = nil }
        return done + [XML("groupId", group.id)]
    }

    private func groupOf(_ parameters: QueryParameters) throws -> SecurityGroup {
        let name = parameters.string("GroupName")
        if let id = parameters.string("GroupId") { return try group(id) }
        guard let name else { throw AWSError.missing("groupId") }
        guard let group = groups.values.first(where: { $0.name == name && isVisible($0.id) })
        else { throw AWSError.notFound("InvalidGroup", "security group", name) }
        return group
    }

    private func authorize(_ parameters: QueryParameters, isEgress: Bool) throws -> [XML] {
        let group = try groupOf(parameters)
        let request = try SecurityGroupRuleRequest(parameters)
        let tags = try tagSpecifications(parameters, for: [.securityGroupRule])
        try ready(parameters)
        guard !request.entries.isEmpty else { throw AWSError.missing("ipPermissions") }
        var identities = Set(group.rules.map(\.identity))
        var added: [SecurityGroupRule] = []
        for entry in request.entries {
            if case .group(let peer) = entry.peer { _ = try self.group(peer) }
            let rule = SecurityGroupRule(
                id: newID("sgr"), isEgress: isEgress, transport: entry.transport,
                peer: entry.peer, description: entry.description)
            guard identities.insert(rule.identity).inserted else {
                throw AWSError(
                    "InvalidPermission.Duplicate",
                    "the specified rule \"peer: \(peerText(rule.peer)), "
                        + "\(rule.transport.name.uppercased()), ALLOW\" already exists")
            }
            added.append(rule)
        }
        guard identities.count(where: { $0.isEgress == isEgress }) <= 60 else {
            throw AWSError(
                "RulesPerSecurityGroupLimitExceeded",
                "The maximum number of rules per security group has been reached.")
        }
        groups[group.id]?.rules += added
        for rule in added { self.tags[rule.id] = tags[.securityGroupRule] }
        return done + [XML("securityGroupRuleSet", items: added) { ruleXML($0, in: group.id) }]
    }

    private func revoke(_ parameters: QueryParameters, isEgress: Bool) throws -> [XML] {
        let group = try groupOf(parameters)
        let ids = parameters.list("SecurityGroupRuleId")
        let request = try SecurityGroupRuleRequest(parameters)
        try ready(parameters)
        guard ids.isEmpty != request.entries.isEmpty else {
            throw AWSError.combination("Give either ipPermissions or security group rule IDs")
        }
        let candidates = group.rules.filter { $0.isEgress == isEgress }
        var revoked: [SecurityGroupRule] = []
        for id in ids {
            guard let rule = candidates.first(where: { $0.id == id }) else {
                throw AWSError.notFound("InvalidSecurityGroupRuleId", "security group rule ID", id)
            }
            revoked.append(rule)
        }
        for entry in request.entries {
            guard
                let rule = candidates.first(where: {
                    $0.transport == entry.transport && $0.peer == entry.peer
                })
            else {
                throw AWSError(
                    "InvalidPermission.NotFound",
                    "The specified rule does not exist in this security group.")
            }
            revoked.append(rule)
        }
        groups[group.id]?.rules.removeAll { rule in revoked.contains { $0.id == rule.id } }
        for rule in revoked { tags[rule.id] = nil }
        return done + [
            XML("revokedSecurityGroupRuleSet", items: revoked) { ruleXML($0, in: group.id) }
        ]
    }
}
