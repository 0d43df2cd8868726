import HTTP
import OrderedCollections
import Resources

import Foundation

/// Identity and Access Management: the account's roles and the profiles that machines get.
package final class SimulatedIAM {
    typealias Action = @Sendable (SimulatedIAM, QueryParameters) throws -> [XML]

    static let namespace = "https://iam.amazonaws.com/doc/2010-05-08/"

    struct Role {
        let name: String
        let path: String
        let id: String
        let created: Date
        var trust: String
        var tags: [String: String]
        var policies: OrderedDictionary<String, String> = [:]
        var attached: [String] = []
    }

    struct Profile {
        let name: String
        let path: String
        let id: String
        let created: Date
        var tags: [String: String]
        var roles: [String] = []
    }

    unowned let core: WorldCore
    var roles: OrderedDictionary<String, Role> = [:]
    var profiles: OrderedDictionary<String, Profile> = [:]
    /// Actions that the credentials may not do.
    package var denied: Set<String> = []

    init(_ core: WorldCore) { self.core = core }

    var inventory: [String: Int] {
        ["iam role": roles.count, "iam instance profile": profiles.count]
    }

    /// True when EC2 has heard of the profile and of a role in it.
    func isUsable(_ profile: String) -> Bool {
        let name = profile.split(separator: "/").last.map(String.init) ?? profile
        guard let known = profiles[name], !known.roles.isEmpty else { return false }
        return known.created.addingTimeInterval(core.configuration.eventualConsistency.seconds)
            <= core.now
    }

    /// Somebody takes the role out of its profile.
    package func emptyProfile(_ name: String) { profiles[name]?.roles = [] }

    func answer(_ parameters: QueryParameters, requestID: String) throws -> HTTPResponse {
        let name = try parameters.required("Action")
        guard try parameters.required("Version") == "2010-05-08", let action = Self.actions[name]
        else { throw AWSError("InvalidAction", "Could not find operation \(name)") }
        guard !denied.contains(name) else {
            throw AWSError(
                "AccessDenied", AWSError.denial(of: "iam:\(name)", on: "*"), status: 403)
        }
        let content = try action(self, parameters)
        return xml(
            200,
            XML("\(name)Response", namespace: Self.namespace) {
                if !content.isEmpty { XML("\(name)Result") { content } }
                XML("ResponseMetadata") { XML("RequestId", requestID) }
            })
    }

    private static let actions: [String: Action] =
        roleActions.merging(profileActions) { first, _ in first }

    /// - Throws: `NoSuchEntity`
    func role(_ name: String) throws -> Role {
        if let role = roles[name] { return role }
        throw AWSError(
            "NoSuchEntity", "The role with name \(name) cannot be found.", status: 404)
    }

    /// - Throws: `NoSuchEntity`
    func profile(_ name: String) throws -> Profile {
        if let profile = profiles[name] { return profile }
        throw AWSError(
            "NoSuchEntity", "Instance Profile \(name) cannot be found.", status: 404)
    }

    func newID(_ prefix: String) -> String { prefix + core.random.hexadecimal(17).uppercased() }

    /// What the tags of a request are.
    func readTags(_ parameters: QueryParameters) throws -> [String: String] {
        try parameters.structures("Tags.member").reduce(into: [:]) { tags, tag in
            tags[try tag.required("Key")] = tag.string("Value") ?? ""
        }
    }

    /// - Throws: `MalformedPolicyDocument` when it is no JSON object with statements.
    func readPolicy(_ parameters: QueryParameters, _ name: String) throws -> String {
        let text = try parameters.required(name)
        guard let document = Value(json: Array(text.utf8)), document["Statement"] != nil else {
            throw AWSError("MalformedPolicyDocument", "Syntax errors in policy.")
        }
        return text
    }

    static func encoded(_ document: String) -> String {
        document.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? document
    }

    static func conflict(_ what: String) -> AWSError {
        AWSError("EntityAlreadyExists", "\(what) already exists.", status: 409)
    }
}
