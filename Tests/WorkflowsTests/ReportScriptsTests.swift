import Resources
import Testing

@testable import Workflows

/// The comment on a pull request, at a GitHub that is simulated.
@Suite(.enabled(if: RepositoryBench.isPossible, "jq or python3 is not installed"))
struct ReportScriptsTests {
    private static let mark = "<!-- launch:shop/plan -->\n"
    private static let bot: Value = ["login": "github-actions[bot]"]

    private func pullRequest(_ comments: [Value] = []) -> Value {
        [
            [
                "number": 1, "state": "open", "user": ["login": "ada"], "body": .null,
                "comments": .list(comments),
            ]
        ]
    }

    private func tell(
        _ bench: RepositoryBench, _ report: String = "# Plan\n", run: Int = 5,
        artifact: String? = nil
    ) throws -> RepositoryBench.Run {
        try bench.run(
            .commentScript, ["1", "plan.md"], files: ["plan.md": report], mark: "shop/plan",
            run: run, artifact: artifact)
    }

    private func comments(_ bench: RepositoryBench) throws -> [String] {
        (try bench.issues()[0]["comments"]?.list ?? []).compactMap { $0["body"]?.string }
    }

    @Test func aPullRequestHasOneComment() throws {
        try RepositoryBench.with(pullRequest()) { (bench) throws in
            #expect(try tell(bench) == .init(requests: ["POST issues/1/comments"]))
            #expect(
                try comments(bench) == [
                    Self.mark
                        + "# Plan\n\n[The run](https://github.com/o/r/actions/runs/5)"
                ])
            #expect(try tell(bench, "# Other\n").requests == ["PATCH issues/comments/1000"])
            #expect(try comments(bench).map { $0.contains("# Other") } == [true])
        }
    }

    /// Those that a person or another project's workflow wrote stay, also on the first pages.
    @Test func nobodyElsesCommentIsTouched() throws {
        let many = (0..<120).map { number -> Value in
            ["id": .integer(number), "user": Self.bot, "body": "<!-- launch:other/plan -->"]
        }
        let own: Value = ["id": 900, "user": Self.bot, "body": .string(Self.mark + "old")]
        let quoted: Value = [
            "id": 901, "user": ["login": "eve"], "body": .string(Self.mark + "mine"),
        ]
        let empty: Value = ["id": 902, "user": Self.bot, "body": .null]
        try RepositoryBench.with(pullRequest(many + [quoted, empty, own])) { (bench) throws in
            #expect(try tell(bench).requests == ["PATCH issues/comments/900"])
        }
        try RepositoryBench.with(pullRequest(many + [quoted, empty])) { (bench) throws in
            #expect(try tell(bench).requests == ["POST issues/1/comments"])
        }
    }

    @Test func theCommentNamesTheArtifactWithTheWholePlan() throws {
        let url = "https://github.com/o/r/actions/runs/5/artifacts/7"
        try RepositoryBench.with(pullRequest()) { (bench) throws in
            #expect(try tell(bench, artifact: url).complaint == nil)
            let comment = try comments(bench)[0]
            #expect(
                comment.hasSuffix(
                    "runs/5) has the whole report, as text and as a page: [launch-plan](\(url))"))
        }
    }
}
