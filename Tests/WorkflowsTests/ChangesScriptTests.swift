import Foundation
import Testing
import TestSupport

@testable import Workflows

private let isPossible = ["git", "jq", "bash"].allSatisfy { ExternalTool($0).isInstalled }

/// The script runs in a small repository, with a stand-in for `gh`.
@Suite(.enabled(if: isPossible, "git and jq are not installed"))
struct ChangesScriptTests {
    struct Case: CustomTestStringConvertible, Sendable {
        let name: String
        /// What the push does, in the repository with the services a, b and c-d.
        let push: String
        let changed: String
        var removed = "[]"
        var testDescription: String { name }
    }

    static let cases = [
        Case(name: "a file of one", push: "echo 1 > services/a/compose.yaml", changed: #"["a"]"#),
        Case(
            name: "files of two", push: "echo 1 > services/a/x; echo 1 > 'services/c-d/y z'",
            changed: #"["a","c-d"]"#),
        Case(name: "documentation", push: "echo 1 > README.md", changed: "[]"),
        Case(name: "launch.yaml", push: "echo 1 > launch.yaml", changed: #"["a","b","c-d"]"#),
        Case(
            name: "a generated workflow",
            push: "mkdir -p .github/workflows; echo > .github/workflows/x",
            changed: "[]"),
        Case(
            name: "the deploy script",
            push: "mkdir -p .github/launch; echo > .github/launch/deploy",
            changed: #"["a","b","c-d"]"#),
        Case(
            name: "a new one",
            push: "mkdir services/new; echo 'target: aws' > services/new/service.yaml",
            changed: #"["new"]"#),
        Case(name: "one less", push: "git rm -qr services/b", changed: "[]", removed: #"["b"]"#),
        Case(
            name: "a new name",
            push: "git mv services/b services/bee; echo 'was: b' >> services/bee/service.yaml",
            changed: #"["bee"]"#),
        Case(
            name: "a spec in HCL instead",
            push: "git mv services/a/service.yaml services/a/service.hcl", changed: #"["a"]"#),
        Case(
            name: "a new name in HCL",
            push: """
                git rm -qr services/b; mkdir services/bee
                printf 'target = "aws"\\n  was    = "b"\\n' > services/bee/service.hcl
                """,
            changed: #"["bee"]"#),
        Case(
            name: "modules",
            push: """
                mkdir infrastructure
                cat > infrastructure/main.tf <<'EOT'
                module "vpc" {
                  source = "terraform-aws-modules/vpc/aws"
                }
                module "api" {
                  source = "./modules/launch-service"
                  target = "aws"
                }
                module "label" {
                  source       = "./modules/launch-service/"
                  service_name = "named" # so
                }
                EOT
                """,
            changed: #"["api","named"]"#),
        Case(
            name: "a local of modules",
            push: """
                mkdir infrastructure
                printf 'module "a" {\\n  source = "../launch-service"\\n}\\n' > infrastructure/a.tf
                echo 'locals {}' > infrastructure/locals.tf
                git rm -q services/a/service.yaml
                """,
            changed: #"["a"]"#),
        Case(
            name: "no services left", push: "git rm -qr services", changed: "[]",
            removed: #"["a","b","c-d"]"#),
    ]

    private static let preparation = #"""
        set -eu
        cd "$ROOT"
        export GIT_CONFIG_GLOBAL=/dev/null GIT_AUTHOR_NAME=a GIT_AUTHOR_EMAIL=a@example.com
        export GIT_COMMITTER_NAME=a GIT_COMMITTER_EMAIL=a@example.com PATH=$ROOT/bin:$PATH
        export GITHUB_OUTPUT=$ROOT/output GITHUB_REF_NAME=main
        mkdir -p bin repository && printf '#!/bin/sh\necho "$LAST"\n' > bin/gh && chmod +x bin/gh
        cd repository
        git init -q
        for service in a b c-d; do
            mkdir -p services/$service
            echo 'target: aws' > services/$service/service.yaml
        done
        git add . && git commit -qm one && one=$(git rev-parse HEAD)
        """#

    private func run(_ rest: String) throws -> String {
        try PackageFiles.withTemporaryFolder { root in
            try WorkflowFile.changesScript.content.write(
                toFile: "\(root)/changes", atomically: false, encoding: .utf8)
            let complaint = try ExternalTool("env").complaint([
                "ROOT=\(root)", "bash", "-c",
                "\(Self.preparation)\n\(rest) >&2\ncat \"$ROOT/output\"; exit 1",
            ])
            let text = try #require(complaint)
            return String(
                text.suffix(
                    from: text.range(of: "changed=", options: .backwards)?.lowerBound
                        ?? text.startIndex))
        }
    }

    @Test(arguments: cases) func aPushConcerns(_ example: Case) throws {
        let found = try run(
            """
            \(example.push)
            git add -A && git commit -qm two --allow-empty
            LAST='' bash ../changes "$one" "$(git rev-parse HEAD)"
            """)
        #expect(found == "changed=\(example.changed)\nremoved=\(example.removed)\n")
    }

    @Test func whatAFailedRunLeftIsMadeUpFor() throws {
        let found = try run(
            """
            echo 1 > services/a/x; git add -A; git commit -qm two; two=$(git rev-parse HEAD)
            echo 1 > services/b/x; git add -A; git commit -qm three
            LAST=$one bash ../changes "$two" "$(git rev-parse HEAD)"
            """)
        #expect(found == "changed=[\"a\",\"b\"]\nremoved=[]\n")
    }

    @Test(arguments: ["0000000000000000000000000000000000000000", "not-there"])
    func withoutABaseEverythingIsConcerned(_ base: String) throws {
        let found = try run("LAST='' bash ../changes \(base) \"$one\"")
        #expect(found == "changed=[\"a\",\"b\",\"c-d\"]\nremoved=[]\n")
    }
}
