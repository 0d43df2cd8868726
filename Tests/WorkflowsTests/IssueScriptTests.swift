import Foundation
import Resources
import Testing

@testable import Workflows

/// The issue about drift, at a GitHub that is simulated, over several runs of the workflow.
@Suite(.enabled(if: RepositoryBench.isPossible, "jq or python3 is not installed"))
struct IssueScriptTests {
    /// The fingerprint is made of the name, as long as a real one.
    private func finding(_ name: String, kind: String = "changed") -> Value {
        let print = (name + String(repeating: "0", count: 16)).prefix(16)
        return [
            "address": .string("\(name)/aws.instance"), "kind": .string(kind),
            "fingerprint": .string(String(print)),
        ]
    }

    private func report(
        _ bench: RepositoryBench, _ names: [String], text: String? = nil, run: Int = 5
    ) throws -> RepositoryBench.Run {
        try tell(bench, names.map { finding($0) }, text: text, run: run)
    }

    private func tell(
        _ bench: RepositoryBench, _ findings: [Value], text: String? = nil, run: Int = 5
    ) throws -> RepositoryBench.Run {
        let document: Value = ["findings": .list(findings)]
        let names = findings.compactMap { $0["address"]?.string }.joined(separator: ", ")
        return try bench.run(
            .issueScript, ["Drift in shop", "drift.md", "drift.json"],
            files: [
                "drift.md": text ?? "# Drift\n\(names)\n", "drift.json": document.jsonText(),
            ], mark: "shop/drift", run: run)
    }

    private static let news = ["POST issues/1/comments", "PATCH issues/1"]

    private func comments(_ bench: RepositoryBench) throws -> [String] {
        (try bench.issues()[0]["comments"]?.list ?? []).compactMap { $0["body"]?.string }
    }

    private func member(_ name: String, _ bench: RepositoryBench) throws -> [String?] {
        try bench.issues().map { $0[name]?.string }
    }

    @Test func thereIsOneIssueFromTheFirstFindingToTheLast() throws {
        try RepositoryBench.with { (bench) throws in
            #expect(try report(bench, []) == .init())
            #expect(try report(bench, ["a1", "b2"]) == .init(requests: ["POST issues"]))
            #expect(try member("title", bench) == ["Drift in shop"])
            #expect(
                try member("body", bench) == [
                    """
                    <!-- launch:shop/drift -->
                    <!-- launch:findings a1000000 b2000000 -->
                    <!-- launch:report 59f67afacd98cea3 -->
                    # Drift
                    a1/aws.instance, b2/aws.instance

                    [The run](https://github.com/o/r/actions/runs/5)
                    """
                ])

            // The same again, and in another order: nothing is written.
            #expect(try report(bench, ["a1", "b2"], run: 6) == .init())

            // Another one: a comment names it, and only it.
            #expect(try report(bench, ["a1", "b2", "c3"], run: 7) == .init(requests: Self.news))
            #expect(
                try comments(bench) == [
                    """
                    New:

                    - changed <code>c3/aws.instance</code>

                    [The run](https://github.com/o/r/actions/runs/7)
                    """
                ])

            // One is gone: the issue says so, and nobody is notified.
            #expect(try report(bench, ["b2", "c3"]).requests == ["PATCH issues/1"])
            #expect(try report(bench, ["b2", "c3"]).requests == [])

            // It is back, which is news.
            #expect(try report(bench, ["a1", "b2", "c3"]).requests == Self.news)
            #expect(try comments(bench).count == 2)

            // All are gone: closed, with a word.
            #expect(try report(bench, [], run: 8).requests == Self.news)
            #expect(
                try comments(bench).last
                    == "No drift any more. [The run](https://github.com/o/r/actions/runs/8)")
            #expect(try member("state", bench) == ["closed"])
            #expect(try report(bench, []).requests == [])

            // And again: the same issue is opened.
            #expect(try report(bench, ["a1"]).requests == Self.news)
            #expect(try member("state", bench) == ["open"])
        }
    }

    @Test func aPersonWhoClosesItIsLeftInPeaceUntilThereIsNews() throws {
        try RepositoryBench.with { (bench) throws in
            _ = try report(bench, ["a1", "b2"])
            try bench.edit(1, ["state": "closed"])
            #expect(try report(bench, ["a1", "b2"]).requests == [])
            #expect(try report(bench, ["a1"]).requests == ["PATCH issues/1"])
            #expect(try member("state", bench) == ["closed"])
            #expect(try report(bench, ["a1", "c3"]).requests == Self.news)
            #expect(try member("state", bench) == ["open"])
        }
    }

    /// What a finding is called, or who did it, may be told better later.
    @Test func otherWordsAreWrittenAndNotifyNobody() throws {
        try RepositoryBench.with { (bench) throws in
            _ = try report(bench, ["a1"], text: "# Drift\nchanged\n")
            #expect(
                try report(bench, ["a1"], text: "# Drift\nchanged by alice\n").requests
                    == ["PATCH issues/1"])
            let body = try member("body", bench)[0]
            #expect(body?.contains("by alice") == true)
        }
    }

    @Test func aKindOrAnAddressIsNoMarkup() throws {
        try RepositoryBench.with { (bench) throws in
            _ = try report(bench, ["a1"])
            let odd: Value = [
                "address": "web/aws.x/<b>`*@all", "kind": "unmanaged", "fingerprint": "ffffffff00",
            ]
            _ = try tell(bench, [finding("a1"), odd])
            let comment = try comments(bench)[0]
            #expect(
                comment.contains(
                    "\n- unmanaged <code>web/aws.x/&lt;b&gt;`*@all</code>\n"))
        }
    }

    @Test func othersIssuesAreNotTouched() throws {
        let mark = "<!-- launch:shop/drift -->\nmine"
        let others: Value = [
            [
                "number": 1, "state": "open", "user": ["login": "eve"], "body": .string(mark),
                "comments": [],
            ],
            [
                "number": 2, "state": "open", "user": ["login": "github-actions[bot]"],
                "body": "<!-- launch:other/drift -->", "comments": [],
            ],
        ]
        try RepositoryBench.with(others) { (bench) throws in
            #expect(try report(bench, []).requests == [])
            #expect(try report(bench, ["a1"]).requests == ["POST issues"])
            #expect(try report(bench, ["a1", "b2"]).requests.last == "PATCH issues/3")
        }
    }

    /// GitHub refuses a body of more than 65,536 characters.
    @Test(arguments: [21, 1_000, 1_001, 20_000]) func manyFindingsFit(count: Int) throws {
        func findings(_ range: Range<Int>) -> [Value] {
            range.map { number in
                let hexadecimal = String(number, radix: 16)
                return [
                    "address": .string("service-\(number)/aws.instance"), "kind": "missing",
                    "fingerprint": .string(
                        String(repeating: "0", count: 8 - hexadecimal.count) + hexadecimal
                            + "00000000"),
                ]
            }
        }
        let text = String(repeating: "x", count: 55_000)
        try RepositoryBench.with { (bench) throws in
            #expect(
                try tell(bench, findings(0..<count), text: text)
                    == .init(requests: ["POST issues"]))
            #expect(try tell(bench, findings(0..<count), text: text) == .init())
            #expect(
                try tell(bench, findings(1..<count + 22), text: text)
                    == .init(requests: Self.news))
            let comment = try comments(bench)[0]
            #expect(
                comment.contains(
                    count > 979
                        ? "There are other findings than before." : "\n- … and 2 more\n"))
            #expect(comment.count < 2_000)
        }
    }
}
