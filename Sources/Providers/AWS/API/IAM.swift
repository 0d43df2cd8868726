import Resources

/// IAM as the resource kinds use it.
///
/// <https://docs.aws.amazon.com/IAM/latest/APIReference/>
struct IAM: Sendable {
    let api: AWSAPI

    func perform(_ action: String, _ parameters: [String: Value]) async throws {
        let _: EmptyDocument = try await api.query(action, of: .iam, parameters)
    }

    /// - Returns: `nil` when there is no such object.
    func find<Output: Decodable>(
        _ action: String, _ parameters: [String: Value], as type: Output.Type
    ) async throws -> Output? {
        do {
            return try await api.query(action, of: .iam, parameters, as: type)
        } catch let error as AWSError where error.code == "NoSuchEntity" {
            return nil
        }
    }

    /// Removes something; gone already is fine.
    func remove(_ action: String, _ parameters: [String: Value]) async throws {
        do {
            try await perform(action, parameters)
        } catch let error as AWSError where error.code == "NoSuchEntity" {}
    }

    /// Every role of the account, with its policies and tags.
    func roles() async throws -> [RoleDocument] {
        var roles: [RoleDocument] = []
        var marker: String?
        repeat {
            let page: AccountDetailsDocument = try await api.query(
                "GetAccountAuthorizationDetails", of: .iam,
                [
                    "Filter": ["Role"], "MaxItems": 1000,
                    "Marker": marker.map(Value.string) ?? .null,
                ])
            roles += page.result.roles?.items ?? []
            marker = page.result.isTruncated == true ? page.result.marker : nil
        } while marker != nil
        return roles
    }

    /// One role, with what stands around it.
    func role(named name: String) async throws -> RoleDocument? {
        let parameters: [String: Value] = ["RoleName": .string(name)]
        guard let found = try await find("GetRole", parameters, as: GetRoleDocument.self) else {
            return nil
        }
        var role = found.result.role
        let policy = try await find(
            "GetRolePolicy",
            parameters.merging(["PolicyName": .string(InstanceProfile.policyName)]) {
                first, _ in first
            }, as: GetRolePolicyDocument.self)
        role.policies = policy.map { MemberList([$0.result]) }
        role.profiles = try await profile(named: name).map { MemberList([$0]) }
        return role
    }

    func profile(named name: String) async throws -> ProfileDocument? {
        try await find(
            "GetInstanceProfile", ["InstanceProfileName": .string(name)],
            as: GetInstanceProfileDocument.self)?.result.profile
    }
}
