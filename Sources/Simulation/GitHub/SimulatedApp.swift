import Foundation
import HTTP
import Resources

/// A GitHub App that is installed on some repositories:
/// <https://docs.github.com/en/rest/apps/apps>.
package struct SimulatedApp {
    /// Tells whether the signature of a token's first two parts is by the App's key.
    package typealias Verifying = @Sendable (_ message: [UInt8], _ signature: [UInt8]) -> Bool

    private struct Token {
        let repositories: [String]
        let mayAdminister: Bool
        let expiry: Date
    }

    private static let installation = 4_711

    private let id: String
    private let installedOn: Set<String>
    private let verify: Verifying
    private var tokens: [String: Token] = [:]

    /// - Parameter repositories: where it is installed, as `owner/name`.
    package init(id: String, on repositories: Set<String>, verify: @escaping Verifying) {
        self.id = id
        installedOn = repositories
        self.verify = verify
    }

    /// How many tokens were asked for.
    package var tokensIssued: Int { tokens.count }

    /// Forgets every token, as when the App's permissions change.
    package mutating func revokeTokens() { tokens = [:] }

    func accepts(_ token: String, at now: Date) -> Bool { (tokens[token]?.expiry ?? now) > now }

    func mayAdminister(_ repository: String, with token: String) -> Bool {
        tokens[token].map { $0.mayAdminister && $0.repositories.contains(repository) } ?? false
    }

    /// Answers what an App asks as itself; `nil` for anything else.
    mutating func answer(
        _ request: SimulatedRequest, _ segments: [String], at site: GitHubSite, _ proof: String,
        _ random: any RandomSource, now: Date
    ) throws -> HTTPResponse? {
        switch (request.method, segments.count) {
        case ("GET", 4) where segments[0] == "repos" && segments[3] == "installation":
            try check(proof, at: now)
            guard installedOn.contains("\(segments[1])/\(segments[2])") else {
                throw GitHubRefusal.notFound
            }
            let repository = RepositoryDocument(
                owner: segments[1], name: segments[2], isPublic: false, isAdministrator: true,
                created: now, site: site)
            return .document(document(of: repository))
        case ("POST", 4) where segments[0...1] == ["app", "installations"]:
            try check(proof, at: now)
            guard segments[2] == String(Self.installation) else { throw GitHubRefusal.notFound }
            return try issue(request, random, at: now)
        default: return nil
        }
    }

    private func document(of repository: RepositoryDocument) -> Value {
        let site = repository.site
        let api = "\(site.api)/app/installations/\(Self.installation)"
        return [
            "id": .integer(Self.installation), "app_id": 99, "app_slug": "launch",
            "account": repository.ownerValue,
            "target_id": 1, "target_type": "Organization", "repository_selection": "selected",
            "permissions": ["administration": "write", "metadata": "read"], "events": [],
            "access_tokens_url": .string(api + "/access_tokens"),
            "repositories_url": .string("\(site.api)/installation/repositories"),
            "html_url": .string("\(site.pages)/settings/installations/\(Self.installation)"),
            "single_file_name": .null, "suspended_by": .null, "suspended_at": .null,
            "created_at": repository.created.timestamp,
            "updated_at": repository.created.timestamp,
        ]
    }

    private mutating func issue(
        _ request: SimulatedRequest, _ random: any RandomSource, at now: Date
    ) throws -> HTTPResponse {
        let names = request.document?["repositories"]?.list?.compactMap(\.string)
        let narrowed = installedOn.filter { repository in
            names.map { $0.contains { repository.hasSuffix("/\($0)") } } ?? true
        }
        guard narrowed.count == names?.count ?? narrowed.count else {
            throw GitHubRefusal(
                422, "There is at least one repository that does not exist or is not accessible")
        }
        let permissions = request.document?["permissions"]
        let token = "ghs_" + random.hexadecimal(36)
        let expiry = now.addingTimeInterval(3600)
        tokens[token] = Token(
            repositories: Array(narrowed),
            mayAdminister: permissions.map { $0["administration"] == "write" } ?? true,
            expiry: expiry)
        return .document(
            [
                "token": .string(token), "expires_at": expiry.timestamp,
                "permissions": permissions ?? [:], "repository_selection": "selected",
            ], status: 201)
    }

    /// A JSON Web Token, signed by RS256, that is good for ten minutes at most.
    private func check(_ proof: String, at now: Date) throws {
        let parts = proof.split(separator: ".").map(String.init)
        guard parts.count == 3, let header = Self.document(parts[0]),
            let claims = Self.document(parts[1]), let signature = Self.bytes(parts[2]),
            header["alg"] == "RS256", verify(Array("\(parts[0]).\(parts[1])".utf8), signature)
        else { throw GitHubRefusal(401, "A JSON web token could not be decoded") }
        let seconds = Int(now.timeIntervalSince1970)
        guard let issued = claims["iat"]?.integer, issued <= seconds else {
            throw GitHubRefusal(
                401,
                "'Issued at' claim ('iat') must be an Integer representing the time that the "
                    + "assertion was issued")
        }
        guard let end = claims["exp"]?.integer, end > seconds, end <= seconds + 600 else {
            throw GitHubRefusal(401, "'Expiration time' claim ('exp') is too far in the future")
        }
        guard claims["iss"]?.plainText == id else {
            throw GitHubRefusal(404, "Integration not found")
        }
    }

    private static func document(_ part: String) -> Value? {
        bytes(part).flatMap { Value(json: $0) }
    }

    private static func bytes(_ part: String) -> [UInt8]? {
        let text = part.replacing("-", with: "+").replacing("_", with: "/")
        let padding = String(repeating: "=", count: (4 - text.count % 4) % 4)
        return Data(base64Encoded: text + padding).map(Array.init)
    }
}
