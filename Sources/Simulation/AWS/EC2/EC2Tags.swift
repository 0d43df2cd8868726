import OrderedCollections

/// The types of objects that can bear tags, by the prefix of their ids.
enum EC2ResourceType: String, CaseIterable {
    case instance
    case volume
    case securityGroup = "security-group"
    case securityGroupRule = "security-group-rule"
    case subnet
    case vpc
    case networkInterface = "network-interface"
    case spotRequest = "spot-instances-request"
    case elasticIP = "elastic-ip"

    var prefix: String {
        switch self {
        case .instance: "i"
        case .volume: "vol"
        case .securityGroup: "sg"
        case .securityGroupRule: "sgr"
        case .subnet: "subnet"
        case .vpc: "vpc"
        case .networkInterface: "eni"
        case .spotRequest: "sir"
        case .elasticIP: "eipalloc"
        }
    }

    init?(id: String) {
        let prefix = id.prefix { $0 != "-" }
        guard let type = Self.allCases.first(where: { $0.prefix == prefix }) else { return nil }
        self = type
    }
}

extension SimulatedEC2 {
    static let tagActions: [String: Action] = [
        "CreateTags": { try $0.createTags($1) },
        "DeleteTags": { try $0.deleteTags($1) },
        "DescribeTags": { try $0.describeTags($1) },
    ]

    /// The tags that a creating call gives to its object of that type.
    /// - Throws: `AWSError` for a type that the call does not make.
    func tagSpecifications(
        _ parameters: QueryParameters, for types: Set<EC2ResourceType>
    ) throws -> [EC2ResourceType: [String: String]] {
        try parameters.structures("TagSpecification").reduce(into: [:]) { result, specification in
            let name = try specification.required("ResourceType")
            guard let type = EC2ResourceType(rawValue: name), types.contains(type) else {
                throw AWSError.invalid(
                    name, for: "ResourceType", "This action does not make such a resource.")
            }
            let tags = try readTags(specification)
            guard !tags.isEmpty else { throw AWSError.missing("TagSpecification.N.Tag") }
            guard result.updateValue(tags, forKey: type) == nil else {
                throw AWSError.invalid(name, for: "ResourceType", "It is given twice.")
            }
        }
    }

    private func readTags(_ parameters: QueryParameters) throws -> [String: String] {
        let tags = try parameters.structures("Tag").reduce(into: [String: String]()) { tags, tag in
            let key = try tag.required("Key")
            let value = tag.string("Value") ?? ""
            guard key.count <= 127, value.count <= 255, !key.hasPrefix("aws:") else {
                throw AWSError.invalid(
                    key, for: "Tag", "Keys have 1 to 127 characters, not starting with aws:.")
            }
            guard tags.updateValue(value, forKey: key) == nil else {
                throw AWSError.invalid(key, for: "TagKey", "Duplicate tag key.")
            }
        }
        guard tags.count <= 50 else { throw tagLimit }
        return tags
    }

    private var tagLimit: AWSError {
        AWSError("TagLimitExceeded", "A resource can have at most 50 tags.")
    }

    func tagSet(of id: String) -> [XML] {
        let tags = (tags[id] ?? [:]).sorted { $0.key < $1.key }
        return [
            XML("tagSet", items: tags) { tag in
                XML("key", tag.key)
                XML("value", tag.value)
            }
        ]
    }

    private func createTags(_ parameters: QueryParameters) throws -> [XML] {
        let ids = try readResources(parameters)
        let added = try readTags(parameters)
        guard !added.isEmpty else { throw AWSError.missing("Tag") }
        try ready(parameters)
        for id in ids {
            let merged = (tags[id] ?? [:]).merging(added) { _, new in new }
            guard merged.count <= 50 else { throw tagLimit }
            tags[id] = merged
        }
        return done
    }

    private func deleteTags(_ parameters: QueryParameters) throws -> [XML] {
        let ids = try readResources(parameters)
        var removed: [(key: String, value: String?)] = []
        for tag in parameters.structures("Tag") {
            removed.append((try tag.required("Key"), tag.string("Value")))
        }
        try ready(parameters)
        for id in ids {
            if removed.isEmpty { tags[id] = nil }
            for (key, value) in removed where value == nil || tags[id]?[key] == value {
                tags[id]?[key] = nil
            }
        }
        return done
    }

    private func describeTags(_ parameters: QueryParameters) throws -> [XML] {
        let filters = try parameters.filters()
        let page = try EC2Page(parameters, cap: core.configuration.pageSize)
        try ready(parameters)
        let table = EC2FilterTable<TagRow>(
            id: \.id,
            fields: [
                "resource-id": { [$0.id] }, "resource-type": { [$0.type] }, "key": { [$0.key] },
                "value": { [$0.value] },
            ])
        let (rows, next) = page.cut(try table.select(tagRows, by: filters, tags: tags))
        return [
            XML("tagSet", items: rows) { row in
                XML("resourceId", row.id)
                XML("resourceType", row.type)
                XML("key", row.key)
                XML("value", row.value)
            }
        ] + next
    }

    private struct TagRow {
        let id: String
        let type: String
        let key: String
        let value: String
    }

    private var tagRows: [TagRow] {
        tags.filter { isVisible($0.key) }.sorted { $0.key < $1.key }.flatMap { id, tags in
            tags.sorted { $0.key < $1.key }.map { key, value in
                TagRow(
                    id: id, type: EC2ResourceType(id: id)?.rawValue ?? "", key: key, value: value)
            }
        }
    }

    private func readResources(_ parameters: QueryParameters) throws -> [String] {
        let ids = parameters.list("ResourceId")
        guard !ids.isEmpty else { throw AWSError.missing("ResourceId") }
        for id in ids { try checkExists(id) }
        return ids
    }

    private func checkExists(_ id: String) throws {
        switch EC2ResourceType(id: id) {
        case .instance?: _ = try instance(id)
        case .volume?: _ = try volume(id)
        case .securityGroup?: _ = try group(id)
        case .elasticIP?: _ = try address(id)
        case .securityGroupRule?:
            guard groups.values.contains(where: { $0.rules.contains { $0.id == id } }) else {
                throw AWSError.notFound("InvalidSecurityGroupRuleId", "security group rule ID", id)
            }
        case .subnet? where network.subnet(id) != nil: break
        case .vpc? where network.vpc == id: break
        default: throw AWSError("InvalidID", "The ID '\(id)' is not valid")
        }
    }
}
