import Foundation
import HTTP
import Resources

/// The issues of one repository and what people say there:
/// <https://docs.github.com/en/rest/issues/comments>.
package final class SimulatedIssues {
    private struct Comment {
        let id: Int
        let issue: Int
        var body: String
        let created: Date
        var updated: Date
    }

    private static let longestBody = 65_536

    private unowned let core: WorldCore
    /// The titles, by number from 1.
    private var titles: [String] = []
    private var comments: [Comment] = []
    private var lastComment = 600

    init(_ core: WorldCore) { self.core = core }

    /// Opens an issue as somebody else would, and answers its number.
    @discardableResult
    package func open(_ title: String) -> Int {
        titles.append(title)
        return titles.count
    }

    /// - Parameter segments: the path after `…/issues`.
    func answer(
        _ request: SimulatedRequest, _ segments: [String], of repository: RepositoryDocument
    ) throws -> HTTPResponse {
        if segments.count == 2, segments[0] == "comments" {
            return try comment(request, segments[1], of: repository)
        }
        guard let number = segments.first.flatMap(Int.init), titles.indices.contains(number - 1)
        else { throw GitHubRefusal.notFound }
        switch (request.method, segments.dropFirst().first, segments.count) {
        case ("GET", nil, 1): return .document(issue(number, repository))
        case ("GET", "comments", 2):
            let found = comments.filter { $0.issue == number }.map { value($0, repository) }
            return GitHubPage(request, cap: core.configuration.pageSize).response(of: found)
        case ("POST", "comments", 2):
            lastComment += 1
            let made = Comment(
                id: lastComment, issue: number, body: try body(of: request), created: core.now,
                updated: core.now)
            comments.append(made)
            return .document(value(made, repository), status: 201)
        default: throw GitHubRefusal.notFound
        }
    }

    private func comment(
        _ request: SimulatedRequest, _ id: String, of repository: RepositoryDocument
    ) throws -> HTTPResponse {
        guard let index = comments.firstIndex(where: { String($0.id) == id }) else {
            throw GitHubRefusal.notFound
        }
        switch request.method {
        case "GET": break
        case "PATCH":
            comments[index].body = try body(of: request)
            comments[index].updated = core.now
        case "DELETE":
            comments.remove(at: index)
            return HTTPResponse(status: 204)
        default: throw GitHubRefusal.notFound
        }
        return .document(value(comments[index], repository))
    }

    private func body(of request: SimulatedRequest) throws -> String {
        guard let document = request.document else {
            throw GitHubRefusal(400, "Problems parsing JSON")
        }
        guard let body = document["body"]?.string, !body.isEmpty else {
            throw GitHubRefusal(422, "Validation Failed: body cannot be blank")
        }
        guard body.count <= Self.longestBody else {
            throw GitHubRefusal(422, "Validation Failed: body is too long (maximum is 65536)")
        }
        return body
    }
}

// MARK: - What is shown

extension SimulatedIssues {
    private func issue(_ number: Int, _ repository: RepositoryDocument) -> Value {
        let api = "\(repository.api)/issues/\(number)"
        return [
            "id": .integer(1_000 + number), "node_id": "I_kwDO", "number": .integer(number),
            "title": .string(titles[number - 1]), "state": "open", "locked": false, "labels": [],
            "assignee": .null, "assignees": [], "milestone": .null, "body": .null,
            "user": repository.ownerValue, "author_association": "OWNER",
            "comments": .integer(comments.count { $0.issue == number }),
            "created_at": repository.created.timestamp,
            "updated_at": repository.created.timestamp, "closed_at": .null,
            "url": .string(api), "repository_url": .string(repository.api),
            "comments_url": .string("\(api)/comments"), "events_url": .string("\(api)/events"),
            "labels_url": .string("\(api)/labels"),
            "html_url": .string("\(repository.page)/issues/\(number)"),
        ]
    }

    private func value(_ comment: Comment, _ repository: RepositoryDocument) -> Value {
        let page = "\(repository.page)/issues/\(comment.issue)#issuecomment-\(comment.id)"
        return [
            "id": .integer(comment.id), "node_id": "IC_kwDO", "body": .string(comment.body),
            "user": repository.ownerValue, "author_association": "OWNER",
            "created_at": comment.created.timestamp, "updated_at": comment.updated.timestamp,
            "url": .string("\(repository.api)/issues/comments/\(comment.id)"),
            "issue_url": .string("\(repository.api)/issues/\(comment.issue)"),
            "html_url": .string(page),
        ]
    }
}
