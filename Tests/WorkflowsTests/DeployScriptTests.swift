import Foundation
import Testing
import TestSupport

@testable import Workflows

@Suite(
    .enabled(if: DeployBench.isPossible, "Docker's client with Compose, and python3, are not here"))
struct DeployScriptTests {
    /// What a secret may hold, and Compose's `.env` syntax would read otherwise.
    static let hardValues = [
        "plain", #"a"b$c'd\"#, "two\nlines\n", "${HOME} $HOME $$", "# no comment #", "  blanks  ",
        "carriage\r\nreturn", #"\n \t \\ \' \$"#, "ends with \\", "`date` $(date)", "=x=",
        "Größe ✓",
        "-----BEGIN KEY-----\nabc+/=\n-----END KEY-----\n", "'", "\"", "&&",
    ]

    @Test func secretsReachTheApplicationUnchangedAndNobodyElse() throws {
        try DeployBench.with { bench in
            let names = Self.hardValues.indices.map { "SECRET_\($0)" }
            var settings = Dictionary(uniqueKeysWithValues: zip(names, Self.hardValues))
            settings["LAUNCH_SECRETS"] = names.joined(separator: " ")
            try bench.release(api: "example/api:1", needing: names)
            let job = try bench.deploy(settings)
            #expect(job.succeeded, "\(job.output)")
            let expected = zip(names, Self.hardValues).map { "\($0)=\($1)" } + ["MODE=test"]
            let found = try bench.environment(of: "web-api-1")
            #expect(found == expected.sorted())
            #expect(try bench.mode("srv/releases/current/.env") == 0o600)
            #expect(try bench.mode("srv/releases/current") == 0o700)
        }
    }

    @Test func aSecondDeployOfTheSameChangesNothing() throws {
        try DeployBench.with { bench in
            #expect(try bench.deploy().succeeded)
            let first = try bench.release("current")
            #expect(
                try bench.takeChanges().sorted() == [
                    "POST /containers/ID/start", "POST /containers/ID/start",
                    "POST /containers/create name=web-api-1",
                    "POST /containers/create name=web-database-1", "POST /networks/create",
                ])
            #expect(try bench.deploy().succeeded)
            #expect(try bench.takeChanges() == [])
            #expect(try bench.release("current") == first)
        }
    }

    /// Containers, volumes and networks are Compose's by the project's name, which stays.
    @Test func aRenamedServiceGoesOnInItsOldFolder() throws {
        try DeployBench.with { bench in
            let files = FileManager.default
            try files.createDirectory(
                atPath: "\(bench.root)/old", withIntermediateDirectories: true)
            try files.createSymbolicLink(
                atPath: "\(bench.root)/srv", withDestinationPath: "old")
            let job = try bench.deploy(["LAUNCH_FORMER": "old"])
            #expect(job.succeeded, "\(job.output)")
            #expect(
                try bench.takeChanges().filter { $0.contains("create name=") }.sorted() == [
                    "POST /containers/create name=old-api-1",
                    "POST /containers/create name=old-database-1",
                ])
            #expect(files.fileExists(atPath: "\(bench.root)/old/releases/current"))
        }
    }

    @Test func whenTheNewReleaseIsUnhealthyTheOldOneComesBack() throws {
        try DeployBench.with { bench in
            try bench.release(api: "example/api:1", needing: ["KEY"])
            #expect(try bench.deploy(["KEY": "old", "LAUNCH_SECRETS": "KEY"]).succeeded)
            let first = try bench.release("current")
            try bench.release(api: "example/api:2", needing: ["KEY"])
            try bench.write("example/api:2", to: "docker/unhealthy")
            let job = try bench.deploy(["KEY": "new", "LAUNCH_SECRETS": "KEY"])
            #expect(!job.succeeded)
            #expect(job.output.contains("it went wrong"), "the end of the logs")
            #expect(
                job.output.hasSuffix(
                    "::error::web does not become healthy; the release before runs again\n"))
            #expect(try bench.release("current") == first)
            #expect(try bench.content("srv/releases/current/.env") == "KEY=\"old\"\n")
            #expect(try bench.environment(of: "web-api-1") == ["KEY=old", "MODE=test"])
            #expect(try bench.inspect("web-api-1", "{{.Config.Image}}") == "example/api:1")
        }
    }

    @Test func aTagThatMovedMovesBack() throws {
        try DeployBench.with { bench in
            let (old, new) = (
                "sha256:" + String(repeating: "a", count: 64),
                "sha256:" + String(repeating: "b", count: 64)
            )
            try bench.write("example/api:1 \(old)\n", to: "docker/ids")
            #expect(try bench.deploy().succeeded)
            try bench.write("example/api:1 \(new)\n", to: "docker/ids")
            try bench.write(new, to: "docker/unhealthy")
            #expect(try !bench.deploy().succeeded)
            #expect(try bench.inspect("web-api-1", "{{.Image}}") == old)
        }
    }

    @Test func aFirstReleaseThatFailsStays() throws {
        try DeployBench.with { bench in
            try bench.write("example/api:1", to: "docker/unhealthy")
            let job = try bench.deploy()
            #expect(
                job.output.hasSuffix(
                    "::error::web does not become healthy, and there is no release before\n"))
            #expect(try bench.inspect("web-api-1", "{{.State.Status}}") == "running")
            #expect(throws: (any Error).self) { try bench.release("current") }
        }
    }

    @Test func anApplicationThatDoesNotAnswerIsUnhealthy() throws {
        try DeployBench.with { bench in
            #expect(try bench.deploy().succeeded)
            try bench.release(api: "example/api:2")
            #expect(try !bench.deploy(["LAUNCH_HEALTH": "http://127.0.0.1:9/health"]).succeeded)
            #expect(try bench.inspect("web-api-1", "{{.Config.Image}}") == "example/api:1")
        }
    }

    @Test func whatCannotBePulledChangesNothing() throws {
        try DeployBench.with { bench in
            try bench.write("example/database:1", to: "docker/missing")
            #expect(try !bench.deploy().succeeded)
            #expect(try bench.takeChanges() == [])
        }
    }

    @Test func aSecretThatGitHubDoesNotHaveIsNamed() throws {
        try DeployBench.with { bench in
            let job = try bench.deploy(["LAUNCH_SECRETS": "HERE GONE", "HERE": "x", "GONE": ""])
            #expect(job.output == "::error::not set in GitHub's secrets: GONE\n")
            #expect(try bench.takeChanges() == [])
        }
    }

    @Test func theConnectorRestartsOnlyWhenItsImageOrTokenChanges() throws {
        try DeployBench.with { bench in
            let starting = "POST /containers/create name=launch-tunnel"
            var settings = ["LAUNCH_TUNNEL_IMAGE": "c/d:1", "LAUNCH_TUNNEL_TOKEN": "first"]
            let first = try bench.deploy(settings)
            #expect(first.succeeded && !first.output.contains("first"))
            #expect(try bench.takeChanges().contains(starting))
            #expect(try bench.environment(of: "launch-tunnel") == ["TUNNEL_TOKEN=first"])
            #expect(try bench.deploy(settings).succeeded)
            #expect(try bench.takeChanges() == [])
            settings["LAUNCH_TUNNEL_TOKEN"] = "second"
            #expect(try bench.deploy(settings).succeeded)
            #expect(try bench.takeChanges().contains(starting))
            settings["LAUNCH_TUNNEL_IMAGE"] = "c/d:2"
            #expect(try bench.deploy(settings).succeeded)
            #expect(try bench.takeChanges().contains(starting))
            settings["LAUNCH_TUNNEL_TOKEN"] = ""
            #expect(try !bench.deploy(settings).succeeded)
            #expect(try bench.deploy().succeeded)
            #expect(try bench.takeChanges().contains("DELETE /containers/launch-tunnel force=1"))
        }
    }

    /// A key and a certificate as converge has GitHub keep them.
    private static func pair(_ number: Int) -> [String: String] {
        let parts = ["PRIVATE KEY": "key", "CERTIFICATE": "certificate"].sorted { $0.key > $1.key }
        let text = parts.map { kind, word in
            "-----BEGIN \(kind)-----\n\(word)\(number)\n-----END \(kind)-----\n"
        }
        return ["LAUNCH_ORIGIN_CERTIFICATE": text.joined()]
    }

    private static func part(_ kind: String, _ word: String) -> String {
        "-----BEGIN \(kind)-----\n\(word)\n-----END \(kind)-----\n"
    }

    @Test func theCertificateIsForTheMachinesOwnerAlone() throws {
        try DeployBench.with { bench in
            try bench.release(api: "example/api:1", needing: ["KEY"])
            let job = try bench.deploy(
                Self.pair(1).merging(["KEY": "x", "LAUNCH_SECRETS": "KEY"]) { $1 })
            #expect(job.succeeded, "\(job.output)")
            #expect(
                try bench.content("srv/tls/origin.key") == Self.part("PRIVATE KEY", "key1"))
            #expect(
                try bench.content("srv/tls/origin.pem") == Self.part("CERTIFICATE", "certificate1"))
            for (name, mode) in [
                ("tls", 0o700), ("tls/.current", 0o700), ("tls/origin.key", 0o600),
                ("tls/origin.pem", 0o600),
            ] { #expect(try bench.mode("srv/\(name)") == mode, "\(name)") }
            #expect(!job.output.contains("key1"))
            #expect(try bench.environment(of: "web-api-1") == ["KEY=x", "MODE=test"])
            let release = try FileManager.default.subpathsOfDirectory(
                atPath: "\(bench.root)/srv/releases")
            #expect(
                release.filter { !$0.hasSuffix(".images") }.allSatisfy { name in
                    let path = "\(bench.root)/srv/releases/\(name)"
                    guard let data = FileManager.default.contents(atPath: path) else { return true }
                    return !String(decoding: data, as: UTF8.self).contains("key1")
                })
        }
    }

    /// The link that both names lead through is inside of the folder, as a container sees it.
    @Test func aContainerSeesTheFolderAsItIs() throws {
        try DeployBench.with { bench in
            #expect(try bench.deploy(Self.pair(1)).succeeded)
            let files = FileManager.default
            let tls = "\(bench.root)/srv/tls"
            for name in ["origin.key", "origin.pem", ".current"] {
                let target = try files.destinationOfSymbolicLink(atPath: "\(tls)/\(name)")
                #expect(!target.hasPrefix("/") && !target.contains(".."))
            }
        }
    }

    @Test func anotherCertificateRestartsTheApplicationOnce() throws {
        try DeployBench.with { bench in
            #expect(try bench.deploy(Self.pair(1)).succeeded)
            #expect(try !bench.takeChanges().contains { $0.contains("/restart") })
            #expect(try bench.deploy(Self.pair(1)).succeeded)
            #expect(try bench.takeChanges() == [])
            let job = try bench.deploy(Self.pair(2))
            #expect(job.succeeded, "\(job.output)")
            #expect(job.output.contains("launch: restarting web with its new certificate\n"))
            #expect(try bench.takeChanges().filter { $0.contains("/restart") }.count == 2)
            #expect(try bench.content("srv/tls/origin.key") == Self.part("PRIVATE KEY", "key2"))
            #expect(
                try bench.content("srv/tls/origin.pem") == Self.part("CERTIFICATE", "certificate2"))
            let left = try FileManager.default.contentsOfDirectory(atPath: "\(bench.root)/srv/tls")
            #expect(left.count == 5, "one folder and four links")
            #expect(try bench.deploy(Self.pair(2)).succeeded)
            #expect(try bench.takeChanges() == [])
        }
    }

    /// Before the restart, and before the pair was complete.
    @Test(arguments: [".used", ".current"]) func whatBrokeOffIsMadeUpFor(link: String) throws {
        try DeployBench.with { bench in
            #expect(try bench.deploy(Self.pair(1)).succeeded)
            #expect(try bench.deploy(Self.pair(2)).succeeded)
            _ = try bench.takeChanges()
            let tls = "\(bench.root)/srv/tls"
            let files = FileManager.default
            let folder = try files.destinationOfSymbolicLink(atPath: "\(tls)/.current")
            try files.removeItem(atPath: "\(tls)/\(link)")
            if link == ".current" {
                try bench.write("half", to: "srv/tls/\(folder)/origin.key")
                try files.removeItem(atPath: "\(tls)/.used")
            }
            #expect(try bench.deploy(Self.pair(2)).succeeded)
            #expect(try bench.takeChanges().contains { $0.contains("/restart") })
            #expect(try bench.content("srv/tls/origin.key") == Self.part("PRIVATE KEY", "key2"))
            #expect(
                try bench.content("srv/tls/origin.pem") == Self.part("CERTIFICATE", "certificate2"))
        }
    }

    /// The earlier one may be revoked by now.
    @Test func aReleaseThatComesBackHasTheNewCertificate() throws {
        try DeployBench.with { bench in
            #expect(try bench.deploy(Self.pair(1)).succeeded)
            try bench.release(api: "example/api:2")
            try bench.write("example/api:2", to: "docker/unhealthy")
            let job = try bench.deploy(Self.pair(2))
            #expect(
                job.output.hasSuffix(
                    "::error::web does not become healthy; the release before runs again\n"))
            #expect(try bench.takeChanges().contains { $0.contains("/restart") })
            #expect(try bench.content("srv/tls/origin.key") == Self.part("PRIVATE KEY", "key2"))
            #expect(try bench.inspect("web-api-1", "{{.Config.Image}}") == "example/api:1")
        }
    }

    @Test(arguments: ["", "-----BEGIN CERTIFICATE-----\nx\n", "other"])
    func aCertificateThatIsNotThereIsNamed(value: String) throws {
        try DeployBench.with { bench in
            let job = try bench.deploy(["LAUNCH_ORIGIN_CERTIFICATE": value])
            #expect(!job.succeeded)
            #expect(
                job.output == "::error::the origin certificate is not in GitHub's secrets: "
                    + "converge puts it there\n")
            #expect(try bench.takeChanges() == [])
        }
    }

    @Test func whoHasNoneKeepsWhatIsTheirs() throws {
        try DeployBench.with { bench in
            let files = FileManager.default
            let tls = "\(bench.root)/srv/tls"
            #expect(try bench.deploy(Self.pair(1)).succeeded)
            #expect(try bench.deploy().succeeded)
            #expect(!files.fileExists(atPath: tls))
            try files.createDirectory(atPath: tls, withIntermediateDirectories: true)
            try bench.write("theirs", to: "srv/tls/own.pem")
            #expect(try bench.deploy().succeeded)
            #expect(try bench.deploy(Self.pair(1)).succeeded)
            #expect(try bench.deploy().succeeded)
            #expect(try files.contentsOfDirectory(atPath: tls) == ["own.pem"])
        }
    }

    @Test func theReleaseBeforeIsKeptAndOlderOnesGo() throws {
        try DeployBench.with { bench in
            var names: [String] = []
            for version in 1...3 {
                try bench.release(api: "example/api:\(version)")
                #expect(try bench.deploy().succeeded)
                names.append(try bench.release("current"))
            }
            #expect(try bench.release("previous") == names[1])
            let kept = try FileManager.default.contentsOfDirectory(
                atPath: "\(bench.root)/srv/releases")
            let releases = names.suffix(2).flatMap { [$0, "\($0).images"] }
            #expect(Set(kept) == Set(releases + ["current", "previous"]))
            let images = try bench.takeChanges().filter { $0.hasPrefix("DELETE /images") }
            #expect(images.count == 1, "the first release's alone")
        }
    }
}
