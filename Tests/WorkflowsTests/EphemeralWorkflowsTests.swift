import Foundation
import Services
import Testing
import TestSupport

@testable import Workflows

/// What the workflows of a service with an ephemeral runner do beyond those of others.
@Suite struct EphemeralWorkflowsTests {
    private static let renewal = """
            - name: Make the token for the runner's next registration
              env:
                GITHUB_TOKEN: ${{ secrets.LAUNCH_GITHUB_TOKEN }}
                LAUNCH_GITHUB_APP_ID: ${{ vars.LAUNCH_GITHUB_APP_ID }}
                LAUNCH_GITHUB_APP_KEY: ${{ secrets.LAUNCH_GITHUB_APP_KEY }}
              run: launch runner renew web

        """
    private static let handover = """
            steps:
              - name: Leave the token for the runner's next registration
                env:
                  LAUNCH_RUNNER_TOKEN: ${{ secrets.LAUNCH_SHOP_WEB_RUNNER_TOKEN }}
                run: |
                  umask 077
                  printf '%s' "$LAUNCH_RUNNER_TOKEN" > /opt/ephemeral-runner/.next-token.new
                  mv /opt/ephemeral-runner/.next-token.new /opt/ephemeral-runner/.next-token
              - uses: actions/checkout@
        """

    private func file(_ name: String) throws -> String {
        try #require(Sample.ephemeral.file(".github/workflows/\(name).yml"))
    }

    @Test func aDeployRenewsFirstAndBeginsWithTheToken() throws {
        let text = try file("deploy")
        #expect(text.contains("  renew-web:\n    name: Renew the runner of web\n"))
        #expect(text.contains(Self.renewal.indented(2)))
        #expect(
            text.contains(
                "    needs: renew-web\n    if: needs.renew-web.result == 'success'\n"))
        #expect(text.contains(Self.handover))
        #expect(text.components(separatedBy: "RUNNER_TOKEN }}").count == 2)
        #expect(text.components(separatedBy: "timeout-minutes: 40").count == 2)
        #expect(!text.contains("renew-my-tools"))
    }

    @Test(arguments: ["converge", "reconcile"]) func aConvergeRenewsNothing(name: String) throws {
        #expect(!(try file(name)).contains("renew"))
    }

    /// The step itself, in the shell that GitHub runs it in.
    @Test func theTokenIsForTheRunnerAlone() throws {
        try PackageFiles.withTemporaryFolder { root in
            let lines =
                Sample.ephemeral.workflows.handoverStep(Sample.ephemeral.services[0])
                .components(separatedBy: "run: |\n").last ?? ""
            let place = "/opt/ephemeral-runner/"
            let script = lines.replacing("    ", with: "").replacing(place, with: "\(root)/")
            try script.write(toFile: "\(root)/step", atomically: false, encoding: .utf8)
            for token in ["AB'C$D", "newer"] {
                let said = try ExternalTool("env").complaint([
                    "-i", "LAUNCH_RUNNER_TOKEN=\(token)", "bash", "--noprofile", "--norc", "-exo",
                    "pipefail", "\(root)/step",
                ])
                #expect(said == nil)
                let file = "\(root)/.next-token"
                #expect(try String(contentsOfFile: file, encoding: .utf8) == token)
                let mode = try FileManager.default.attributesOfItem(atPath: file)[.posixPermissions]
                #expect(mode as? Int == 0o600)
            }
        }
    }
}
