import OrderedCollections

extension SimulatedIAM {
    static let profileActions: [String: Action] = [
        "CreateInstanceProfile": { try $0.createProfile($1) },
        "GetInstanceProfile": { try $0.getProfile($1) },
        "DeleteInstanceProfile": { try $0.deleteProfile($1) },
        "UntagInstanceProfile": { try $0.untagProfile($1) },
        "AddRoleToInstanceProfile": { try $0.addRole($1) },
        "RemoveRoleFromInstanceProfile": { try $0.removeRole($1) },
    ]

    private func createProfile(_ parameters: QueryParameters) throws -> [XML] {
        let name = try parameters.required("InstanceProfileName")
        let path = parameters.string("Path") ?? "/"
        let tags = try readTags(parameters)
        try parameters.rejectUnread()
        guard profiles[name] == nil else { throw Self.conflict("Instance Profile \(name)") }
        let profile = Profile(
            name: name, path: path, id: newID("AIPA"), created: core.now, tags: tags)
        profiles[name] = profile
        return [XML("InstanceProfile") { profileXML(profile) }]
    }

    private func getProfile(_ parameters: QueryParameters) throws -> [XML] {
        let profile = try chosenProfile(parameters)
        return [XML("InstanceProfile") { profileXML(profile) }]
    }

    private func untagProfile(_ parameters: QueryParameters) throws -> [XML] {
        let keys = parameters.list("TagKeys.member")
        let profile = try chosenProfile(parameters)
        for key in keys { profiles[profile.name]?.tags[key] = nil }
        return []
    }

    private func deleteProfile(_ parameters: QueryParameters) throws -> [XML] {
        let profile = try chosenProfile(parameters)
        guard profile.roles.isEmpty else {
            throw AWSError(
                "DeleteConflict", "Cannot delete entity, must remove roles from it first.",
                status: 409)
        }
        profiles[profile.name] = nil
        return []
    }

    private func addRole(_ parameters: QueryParameters) throws -> [XML] {
        let role = try role(try parameters.required("RoleName"))
        let profile = try chosenProfile(parameters)
        guard profile.roles.isEmpty else {
            throw AWSError(
                "LimitExceeded", "Cannot exceed quota for InstanceSessionsPerInstanceProfile: 1",
                status: 409)
        }
        profiles[profile.name]?.roles = [role.name]
        return []
    }

    private func removeRole(_ parameters: QueryParameters) throws -> [XML] {
        let role = try parameters.required("RoleName")
        let profile = try chosenProfile(parameters)
        guard profile.roles.contains(role) else {
            throw AWSError(
                "NoSuchEntity", "The role \(role) is not in \(profile.name).", status: 404)
        }
        profiles[profile.name]?.roles.removeAll { $0 == role }
        return []
    }

    @XMLBuilder func profileXML(_ profile: Profile) -> [XML] {
        XML("Path", profile.path)
        XML("InstanceProfileName", profile.name)
        XML("InstanceProfileId", profile.id)
        XML(
            "Arn",
            "arn:aws:iam::\(SimulatedAWS.account):instance-profile\(profile.path)\(profile.name)")
        XML("CreateDate", AWSTime.extended(profile.created))
        XML("Roles") {
            profile.roles.compactMap { roles[$0] }.map { role in XML("member") { roleXML(role) } }
        }
    }

    private func chosenProfile(_ parameters: QueryParameters) throws -> Profile {
        let name = try parameters.required("InstanceProfileName")
        try parameters.rejectUnread()
        return try profile(name)
    }
}
