import Foundation

// The parts of IAM's answers that Launch reads; every other element is ignored.
// <https://docs.aws.amazon.com/IAM/latest/APIReference/API_Types.html>

/// `<X><member>…</member></X>`, also empty.
struct MemberList<Item: Decodable>: Decodable {
    let items: [Item]

    private enum CodingKeys: String, CodingKey { case member }

    init(_ items: [Item]) { self.items = items }

    init(from decoder: any Decoder) throws {
        let container = try? decoder.container(keyedBy: CodingKeys.self)
        items = try container?.decodeIfPresent([Item].self, forKey: .member) ?? []
    }
}

/// A role, as GetAccountAuthorizationDetails and GetRole show it.
struct RoleDocument: Decodable {
    struct Tag: Decodable {
        let key: String
        let value: String?

        enum CodingKeys: String, CodingKey {
            case key = "Key"
            case value = "Value"
        }
    }

    let name: String
    /// Percent-encoded JSON.
    let trust: String?
    let tags: MemberList<Tag>?
    var policies: MemberList<PolicyDocument>?
    var profiles: MemberList<ProfileDocument>?

    enum CodingKeys: String, CodingKey {
        case name = "RoleName"
        case trust = "AssumeRolePolicyDocument"
        case tags = "Tags"
        case policies = "RolePolicyList"
        case profiles = "InstanceProfileList"
    }
}

/// An inline policy of a role.
struct PolicyDocument: Decodable {
    let name: String
    /// Percent-encoded JSON.
    let document: String

    enum CodingKeys: String, CodingKey {
        case name = "PolicyName"
        case document = "PolicyDocument"
    }
}

struct ProfileDocument: Decodable {
    struct Role: Decodable {
        let name: String

        enum CodingKeys: String, CodingKey { case name = "RoleName" }
    }

    let name: String
    let roles: MemberList<Role>?

    enum CodingKeys: String, CodingKey {
        case name = "InstanceProfileName"
        case roles = "Roles"
    }
}

struct AccountDetailsDocument: Decodable {
    struct Result: Decodable {
        let isTruncated: Bool?
        let marker: String?
        let roles: MemberList<RoleDocument>?

        enum CodingKeys: String, CodingKey {
            case isTruncated = "IsTruncated"
            case marker = "Marker"
            case roles = "RoleDetailList"
        }
    }

    let result: Result

    enum CodingKeys: String, CodingKey { case result = "GetAccountAuthorizationDetailsResult" }
}

struct GetRoleDocument: Decodable {
    struct Result: Decodable {
        let role: RoleDocument

        enum CodingKeys: String, CodingKey { case role = "Role" }
    }

    let result: Result

    enum CodingKeys: String, CodingKey { case result = "GetRoleResult" }
}

struct GetRolePolicyDocument: Decodable {
    let result: PolicyDocument

    enum CodingKeys: String, CodingKey { case result = "GetRolePolicyResult" }
}

struct GetInstanceProfileDocument: Decodable {
    struct Result: Decodable {
        let profile: ProfileDocument

        enum CodingKeys: String, CodingKey { case profile = "InstanceProfile" }
    }

    let result: Result

    enum CodingKeys: String, CodingKey { case result = "GetInstanceProfileResult" }
}

struct ListRolePoliciesDocument: Decodable {
    struct Result: Decodable {
        let names: MemberList<String>?

        enum CodingKeys: String, CodingKey { case names = "PolicyNames" }
    }

    let result: Result

    enum CodingKeys: String, CodingKey { case result = "ListRolePoliciesResult" }
}

struct ListAttachedRolePoliciesDocument: Decodable {
    struct Policy: Decodable {
        let arn: String

        enum CodingKeys: String, CodingKey { case arn = "PolicyArn" }
    }

    struct Result: Decodable {
        let policies: MemberList<Policy>?

        enum CodingKeys: String, CodingKey { case policies = "AttachedPolicies" }
    }

    let result: Result

    enum CodingKeys: String, CodingKey { case result = "ListAttachedRolePoliciesResult" }
}
