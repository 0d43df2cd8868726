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
    var tags: MemberList<Tag>?
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

/// `<XResponse><XResult>…</XResult></XResponse>`, whatever the operation X is called.
struct QueryAnswer<Result: Decodable>: Decodable {
    let result: Result

    private struct Key: CodingKey {
        let stringValue: String
        var intValue: Int? { nil }

        init(stringValue: String) { self.stringValue = stringValue }
        init?(intValue: Int) { nil }
    }

    init(from decoder: any Decoder) throws {
        let answer = try decoder.container(keyedBy: Key.self)
        let name = answer.allKeys.first { $0.stringValue.hasSuffix("Result") }
        result = try answer.decode(Result.self, forKey: name ?? Key(stringValue: "Result"))
    }
}

typealias AccountDetailsDocument = QueryAnswer<AccountDetails>
typealias GetRoleDocument = QueryAnswer<FoundRole>
typealias GetRolePolicyDocument = QueryAnswer<PolicyDocument>
typealias GetInstanceProfileDocument = QueryAnswer<FoundProfile>
typealias ListRolePoliciesDocument = QueryAnswer<PolicyNames>
typealias ListAttachedRolePoliciesDocument = QueryAnswer<AttachedPolicies>

struct AccountDetails: Decodable {
    let isTruncated: Bool?
    let marker: String?
    let roles: MemberList<RoleDocument>?

    enum CodingKeys: String, CodingKey {
        case isTruncated = "IsTruncated"
        case marker = "Marker"
        case roles = "RoleDetailList"
    }
}

struct FoundRole: Decodable {
    let role: RoleDocument

    enum CodingKeys: String, CodingKey { case role = "Role" }
}

struct FoundProfile: Decodable {
    let profile: ProfileDocument

    enum CodingKeys: String, CodingKey { case profile = "InstanceProfile" }
}

struct PolicyNames: Decodable {
    let names: MemberList<String>?

    enum CodingKeys: String, CodingKey { case names = "PolicyNames" }
}

struct AttachedPolicies: Decodable {
    struct Policy: Decodable {
        let arn: String

        enum CodingKeys: String, CodingKey { case arn = "PolicyArn" }
    }

    let policies: MemberList<Policy>?

    enum CodingKeys: String, CodingKey { case policies = "AttachedPolicies" }
}
