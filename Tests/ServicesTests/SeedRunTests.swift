import Foundation
import Resources
import Testing
import TestSupport

@testable import Services

/// Runs a container's seed and the bootstrap script it leaves in a scratch root, where commands
/// that would change the machine only write down that they were called.
@Suite struct SeedRunTests {
    private let seed = Seed(
        for: ServiceSpec(
            name: "job", target: .proxmox, guest: .lxc, data: DataVolume(gibibytes: 5)),
        in: ProjectSpec(project: "sample", repository: "octo/services"))

    /// Stands for every such command, and knows by its name which one it is.
    private let standIn = """
        #!/bin/sh
        command=$(basename "$0")
        case "$command" in
            uname) echo x86_64; exit ;;
            dpkg) echo amd64; exit ;;
            id) test -e "$ROOT/user"; exit ;;
            docker) test -e "$ROOT/docker"; exit ;;
            install) mkdir -p "$ROOT/srv/job" ;;
            useradd) : > "$ROOT/user" ;;
            systemctl) [ "$*" != "enable --now docker.service" ] || : > "$ROOT/docker" ;;
            sha256sum) cat > "$ROOT/expected-digest" ;;
            curl)
                mkdir -p "$ROOT/archive/bin"
                printf '#!/bin/sh\\n' > "$ROOT/archive/bin/installdependencies.sh"
                printf '#!/bin/sh\\nenv | grep ^ACTIONS_ | sort > "$ROOT/given"; : > .runner\\n' \\
                    > "$ROOT/archive/config.sh"
                chmod +x "$ROOT/archive/config.sh" "$ROOT/archive/bin/installdependencies.sh"
                tar -czf "$ROOT/var/tmp/actions-runner.tar.gz" -C "$ROOT/archive" . ;;
            runuser) shift 3; "$@"; exit ;;
            mountpoint) exit "${MOUNTED:-0}" ;;
        esac
        echo "$command $*" >> "$ROOT/log"
        """

    private let standIns = [
        "apt-get", "chown", "curl", "docker", "dpkg", "id", "install", "mountpoint", "runuser",
        "sha256sum", "systemctl", "uname", "useradd", "usermod",
    ]

    private func prepare(_ root: String) throws {
        let disk = FileManager.default
        for folder in ["bin", "etc", "etc/apt/sources.list.d", "opt", "srv", "var/tmp"] {
            try disk.createDirectory(
                atPath: "\(root)/\(folder)", withIntermediateDirectories: true)
        }
        for name in standIns {
            try standIn.write(toFile: "\(root)/bin/\(name)", atomically: false, encoding: .utf8)
            try disk.setAttributes(
                [.posixPermissions: 0o755], ofItemAtPath: "\(root)/bin/\(name)")
        }
        try "ID=debian\nVERSION_CODENAME=bookworm\n".write(
            toFile: "\(root)/etc/os-release", atomically: false, encoding: .utf8)
    }

    /// The seed with its token, and every path moved into `root`.
    private func script(in root: String) -> String {
        var text = ""
        if case .secret(let secret) = seed.containerScript.resolving({
            if case .ephemeral = $0 { .secret(Secret("AAA3TOKEN")) } else { nil }
        }) {
            text = secret.revealed
        }
        for folder in ["etc", "opt", "srv", "usr/local", "var/tmp", "home"] {
            text = text.replacing(" /\(folder)/", with: " \(root)/\(folder)/")
                .replacing("=/\(folder)/", with: "=\(root)/\(folder)/")
        }
        return text
    }

    private func run(_ file: String, in root: String, mounted: Bool = true) throws -> String? {
        try ExternalTool("env").complaint([
            "-i", "ROOT=\(root)", "MOUNTED=\(mounted ? 0 : 1)", "PATH=\(root)/bin:/usr/bin:/bin",
            "sh", file,
        ])
    }

    private func content(_ path: String) throws -> String {
        try String(contentsOfFile: path, encoding: .utf8)
    }

    @Test func aFreshMachineBecomesARunnerAndStaysOne() throws {
        try PackageFiles.withTemporaryFolder { root in
            try prepare(root)
            try script(in: root).write(
                toFile: "\(root)/seed.sh", atomically: false, encoding: .utf8)
            #expect(try run("\(root)/seed.sh", in: root) == nil)
            let settings = "\(root)/etc/launch/runner.env"
            let mode = try FileManager.default.attributesOfItem(atPath: settings)
            #expect(mode[.posixPermissions] as? Int == 0o600)

            let bootstrap = "\(root)/usr/local/sbin/launch-bootstrap"
            #expect(try run(bootstrap, in: root) == nil)
            #expect(
                try content("\(root)/given") == """
                    ACTIONS_RUNNER_INPUT_LABELS=job,production
                    ACTIONS_RUNNER_INPUT_NAME=launch-sample-job
                    ACTIONS_RUNNER_INPUT_TOKEN=AAA3TOKEN
                    ACTIONS_RUNNER_INPUT_URL=https://github.com/octo/services

                    """)
            #expect(!FileManager.default.fileExists(atPath: settings))
            #expect(
                try content("\(root)/etc/apt/sources.list.d/docker.list") == """
                    deb [arch=amd64 signed-by=\(root)/etc/apt/keyrings/docker.asc] \
                    https://download.docker.com/linux/debian bookworm stable

                    """)
            #expect(
                try content("\(root)/expected-digest")
                    == "\(RunnerRelease.pinned.x64)  \(root)/var/tmp/actions-runner.tar.gz\n")
            #expect(try content("\(root)/log").contains("docker-compose-plugin"))

            try FileManager.default.removeItem(atPath: "\(root)/log")
            #expect(try run(bootstrap, in: root) == nil)
            #expect(
                try content("\(root)/log") == """
                    install -d -o runner -g runner \(root)/srv/job
                    usermod -aG docker runner
                    systemctl enable --now launch-runner.service

                    """)
        }
    }

    @Test func withoutItsDataVolumeAServiceIsNotStarted() throws {
        try PackageFiles.withTemporaryFolder { root in
            try prepare(root)
            try script(in: root).write(
                toFile: "\(root)/seed.sh", atomically: false, encoding: .utf8)
            #expect(try run("\(root)/seed.sh", in: root) == nil)
            let complaint = try run(
                "\(root)/usr/local/sbin/launch-bootstrap", in: root, mounted: false)
            #expect(complaint?.hasSuffix("launch: \(root)/srv/job/data is not mounted\n") == true)
            #expect(FileManager.default.fileExists(atPath: "\(root)/etc/launch/runner.env"))
        }
    }
}
