import OrderedCollections

extension SimulatedIAM {
    static let roleActions: [String: Action] = [
        "CreateRole": { try $0.createRole($1) },
        "GetRole": { try $0.getRole($1) },
        "UpdateAssumeRolePolicy": { try $0.updateTrust($1) },
        "TagRole": { try $0.tagRole($1) },
        "UntagRole": { try $0.untagRole($1) },
        "DeleteRole": { try $0.deleteRole($1) },
        "PutRolePolicy": { try $0.putPolicy($1) },
        "GetRolePolicy": { try $0.getPolicy($1) },
        "DeleteRolePolicy": { try $0.deletePolicy($1) },
        "ListRolePolicies": { try $0.listPolicies($1) },
        "AttachRolePolicy": { try $0.attachPolicy($1) },
        "DetachRolePolicy": { try $0.detachPolicy($1) },
        "ListAttachedRolePolicies": { try $0.listAttached($1) },
        "GetAccountAuthorizationDetails": { try $0.accountDetails($1) },
    ]

    private func createRole(_ parameters: QueryParameters) throws -> [XML] {
        let name = try parameters.required("RoleName")
        let path = parameters.string("Path") ?? "/"
        let trust = try readPolicy(parameters, "AssumeRolePolicyDocument")
        _ = parameters.string("Description")
        let tags = try readTags(parameters)
        try parameters.rejectUnread()
        guard name.count <= 64 else {
            throw AWSError("ValidationError", "The role's name has more than 64 characters.")
        }
        guard roles[name] == nil else { throw Self.conflict("Role with name \(name)") }
        let role = Role(
            name: name, path: path, id: newID("AROA"), created: core.now, trust: trust, tags: tags)
        roles[name] = role
        return [XML("Role") { roleXML(role) }]
    }

    private func getRole(_ parameters: QueryParameters) throws -> [XML] {
        let role = try chosenRole(parameters)
        return [
            XML("Role") {
                roleXML(role)
                tagsXML(role.tags)
            }
        ]
    }

    private func updateTrust(_ parameters: QueryParameters) throws -> [XML] {
        let trust = try readPolicy(parameters, "PolicyDocument")
        let role = try chosenRole(parameters)
        roles[role.name]?.trust = trust
        return []
    }

    private func tagRole(_ parameters: QueryParameters) throws -> [XML] {
        let tags = try readTags(parameters)
        let role = try chosenRole(parameters)
        roles[role.name]?.tags.merge(tags) { _, new in new }
        return []
    }

    private func untagRole(_ parameters: QueryParameters) throws -> [XML] {
        let keys = parameters.list("TagKeys.member")
        let role = try chosenRole(parameters)
        for key in keys { roles[role.name]?.tags[key] = nil }
        return []
    }

    private func deleteRole(_ parameters: QueryParameters) throws -> [XML] {
        let role = try chosenRole(parameters)
        let isHeld = profiles.values.contains { $0.roles.contains(role.name) }
        guard role.policies.isEmpty, role.attached.isEmpty, !isHeld else {
            throw AWSError(
                "DeleteConflict", "Cannot delete entity, must remove what depends on it first.",
                status: 409)
        }
        roles[role.name] = nil
        return []
    }

    private func putPolicy(_ parameters: QueryParameters) throws -> [XML] {
        let name = try parameters.required("PolicyName")
        let document = try readPolicy(parameters, "PolicyDocument")
        let role = try chosenRole(parameters)
        roles[role.name]?.policies[name] = document
        return []
    }

    private func getPolicy(_ parameters: QueryParameters) throws -> [XML] {
        let name = try parameters.required("PolicyName")
        let role = try chosenRole(parameters)
        guard let document = role.policies[name] else { throw Self.noPolicy(name) }
        return [
            XML("RoleName", role.name), XML("PolicyName", name),
            XML("PolicyDocument", Self.encoded(document)),
        ]
    }

    private func deletePolicy(_ parameters: QueryParameters) throws -> [XML] {
        let name = try parameters.required("PolicyName")
        let role = try chosenRole(parameters)
        guard role.policies[name] != nil else { throw Self.noPolicy(name) }
        roles[role.name]?.policies[name] = nil
        return []
    }

    private static func noPolicy(_ name: String) -> AWSError {
        AWSError(
            "NoSuchEntity", "The role policy with name \(name) cannot be found.", status: 404)
    }

    private func listPolicies(_ parameters: QueryParameters) throws -> [XML] {
        let role = try chosenRole(parameters)
        return [
            XML("IsTruncated", false),
            XML("PolicyNames") { role.policies.keys.map { XML("member", $0) } },
        ]
    }

    private func attachPolicy(_ parameters: QueryParameters) throws -> [XML] {
        let arn = try parameters.required("PolicyArn")
        let role = try chosenRole(parameters)
        if !role.attached.contains(arn) { roles[role.name]?.attached.append(arn) }
        return []
    }

    private func detachPolicy(_ parameters: QueryParameters) throws -> [XML] {
        let arn = try parameters.required("PolicyArn")
        let role = try chosenRole(parameters)
        guard role.attached.contains(arn) else {
            throw AWSError("NoSuchEntity", "Policy \(arn) was not found.", status: 404)
        }
        roles[role.name]?.attached.removeAll { $0 == arn }
        return []
    }

    private func listAttached(_ parameters: QueryParameters) throws -> [XML] {
        let role = try chosenRole(parameters)
        return [XML("IsTruncated", false), attachedXML("AttachedPolicies", role)]
    }

    private func accountDetails(_ parameters: QueryParameters) throws -> [XML] {
        let kinds = parameters.list("Filter.member")
        let limit = try parameters.integer("MaxItems", in: 1...1000) ?? 100
        let start = try parameters.integer("Marker", in: 0...Int.max) ?? 0
        try parameters.rejectUnread()
        guard kinds == ["Role"] else {
            throw AWSError("ValidationError", "Only roles are kept here.")
        }
        let end = start + min(limit, core.configuration.pageSize ?? limit)
        let all = Array(roles.values)
        let page = all[min(start, all.count)..<min(end, all.count)]
        return [
            XML("IsTruncated", end < all.count), XML("UserDetailList") {},
            XML("GroupDetailList") {}, XML("Policies") {},
            XML("RoleDetailList") {
                page.map { role in XML("member") { detailXML(role) } }
            },
        ] + (end < all.count ? [XML("Marker", end)] : [])
    }

    @XMLBuilder private func detailXML(_ role: Role) -> [XML] {
        roleXML(role)
        tagsXML(role.tags)
        XML("InstanceProfileList") {
            profiles.values.filter { $0.roles.contains(role.name) }.map { profile in
                XML("member") { profileXML(profile) }
            }
        }
        XML("RolePolicyList") {
            role.policies.map { name, document in
                XML("member") {
                    XML("PolicyName", name)
                    XML("PolicyDocument", Self.encoded(document))
                }
            }
        }
        attachedXML("AttachedManagedPolicies", role)
    }

    private func attachedXML(_ name: String, _ role: Role) -> XML {
        XML(name) {
            role.attached.map { arn in
                XML("member") {
                    XML("PolicyName", arn.split(separator: "/").last.map(String.init) ?? arn)
                    XML("PolicyArn", arn)
                }
            }
        }
    }

    @XMLBuilder func roleXML(_ role: Role) -> [XML] {
        XML("Path", role.path)
        XML("RoleName", role.name)
        XML("RoleId", role.id)
        XML("Arn", "arn:aws:iam::\(SimulatedAWS.account):role\(role.path)\(role.name)")
        XML("CreateDate", AWSTime.extended(role.created))
        XML("AssumeRolePolicyDocument", Self.encoded(role.trust))
    }

    private func tagsXML(_ tags: [String: String]) -> XML {
        XML("Tags") {
            tags.sorted { $0.key < $1.key }.map { tag in
                XML("member") {
                    XML("Key", tag.key)
                    XML("Value", tag.value)
                }
            }
        }
    }

    /// Reads the role that the request names, and nothing after it.
    private func chosenRole(_ parameters: QueryParameters) throws -> Role {
        let name = try parameters.required("RoleName")
        try parameters.rejectUnread()
        return try role(name)
    }
}
