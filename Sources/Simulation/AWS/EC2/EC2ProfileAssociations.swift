import OrderedCollections

extension SimulatedEC2 {
    static let profileActions: [String: Action] = [
        "DescribeIamInstanceProfileAssociations": { try $0.describeAssociations($1) },
        "AssociateIamInstanceProfile": { try $0.associateProfile($1) },
        "ReplaceIamInstanceProfileAssociation": { try $0.replaceProfile($1) },
        "DisassociateIamInstanceProfile": { try $0.disassociateProfile($1) },
    ]

    /// - Throws: `InvalidParameterValue` for one that EC2 does not know, or not yet.
    func checkProfile(_ profile: String?) throws {
        guard let profile, core.aws?.iam.isUsable(profile) != true else { return }
        let name = profile.split(separator: "/").last.map(String.init) ?? profile
        throw AWSError(
            "InvalidParameterValue",
            "Value (\(name)) for parameter iamInstanceProfile.name is invalid. Invalid IAM "
                + "Instance Profile name")
    }

    private func associationID(of instance: EC2Instance) -> String {
        "iip-assoc-0\(instance.id.suffix(16))"
    }

    private func describeAssociations(_ parameters: QueryParameters) throws -> [XML] {
        let filters = try parameters.filters()
        let page = try EC2Page(parameters, cap: core.configuration.pageSize)
        try ready(parameters)
        let table = EC2FilterTable<EC2Instance>(
            id: \.id,
            fields: ["instance-id": { [$0.id] }, "state": { _ in ["associated"] }])
        let all = instances.values.filter { $0.profile != nil && $0.state != .terminated }
        let (found, next) = page.cut(try table.select(all, by: filters, tags: [:]))
        return [
            XML("iamInstanceProfileAssociationSet", items: found) { associationXML($0) }
        ] + next
    }

    private func associateProfile(_ parameters: QueryParameters) throws -> [XML] {
        let instance = try instance(try parameters.required("InstanceId"))
        let profile = try readProfile(parameters)
        try ready(parameters)
        guard instance.profile == nil else {
            throw AWSError(
                "IncorrectState",
                "There is an existing association for instance \(instance.id)")
        }
        return try set(profile, on: instance)
    }

    private func replaceProfile(_ parameters: QueryParameters) throws -> [XML] {
        let instance = try associated(parameters)
        let profile = try readProfile(parameters)
        try ready(parameters)
        return try set(profile, on: instance)
    }

    private func disassociateProfile(_ parameters: QueryParameters) throws -> [XML] {
        let instance = try associated(parameters)
        try ready(parameters)
        instances[instance.id]?.profile = nil
        return [XML("iamInstanceProfileAssociation") { associationXML(instance) }]
    }

    private func set(_ profile: String, on instance: EC2Instance) throws -> [XML] {
        try checkProfile(profile)
        instances[instance.id]?.profile = profile
        return [
            XML("iamInstanceProfileAssociation") {
                associationXML(instances[instance.id] ?? instance)
            }
        ]
    }

    private func associated(_ parameters: QueryParameters) throws -> EC2Instance {
        let id = try parameters.required("AssociationId")
        let found = instances.values.first { $0.profile != nil && associationID(of: $0) == id }
        guard let found else {
            throw AWSError.notFound("InvalidAssociationID", "association ID", id)
        }
        return found
    }

    private func readProfile(_ parameters: QueryParameters) throws -> String {
        let profile = parameters.structure("IamInstanceProfile")
        guard let name = profile?.string("Arn") ?? profile?.string("Name") else {
            throw AWSError.missing("IamInstanceProfile")
        }
        return name
    }

    @XMLBuilder private func associationXML(_ instance: EC2Instance) -> [XML] {
        XML("associationId", associationID(of: instance))
        XML("instanceId", instance.id)
        if let profile = instance.profile { profileXML(profile) }
        XML("state", "associated")
    }
}
