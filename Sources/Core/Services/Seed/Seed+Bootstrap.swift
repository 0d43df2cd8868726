extension Seed {
    /// Makes the machine a runner of its service. It runs at every boot; each step skips what is
    /// done, and a failed one fails the unit, which tries again. What it prints reaches the
    /// console: `launch: stage NAME started`, then `done` or `failed`, and last `launch: ready`. A
    /// Proxmox VM notes the same in `bootLog`, for its console cannot be read from outside.
    var bootstrapScript: String {
        """
        #!/bin/sh
        # Makes this machine a runner of \(service.name). Safe to run again.
        set -eu
        export DEBIAN_FRONTEND=noninteractive
        runner=\(runnerFolder)
        service=/srv/\(service.name)

        \(isVirtualMachine ? Self.notedWords : "say() { echo \"launch: $*\"; }")
        fail() { say "$*" >&2; exit 1; }
        apt() { apt-get -q -y -o DPkg::Lock::Timeout=600 "$@"; }
        stage() {
            name=$1
            trap '\(isVirtualMachine ? "note; " : "")say "stage $name failed"' EXIT
            say "stage $name started"
            "step_$name"
            trap - EXIT
            say "stage $name done"
        }

        \(steps.map(\.body).joined(separator: "\n\n"))

        \(steps.map { "stage \($0.name)" }.joined(separator: "\n"))
        : > /etc/launch/bootstrapped
        say "ready"
        """
    }

    /// A file that the guest agent may read, as root: the words of this boot, or after a failure
    /// the end of the unit's journal, which holds what the failed command said.
    package static let bootLog = "/run/launch/log"

    private static let notedWords = """
        mkdir -p /run/launch
        chmod 700 /run/launch
        say() { echo "launch: $*" | tee -a \(bootLog); }
        note() {
            if journalctl -q -o cat -n 30 -u launch-bootstrap.service > /run/launch/journal; then
                mv /run/launch/journal \(bootLog)
            fi
        }
        """

    private var isVirtualMachine: Bool { service.target == .proxmox && !runsInContainer }

    /// One stage of the script, in the order in which they run.
    private var steps: [BootstrapStep] {
        let all = [
            packagesStep, firewallStep, userStep, dockerStep,
            service.data == nil ? nil : dataStep,
            runnerFilesStep, runnerRegistrationStep, runnerServiceStep,
        ]
        return all.compactMap(\.self)
    }

    private var packagesStep: BootstrapStep {
        let guestAgent = "systemctl start qemu-guest-agent.service || true"
        let packages =
            ["ca-certificates", "curl", "nftables", "unattended-upgrades"]
            + (isVirtualMachine ? ["qemu-guest-agent"] : [])
        return BootstrapStep(
            "packages",
            """
            set -- \(packages.joined(separator: " "))
            installed=$(dpkg-query -Wf '${db:Status-Status}\\n' "$@" 2>/dev/null | grep -cx installed) || :
            if [ "$installed" -ne $# ]; then
                apt update
                apt install "$@"
            \(isVirtualMachine ? "    \(guestAgent)\n" : "")\
            fi
            """)
    }

    /// A container may lack the right to filter; the platform's firewall stands around it.
    private var firewallStep: BootstrapStep {
        let refusal =
            runsInContainer
            ? "say \"this container may not filter; its platform does\"; return"
            : "fail \"the rules of the firewall are refused\""
        return BootstrapStep(
            "firewall",
            """
            nft --check --file \(Self.firewallFile) || { \(refusal); }
            systemctl enable --quiet launch-firewall.service
            systemctl restart launch-firewall.service
            """)
    }

    private var userStep: BootstrapStep {
        BootstrapStep(
            "user",
            """
            id runner >/dev/null 2>&1 || useradd --create-home --shell /bin/bash runner
            install -d -o runner -g runner "$service"
            """)
    }

    /// <https://docs.docker.com/engine/install/debian/>
    private var dockerStep: BootstrapStep {
        BootstrapStep(
            "docker",
            """
            if ! docker info >/dev/null 2>&1; then
                . /etc/os-release
                options="arch=$(dpkg --print-architecture) signed-by=/etc/apt/keyrings/docker.asc"
                echo "deb [$options] https://download.docker.com/linux/$ID $VERSION_CODENAME stable" \\
                    > /etc/apt/sources.list.d/docker.list
                apt update
                apt install docker-ce docker-ce-cli containerd.io \\
                    docker-buildx-plugin docker-compose-plugin
                systemctl enable --now docker.service
                docker info >/dev/null || fail "Docker does not answer"
            fi
            usermod -aG docker runner
            """)
    }

    /// Archives are unpacked beside their place and moved in when complete. The seed has three
    /// words for each processor: its name, the archive's digest and its address.
    private var runnerFilesStep: BootstrapStep {
        BootstrapStep(
            "runner_files",
            """
            [ -x "$runner/config.sh" ] && return
            case "$(uname -m)" in
                x86_64) machine=x64 ;;
                aarch64) machine=arm64 ;;
                *) machine=$(uname -m) ;;
            esac
            offer=$(xargs -n 3 < /etc/launch/runner-archives | grep "^$machine ") ||
                fail "there is no runner for $machine"
            archive=/var/tmp/actions-runner.tar.gz
            digest=${offer#* }
            digest=${digest% *}
            curl -fsSL --retry 5 --retry-connrefused -o "$archive" "${offer##* }"
            echo "$digest  $archive" | sha256sum -c - || fail "the runner's archive is not the one expected"
            rm -rf "$runner.new"
            mkdir -p "$runner.new"
            tar -xzf "$archive" -C "$runner.new"
            "$runner.new/bin/installdependencies.sh"
            chown -R runner:runner "$runner.new"
            mv "$runner.new" "$runner"
            rm -f "$archive"
            """)
    }

    /// The token goes as soon as it has served.
    private var runnerRegistrationStep: BootstrapStep {
        guard service.runnerLife == .persistent else { return ephemeralRegistrationStep }
        return BootstrapStep(
            "runner_registration",
            """
            if [ ! -e "$runner/.runner" ]; then
                [ -s /etc/launch/runner.env ] || fail "there is no registration token"
                set -a
                . /etc/launch/runner.env
                set +a
                (cd "$runner" && HOME=/home/runner runuser -u runner -- \\
                    ./config.sh --unattended --replace --work _work)
            fi
            rm -f /etc/launch/runner.env
            """)
    }

    private var runnerServiceStep: BootstrapStep {
        BootstrapStep("runner_service", "systemctl enable --now launch-runner.service")
    }
}

/// A stage of the bootstrap script: the function `step_NAME`.
struct BootstrapStep {
    let name: String
    /// The function's definition, with helpers of its own before it.
    let body: String

    init(_ name: String, _ commands: String, helpers: String? = nil) {
        self.name = name
        let lines = commands.split(separator: "\n").map { "    \($0)" }.joined(separator: "\n")
        let definition = "step_\(name)() {\n\(lines)\n}"
        body = helpers.map { "\($0)\n\n\(definition)" } ?? definition
    }
}
