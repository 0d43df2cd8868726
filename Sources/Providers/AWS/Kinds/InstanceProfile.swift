import Foundation
import Resources

/// What a service's machine may do in AWS: a role with one policy, and the profile that hands it
/// to the machine. Profile and role have one name; the role bears the marks, so it is the first
/// to be made and the last to go.
struct InstanceProfile: ResourceHandler {
    static let kind = ResourceKind(
        KindName(.aws, "instance_profile"), title: "instance profile",
        fields: [
            Field("id", .string, [.computed]),
            Field("name", .string, [.immutable]),
            Field("environment", .string),
            Field("trust", .string, canonical: canonicalPolicy),
            Field("policy", .string, canonical: canonicalPolicy),
            Field("ready", .boolean),
        ])

    /// The name of the role's own policy; others that people add are theirs.
    static let policyName = "launch"

    let ec2: EC2
    let creation = "CreateRole"
    let hasDryRun = false
    private var iam: IAM { IAM(api: ec2.api) }

    /// - Returns: `nil` for a role that bears no mark of the project.
    static func observed(_ role: RoleDocument, project: String) -> ObservedResource? {
        let tags = Tags(role.tags)
        guard tags[Tag.project] == .string(project), let address = tags.address(of: kind.name)
        else { return nil }
        let policy = role.policies?.items.first { $0.name == policyName }?.document
        let holds = role.profiles?.items.contains { profile in
            profile.name == role.name
                && (profile.roles?.items.contains { $0.name == role.name } ?? false)
        }
        return ObservedResource(
            address, id: role.name,
            attributes: [
                "id": .string(role.name),
                "name": .string(role.name),
                "environment": tags[Tag.environment],
                "trust": canonicalPolicy(decoded(role.trust)),
                "policy": canonicalPolicy(decoded(policy)),
                "ready": .boolean(holds ?? false),
            ])
    }

    private static func decoded(_ document: String?) -> Value {
        document.flatMap(\.removingPercentEncoding).map(Value.string) ?? .null
    }

    /// JSON with sorted keys and no blanks.
    static func canonicalPolicy(_ value: Value) -> Value {
        guard let text = value.string, let document = Value(json: Array(text.utf8)) else {
            return value
        }
        return .string(document.jsonText())
    }

    func create(_ desired: Resource, key: IdempotencyKey) async throws -> ObservedResource {
        do {
            return try await ensured(desired, key: key)
        } catch let error as AWSError where Self.raced.contains(error.code) {
            // Perhaps our own call, whose answer was lost.
            return try await ensured(desired, key: key)
        }
    }

    private static let raced: Set = ["EntityAlreadyExists", "LimitExceeded", "NoSuchEntity"]

    func parameters(
        toCreate desired: Resource, key: IdempotencyKey
    ) async throws -> [String: Value] {
        [
            "Path": .string(path),
            "RoleName": desired["name"] ?? .null,
            "AssumeRolePolicyDocument": desired["trust"] ?? .null,
            "Description": .string("launch:\(ec2.project)/\(desired.address.service)"),
            "Tags": Tag.list(desired.tags(project: ec2.project, key: key)),
        ]
    }

    func update(
        _ observed: ObservedResource, to desired: Resource
    ) async throws -> ObservedResource {
        try await ensured(desired, key: nil)
    }

    /// What people added to the role goes with it.
    func delete(_ observed: ObservedResource) async throws {
        let name = Value.string(observed.id)
        if let profile = try await iam.profile(named: observed.id) {
            for role in profile.roles?.items ?? [] {
                try await iam.remove(
                    "RemoveRoleFromInstanceProfile",
                    ["InstanceProfileName": name, "RoleName": .string(role.name)])
            }
            try await iam.remove("DeleteInstanceProfile", ["InstanceProfileName": name])
        }
        let policies = try await iam.find(
            "ListRolePolicies", ["RoleName": name], as: ListRolePoliciesDocument.self)
        guard let policies else { return }
        for policy in policies.result.names?.items ?? [] {
            try await iam.remove(
                "DeleteRolePolicy", ["RoleName": name, "PolicyName": .string(policy)])
        }
        let attached = try await iam.find(
            "ListAttachedRolePolicies", ["RoleName": name],
            as: ListAttachedRolePoliciesDocument.self)
        for policy in attached?.result.policies?.items ?? [] {
            try await iam.remove(
                "DetachRolePolicy", ["RoleName": name, "PolicyArn": .string(policy.arn)])
        }
        try await iam.remove("DeleteRole", ["RoleName": name])
    }

    private var path: String { "/launch/\(ec2.project)/" }

    /// Brings role, policy and profile to what is desired, doing only what is not done yet.
    private func ensured(
        _ desired: Resource, key: IdempotencyKey?
    ) async throws -> ObservedResource {
        let name = desired["name"] ?? .string(desired.address.service)
        let role = try await iam.role(named: name.string ?? "")
        let present = role.flatMap { Self.observed($0, project: ec2.project) }
        if role == nil {
            let key = key ?? IdempotencyKey("repair-\(desired.address)")
            try await iam.perform(creation, try await parameters(toCreate: desired, key: key))
        } else {
            try requireOwn(present, desired)
            try await retag(present, desired, name)
            if changes("trust", present, desired) {
                try await iam.perform(
                    "UpdateAssumeRolePolicy",
                    ["RoleName": name, "PolicyDocument": desired["trust"] ?? .null])
            }
        }
        if changes("policy", present, desired) {
            try await insist(
                "PutRolePolicy",
                [
                    "RoleName": name, "PolicyName": .string(Self.policyName),
                    "PolicyDocument": desired["policy"] ?? .null,
                ], desired)
        }
        if present?["ready"] != true { try await ensureProfile(name, role, desired) }
        return result(desired, name)
    }

    private func requireOwn(_ present: ObservedResource?, _ desired: Resource) throws {
        guard present?.address != desired.address else { return }
        throw ProviderError(
            .conflict, provider: .aws, address: desired.address,
            action: "take the role \(desired["name"]?.string ?? "")",
            detail: "it is there already, and is not this service's")
    }

    private func changes(
        _ attribute: String, _ present: ObservedResource?, _ desired: Resource
    ) -> Bool {
        guard let present else { return desired[attribute] != nil }
        return differs(attribute, present, from: desired)
    }

    private func retag(
        _ present: ObservedResource?, _ desired: Resource, _ name: Value
    ) async throws {
        guard let present, differs("environment", present, from: desired) else { return }
        try await iam.perform(
            "TagRole", ["RoleName": name, "Tags": Tag.list(desired.ownership)])
    }

    private func ensureProfile(
        _ name: Value, _ role: RoleDocument?, _ desired: Resource
    ) async throws {
        if try await iam.profile(named: name.string ?? "") == nil {
            try await iam.perform(
                "CreateInstanceProfile",
                [
                    "InstanceProfileName": name, "Path": .string(path),
                    "Tags": Tag.list(
                        desired.ownership.merging([Tag.project: ec2.project]) { $1 }),
                ])
        }
        try await insist(
            "AddRoleToInstanceProfile", ["InstanceProfileName": name, "RoleName": name], desired)
    }

    /// What was just made is not known everywhere at once.
    private func insist(
        _ action: String, _ parameters: [String: Value], _ desired: Resource
    ) async throws {
        try await ec2.insisting(
            on: action, in: .iam, parameters, of: desired.address, despite: ["NoSuchEntity"],
            atMost: .seconds(30))
    }

    private func result(_ desired: Resource, _ name: Value) -> ObservedResource {
        var attributes = Self.kind.fields.reduce(into: [:]) { attributes, field in
            attributes[field.name] = field.normalised(desired[field.name])
        }
        attributes["id"] = name
        return ObservedResource(
            desired.address, id: name.string ?? "", attributes: attributes)
    }
}
