import OrderedCollections

extension SimulatedEC2 {
    func describeGroups(_ parameters: QueryParameters) throws -> [XML] {
        let ids = parameters.list("GroupId")
        let names = parameters.list("GroupName")
        let filters = try parameters.filters()
        let page = try EC2Page(parameters, ids: ids, cap: core.configuration.pageSize)
        try ready(parameters)
        let visible = groups.values.filter { isVisible($0.id) }
        var asked = try ids.map { try group($0) }
        for name in names {
            guard let group = visible.first(where: { $0.name == name }) else {
                throw AWSError.notFound("InvalidGroup", "security group", name)
            }
            asked.append(group)
        }
        if ids.isEmpty, names.isEmpty { asked = Array(visible) }
        let (found, next) = page.cut(
            try Self.groupFilters.select(asked, by: filters, tags: tags))
        return [XML("securityGroupInfo", items: found) { groupXML($0) }] + next
    }

    private static var groupFilters: EC2FilterTable<SecurityGroup> {
        EC2FilterTable<SecurityGroup>(
            id: \.id,
            fields: [
                "group-id": { [$0.id] }, "group-name": { [$0.name] }, "vpc-id": { [$0.vpc] },
                "description": { [$0.description] }, "owner-id": { _ in [SimulatedAWS.account] },
            ])
    }

    func describeRules(_ parameters: QueryParameters) throws -> [XML] {
        let ids = parameters.list("SecurityGroupRuleId")
        let filters = try parameters.filters()
        let page = try EC2Page(parameters, ids: ids, cap: core.configuration.pageSize)
        try ready(parameters)
        let all = groups.values.filter { isVisible($0.id) }.flatMap { group in
            group.rules.map { GroupedRule(group: group.id, rule: $0) }
        }
        for id in ids where !all.contains(where: { $0.rule.id == id }) {
            throw AWSError.notFound("InvalidSecurityGroupRuleId", "security group rule ID", id)
        }
        let table = EC2FilterTable<GroupedRule>(
            id: \.rule.id,
            fields: ["group-id": { [$0.group] }, "security-group-rule-id": { [$0.rule.id] }])
        let asked = all.filter { ids.isEmpty || ids.contains($0.rule.id) }
        let (found, next) = page.cut(try table.select(asked, by: filters, tags: tags))
        return [XML("securityGroupRuleSet", items: found) { ruleXML($0.rule, in: $0.group) }] + next
    }

    private struct GroupedRule {
        let group: String
        let rule: SecurityGroupRule
    }

    @XMLBuilder func ruleXML(_ rule: SecurityGroupRule, in group: String) -> [XML] {
        XML("securityGroupRuleId", rule.id)
        XML("groupId", group)
        XML("groupOwnerId", SimulatedAWS.account)
        XML("isEgress", rule.isEgress)
        XML("ipProtocol", rule.transport.name)
        XML("fromPort", rule.transport.from ?? -1)
        XML("toPort", rule.transport.to ?? -1)
        switch rule.peer {
        case .ipv4(let block): XML("cidrIpv4", block)
        case .ipv6(let block): XML("cidrIpv6", block)
        case .prefixList(let id): XML("prefixListId", id)
        case .group(let id):
            XML("referencedGroupInfo") {
                XML("groupId", id)
                XML("userId", SimulatedAWS.account)
            }
        }
        if let description = rule.description { XML("description", description) }
        tagSet(of: rule.id)
    }

    @XMLBuilder private func groupXML(_ group: SecurityGroup) -> [XML] {
        XML("ownerId", SimulatedAWS.account)
        XML("groupId", group.id)
        XML("groupName", group.name)
        XML("groupDescription", group.description)
        XML("vpcId", group.vpc)
        XML("securityGroupArn", groupARN(group.id))
        permissions("ipPermissions", group.rules.filter { !$0.isEgress })
        permissions("ipPermissionsEgress", group.rules.filter(\.isEgress))
        tagSet(of: group.id)
    }

    /// Rules with one protocol and ports stand together, as EC2 shows them here.
    private func permissions(_ name: String, _ rules: [SecurityGroupRule]) -> XML {
        let byTransport = OrderedDictionary(grouping: rules, by: \.transport)
        return XML(name, items: byTransport) { transport, rules in
            XML("ipProtocol", transport.name)
            if let from = transport.from { XML("fromPort", from) }
            if let to = transport.to { XML("toPort", to) }
            peers("groups", of: rules) { peer in
                if case .group(let id) = peer {
                    [XML("userId", SimulatedAWS.account), XML("groupId", id)]
                } else {
                    nil
                }
            }
            peers("ipRanges", of: rules) { peer in
                if case .ipv4(let block) = peer { [XML("cidrIp", block)] } else { nil }
            }
            peers("ipv6Ranges", of: rules) { peer in
                if case .ipv6(let block) = peer { [XML("cidrIpv6", block)] } else { nil }
            }
            peers("prefixListIds", of: rules) { peer in
                if case .prefixList(let id) = peer { [XML("prefixListId", id)] } else { nil }
            }
        }
    }

    private func peers(
        _ name: String, of rules: [SecurityGroupRule],
        _ content: (SecurityGroupRule.Peer) -> [XML]?
    ) -> XML {
        let items = rules.compactMap { rule in
            content(rule.peer).map { peer in
                peer + (rule.description.map { [XML("description", $0)] } ?? [])
            }
        }
        return XML(name, items: items) { $0 }
    }

    func peerText(_ peer: SecurityGroupRule.Peer) -> String {
        switch peer {
        case .ipv4(let text), .ipv6(let text), .group(let text), .prefixList(let text): text
        }
    }
}
