import Resources

import Foundation

/// A repository as `GET /repos/{owner}/{repo}` shows it.
struct RepositoryDocument {
    var id = 1_296_269
    let owner: String
    let name: String
    let isPublic: Bool
    let isAdministrator: Bool
    let created: Date
    let site: GitHubSite

    /// Its own address in the API.
    var api: String { "\(site.api)/repos/\(owner)/\(name)" }

    /// Where people see it.
    var page: String { "\(site.pages)/\(owner)/\(name)" }

    private var host: String { site.pages.replacing("https://", with: "") }

    var value: Value {
        let counters = [
            "forks", "forks_count", "network_count", "open_issues", "open_issues_count", "size",
            "stargazers_count", "subscribers_count", "watchers", "watchers_count",
        ]
        let features = ["has_downloads", "has_issues", "has_pages", "has_projects", "has_wiki"]
        let document: [String: Value] = [
            "id": .integer(id), "node_id": "MDEwOlJlcG9zaXRvcnkxMjk2MjY5", "name": .string(name),
            "full_name": .string("\(owner)/\(name)"), "private": .boolean(!isPublic),
            "visibility": isPublic ? "public" : "private", "owner": ownerValue,
            "default_branch": "main", "description": .null, "homepage": .null, "language": .null,
            "license": .null, "mirror_url": .null, "fork": false, "archived": false,
            "disabled": false, "html_url": .string(page), "clone_url": .string("\(page).git"),
            "svn_url": .string(page), "git_url": .string("git://\(host)/\(owner)/\(name).git"),
            "ssh_url": .string("git@\(host):\(owner)/\(name).git"),
            "created_at": created.timestamp, "updated_at": created.timestamp,
            "pushed_at": created.timestamp,
            "permissions": [
                "admin": .boolean(isAdministrator), "push": .boolean(isAdministrator),
                "pull": true,
            ],
        ]
        return .object(
            document
                .merging(counters.map { ($0, 0) }) { first, _ in first }
                .merging(features.map { ($0, false) }) { first, _ in first }
                .merging(Self.links(Self.parts, api)) { first, _ in first })
    }

    var ownerValue: Value {
        let account = "\(site.api)/users/\(owner)"
        let document: [String: Value] = [
            "login": .string(owner), "id": 1, "node_id": "MDEyOk9yZ2FuaXphdGlvbjE=",
            "type": "Organization", "site_admin": false, "gravatar_id": "",
            "avatar_url": "https://avatars.githubusercontent.com/u/1",
            "html_url": .string("\(site.pages)/\(owner)"),
        ]
        return .object(
            document.merging(Self.links(Self.ownerParts, account)) { first, _ in first })
    }

    /// `url`, and a `<part>_url` for each.
    private static func links(_ parts: [String], _ base: String) -> [(String, Value)] {
        [("url", .string(base))]
            + parts.map { part in
                ("\(part)_url", .string("\(base)/\(part.replacingOccurrences(of: "_", with: "/"))"))
            }
    }

    private static let parts = [
        "archive", "assignees", "blobs", "branches", "collaborators", "comments", "commits",
        "compare", "contents", "contributors", "deployments", "downloads", "events", "forks",
        "git_commits", "git_refs", "git_tags", "hooks", "issue_comment", "issue_events", "issues",
        "keys", "labels", "languages", "merges", "milestones", "notifications", "pulls",
        "releases", "stargazers", "statuses", "subscribers", "subscription", "tags", "teams",
        "trees",
    ]

    private static let ownerParts = [
        "events", "followers", "following", "gists", "organizations", "received_events", "repos",
        "starred", "subscriptions",
    ]
}
