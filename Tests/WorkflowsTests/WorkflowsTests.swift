import Foundation
import Services
import Testing
import TestSupport

@testable import Workflows

private let schemaChecker = ExternalTool("check-jsonschema")
private let zizmor = ExternalTool("zizmor")
private let actionlint = ExternalTool("actionlint")
private let shellcheck = ExternalTool("shellcheck")

@Suite struct WorkflowsTests {
    /// Runs `body` in a folder that holds a repository's generated files.
    private func withFiles(of sample: Sample, _ body: (String, [String]) throws -> Void) throws {
        try PackageFiles.withTemporaryFolder { root in
            // actionlint finds its settings, and the local action, from the repository's root.
            for folder in [".git", ".github/workflows", ".github/launch"] {
                try FileManager.default.createDirectory(
                    atPath: "\(root)/\(folder)", withIntermediateDirectories: true)
            }
            try FileManager.default.copyItem(
                atPath: "\(PackageFiles.root)/action.yml", toPath: "\(root)/action.yml")
            for file in sample.workflows.files {
                try file.content.write(
                    toFile: "\(root)/\(file.path)", atomically: false, encoding: .utf8)
            }
            let paths = sample.workflows.files.map(\.path)
            try body(root, paths.filter { $0.contains("/workflows/") }.map { "\(root)/\($0)" })
        }
    }

    @Test func whatTheyNeedBesidesIsNamed() {
        var project = ProjectSpec(project: "shop", domain: "example.com")
        let service = ServiceSpec(
            name: "web", target: .aws,
            publicAccess: PublicAccess(hostname: "web.example.com", port: 80),
            secrets: ["OPENAI_API_KEY"])
        #expect(
            Workflows(for: [service], in: project).needs(hasAction: true) == [
                "the state is a file, which a workflow's run loses: keep it in a bucket, "
                    + "`state.backend: s3` in launch.yaml.",
                "secrets: CLOUDFLARE_API_TOKEN, LAUNCH_GITHUB_APP_KEY, LAUNCH_GITHUB_TOKEN, "
                    + "OPENAI_API_KEY.",
                "variables: AWS_REGION, AWS_ROLE_ARN, CLOUDFLARE_ACCOUNT_ID, LAUNCH_GITHUB_APP_ID.",
            ])
        project.state.backend = .s3
        project.state.region = "eu-central-1"
        project.aws.region = "eu-central-1"
        project.workflows.setup = "acme/launch@0123456789012345678901234567890123456789"
        #expect(
            Workflows(for: [], in: project).needs(hasAction: false) == [
                "secrets: LAUNCH_GITHUB_APP_KEY, LAUNCH_GITHUB_TOKEN.",
                "variables: AWS_ROLE_ARN, LAUNCH_GITHUB_APP_ID.",
            ])
    }

    @Test(
        .enabled(if: schemaChecker.isInstalled, "check-jsonschema is not installed"),
        arguments: Sample.all)
    func theyFitGitHubsSchema(_ sample: Sample) throws {
        try withFiles(of: sample) { _, files in
            let schema = ["--builtin-schema", "vendor.github-workflows"]
            let complaint = try schemaChecker.complaint(schema + files)
            #expect(complaint == nil)
        }
    }

    @Test(.enabled(if: schemaChecker.isInstalled, "check-jsonschema is not installed"))
    func theSetupActionFitsGitHubsSchema() throws {
        let schema = ["--builtin-schema", "vendor.github-actions"]
        let complaint = try schemaChecker.complaint(schema + ["\(PackageFiles.root)/action.yml"])
        #expect(complaint == nil)
    }

    @Test(.enabled(if: zizmor.isInstalled, "zizmor is not installed"), arguments: Sample.all)
    func zizmorFindsNothing(_ sample: Sample) throws {
        try withFiles(of: sample) { root, _ in
            let complaint = try zizmor.complaint(["--offline", "--quiet", "--no-progress", root])
            #expect(complaint == nil)
        }
    }

    @Test(
        .enabled(if: actionlint.isInstalled, "actionlint is not installed"), arguments: Sample.all)
    func actionlintFindsNothing(_ sample: Sample) throws {
        try withFiles(of: sample) { root, files in
            let settings = "\(root)/.github/actionlint.yaml"
            let options = sample.services.isEmpty ? [] : ["-config-file", settings]
            let complaint = try actionlint.complaint(options + ["-no-color"] + files)
            #expect(complaint == nil)
        }
    }

    @Test(.enabled(if: shellcheck.isInstalled, "shellcheck is not installed"))
    func theScriptsPassShellcheck() throws {
        try withFiles(of: .examples) { root, _ in
            let scripts = Sample.examples.workflows.files.map(\.path)
                .filter { $0.contains("/launch/") }.map { "\(root)/\($0)" }
            #expect(scripts.count == 5)
            let complaint = try shellcheck.complaint(scripts)
            #expect(complaint == nil)
        }
    }

    @Test(arguments: Sample.all) func everyFileSaysWhereItComesFrom(_ sample: Sample) {
        #expect(sample.workflows.files.allSatisfy { WorkflowFile.isGenerated($0.content) })
        #expect(sample.workflows.files.map(\.path) == sample.workflows.files.map(\.path).sorted())
        #expect(!WorkflowFile.isGenerated("name: Mine\non: push\njobs: {}\n"))
    }

    @Test func aServiceGetsItsOwnSecretsAndNoOthers() throws {
        let deploy = try #require(Sample.examples.file(".github/workflows/deploy.yml"))
        let jobs = deploy.components(separatedBy: "\n  deploy-")
        #expect(jobs.count == 4)
        #expect(jobs[1].contains("OPENAI_API_KEY: ${{ secrets.OPENAI_API_KEY }}"))
        #expect(jobs[1].contains("secrets.LAUNCH_EXAMPLE_LIBRECHAT_TUNNEL_TOKEN }}"))
        #expect(jobs[2].contains("secrets.LAUNCH_EXAMPLE_MCP_TUNNEL_TOKEN }}"))
        #expect(!jobs[2].contains("OPENAI_API_KEY"))
        #expect(!jobs[3].contains("secrets."))
        #expect(!deploy.contains("secrets: inherit"))
    }

    @Test func aServiceThatIsExposedDirectlyGetsItsCertificate() throws {
        let line = "LAUNCH_ORIGIN_CERTIFICATE: ${{ secrets.LAUNCH_NULL_ON_ORIGIN_CERTIFICATE }}"
        let text = try #require(Sample.dashes.file(".github/workflows/deploy.yml"))
        #expect(text.components(separatedBy: "LAUNCH_ORIGIN_CERTIFICATE").count == 2)
        let job = text.components(separatedBy: "\n  deploy-on:").last ?? ""
        #expect(job.components(separatedBy: "\n\n")[0].contains(line))
        var own = Sample.dashes.services.filter { $0.exposure == .direct }
        own[0].publicAccess?.certificate = .own
        let files = Workflows(for: own, in: Sample.dashes.project).files
        #expect(
            !files.contains { file in
                file.path.hasSuffix(".yml") && file.content.contains("ORIGIN_CERTIFICATE")
            })
    }

    /// A run sees the repository's secrets as they were when it was queued, so what converge writes
    /// reaches a deploy in a run of its own only.
    @Test(arguments: Sample.all) func noPushDeploysInTheRunThatConverges(_ sample: Sample) {
        let converge = sample.file(".github/workflows/converge.yml") ?? ""
        #expect(!converge.contains("self-hosted"))
        for secret in ServiceSecret.allCases { #expect(!converge.contains(secret.rawValue)) }
        for service in sample.services {
            #expect(
                converge.contains(
                    """
                      deploy-\(service.name):
                        name: Have \(service.name) deployed
                        needs: converge-\(service.name)
                        if: needs.converge-\(service.name).result == 'success'
                        runs-on: ubuntu-24.04
                        timeout-minutes: 180
                        permissions:
                          actions: write
                          contents: read
                    """))
            #expect(converge.contains("run: bash .github/launch/start-deploy \(service.name)\n"))
        }
    }

    @Test func itRunsOnTheServicesOwnRunner() throws {
        let deploy = try #require(Sample.one.file(".github/workflows/deploy.yml"))
        #expect(deploy.contains(#"runs-on: [self-hosted, "web", "production"]"#))
    }

    @Test func aDeployKnowsWhatTheServiceWasCalled() throws {
        let service = ServiceSpec(name: "shop", target: .aws, formerName: "web")
        let project = ProjectSpec(project: "example", repository: "example/services")
        let files = Workflows(for: [service], in: project).files
        let deploy = try #require(files.first { $0.path.hasSuffix("workflows/deploy.yml") })
        #expect(deploy.content.contains(#"LAUNCH_FORMER: "web""#))
    }

    @Test func onlyThoseWhoNeedAWSMayProveWhoTheyAre() {
        let asking = { (sample: Sample) in
            sample.workflows.files.filter { $0.content.contains("id-token: write") }.count
        }
        #expect(asking(.one) == 4)
        // What a push removes, a pull request would, or a move has left, may be the last on AWS.
        #expect(asking(.offAWS) == 3)
    }

    @Test func theLastServiceTakesItsWorkflowsAlong() {
        let paths = Set(Sample.one.workflows.files.map(\.path))
            .subtracting(Sample.empty.workflows.files.map(\.path))
        #expect(Set(Sample.empty.workflows.obsoletePaths) == paths)
        #expect(Sample.one.workflows.obsoletePaths.isEmpty)
    }
}
