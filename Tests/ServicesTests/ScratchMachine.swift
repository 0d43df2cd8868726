import Foundation
import Resources
import TestSupport

@testable import Services

/// A folder that stands for a machine's root: the seed's files lie in it, with every path moved
/// into it, and commands that would change the machine only write down that they were called.
struct ScratchMachine {
    enum System: String, CaseIterable {
        case ubuntu = "ID=ubuntu\nVERSION_CODENAME=noble\n"
        case debian = "ID=debian\nVERSION_CODENAME=bookworm\n"
    }

    enum Processor: String, CaseIterable {
        case intel = "x86_64"
        case arm = "aarch64"
    }

    let root: String
    private let seed: Seed
    private let processor: Processor

    init(
        _ seed: Seed, _ system: System = .debian, _ processor: Processor = .intel, root: String
    ) throws {
        self.root = root
        self.seed = seed
        self.processor = processor
        for folder in [
            "bin", "dev/disk/by-id", "etc/apt/sources.list.d", "opt", "srv",
            "var/lib/cloud/instance/sem", "var/tmp",
        ] {
            try FileManager.default.createDirectory(
                atPath: path(folder), withIntermediateDirectories: true)
        }
        for name in Self.standIns { try write(Self.standIn, to: "bin/\(name)", mode: 0o755) }
        try write(system.rawValue, to: "etc/os-release")
        try write("", to: "dev/disk/by-id/scsi-0QEMU_QEMU_HARDDISK_drive-scsi1")
        try plant()
    }

    static let values = BootValues(
        token: "AAA3TOKEN",
        archives: "x64 1aaf https://example.com/runner-x64.tar.gz "
            + "arm64 2aaf https://example.com/runner-arm64.tar.gz")

    /// Puts the seed's files where the platform would.
    func plant(_ values: BootValues = Self.values) throws {
        try write(seed.cloudConfig(values), to: "var/lib/cloud/instance/user-data.txt")
        guard seed.runsInContainer else {
            for file in seed.files(values) {
                let mode = Int(file.mode.rawValue, radix: 8) ?? 0
                try write(moved(file.content), to: String(file.path.dropFirst()), mode: mode)
            }
            return
        }
        try write(moved(seed.containerScript(values)), to: "seed.sh")
        try run(path("seed.sh"))
    }

    /// Runs `bootcmd`, as cloud-init does at every boot.
    ///
    /// - Returns: the modules that cloud-init still knows to have run.
    func beginBoot(havingRun modules: [String]) throws -> [String] {
        let notes = "var/lib/cloud/instance/sem"
        for module in modules { try write("", to: "\(notes)/config_\(module)") }
        try write(moved(seed.anotherChance), to: "bootcmd")
        try run(path("bootcmd"))
        return try FileManager.default.contentsOfDirectory(atPath: path(notes)).sorted()
            .map { String($0.dropFirst("config_".count)) }
    }

    /// Runs the bootstrap script, as the unit does at every boot.
    ///
    /// - Returns: whether it succeeded, and what it said of itself.
    @discardableResult
    func boot(_ settings: String...) throws -> (succeeded: Bool, words: [String]) {
        let succeeded = try run(path("usr/local/sbin/launch-bootstrap"), settings)
        let words = try content("output").split(separator: "\n").map(String.init)
        return (succeeded, words.filter { $0.hasPrefix("launch: ") })
    }

    /// Runs what the unit of an ephemeral runner runs.
    func live(_ settings: String...) throws -> Bool {
        try run(path("usr/local/lib/launch-runner"), settings)
    }

    /// Leaves a token, as a job does.
    func leave(token: String, minutesAgo minutes: Double = 0) throws {
        try write(token, to: "opt/ephemeral-runner/.next-token", mode: 0o600)
        try FileManager.default.setAttributes(
            [.modificationDate: Date(timeIntervalSinceNow: -60 * minutes)],
            ofItemAtPath: path("opt/ephemeral-runner/.next-token"))
    }

    @discardableResult
    private func run(_ file: String, _ settings: [String] = []) throws -> Bool {
        let complaint = try ExternalTool("env").complaint(
            [
                "-i", "ROOT=\(root)", "PROCESSOR=\(processor.rawValue)",
                "PATH=\(root)/bin:/usr/bin:/bin",
            ]
                + settings + ["sh", "-c", "sh \"$0\" > \"$ROOT/output\" 2>&1", file])
        return complaint == nil
    }

    /// The changing commands since the last call.
    func takeLog() throws -> String {
        defer { try? FileManager.default.removeItem(atPath: path("log")) }
        return try content("log")
    }

    func path(_ name: String) -> String { "\(root)/\(name)" }

    func has(_ name: String) -> Bool { FileManager.default.fileExists(atPath: path(name)) }

    func mode(_ name: String) throws -> Int? {
        try FileManager.default.attributesOfItem(atPath: path(name))[.posixPermissions] as? Int
    }

    /// A file's text, with the root's paths as the machine would see them.
    func content(_ name: String) throws -> String {
        try String(contentsOfFile: path(name), encoding: .utf8).replacing(root, with: "")
    }

    private func write(_ text: String, to name: String, mode: Int = 0o644) throws {
        let place = URL(fileURLWithPath: path(name))
        try FileManager.default.createDirectory(
            at: place.deletingLastPathComponent(), withIntermediateDirectories: true)
        try text.write(to: place, atomically: false, encoding: .utf8)
        try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: place.path)
    }

    private func moved(_ text: String) -> String {
        ["dev/disk", "etc", "opt", "run", "srv", "usr/local", "var/lib", "var/tmp", "home"]
            .reduce(text.replacing("[ -b ", with: "[ -e ")) { text, folder in
                text.replacing(" /\(folder)/", with: " \(root)/\(folder)/")
                    .replacing("=/\(folder)/", with: "=\(root)/\(folder)/")
            }
    }

    private static let standIns = [
        "apt-get", "blkid", "chown", "curl", "docker", "dpkg", "dpkg-query", "findmnt", "id",
        "install", "journalctl", "lsblk", "mkfs.ext4", "mount", "mountpoint", "nft", "resize2fs",
        "runuser",
        "sha256sum", "sleep", "systemctl", "udevadm", "uname", "useradd", "usermod", "wipefs",
    ]

    /// Stands for every such command, and knows by its name which one it is.
    private static let standIn = #"""
        #!/bin/sh
        command=$(basename "$0")
        case "$command" in
            uname) echo "${MACHINE:-$PROCESSOR}"; exit ;;
            dpkg) echo native; exit ;;
            journalctl) echo "E: the mirror is away"; exit ;;
            dpkg-query)
                shift 2
                [ ! -e "$ROOT/installed" ] || for package; do echo installed; done
                exit ;;
            id) test -e "$ROOT/user"; exit ;;
            docker) test -e "$ROOT/docker"; exit ;;
            nft) exit "${REFUSED:-0}" ;;
            blkid) test -e "$ROOT/formatted" && echo /dev/sdb; exit ;;
            lsblk) [ "$1" = -dno ] && echo disk || echo sdb; exit ;;
            wipefs) echo "$SIGNATURE"; exit ;;
            mountpoint) [ -n "$MOUNTED" ] || test -e "$ROOT/mounted"; exit ;;
            findmnt) echo /dev/sdb; exit ;;
            runuser) shift 3; "$@"; exit ;;
            apt-get)
                [ -z "$OFFLINE" ] || exit 100
                case "$*" in *unattended-upgrades*) : > "$ROOT/installed" ;; esac ;;
            install) mkdir -p "$ROOT/srv/job" ;;
            useradd) : > "$ROOT/user" ;;
            mkfs.ext4) : > "$ROOT/formatted" ;;
            mount) : > "$ROOT/mounted" ;;
            systemctl) [ "$*" != "enable --now docker.service" ] || : > "$ROOT/docker" ;;
            sha256sum)
                [ $# -gt 0 ] || exec /usr/bin/sha256sum
                cat > "$ROOT/expected-digest" ;;
            curl)
                mkdir -p "$ROOT/archive/bin"
                printf '#!/bin/sh\n' > "$ROOT/archive/bin/installdependencies.sh"
                printf '#!/bin/sh\n[ -z "$EXPIRED" ] || exit 1\n' > "$ROOT/archive/config.sh"
                printf 'env | grep ^ACTIONS_ | sort > "$ROOT/given"; : > .runner\n' \
                    >> "$ROOT/archive/config.sh"
                printf 'echo "$*" > "$ROOT/options"\n' >> "$ROOT/archive/config.sh"
                printf '#!/bin/sh\necho run.sh >> "$ROOT/log"\n' > "$ROOT/archive/run.sh"
                printf '[ -n "$DEAF" ] || rm .runner\n' >> "$ROOT/archive/run.sh"
                chmod +x "$ROOT/archive/run.sh" "$ROOT/archive/config.sh" "$ROOT/archive/bin/installdependencies.sh"
                tar -czf "$ROOT/var/tmp/actions-runner.tar.gz" -C "$ROOT/archive" . ;;
        esac
        echo "$command $*" >> "$ROOT/log"
        """#
}
