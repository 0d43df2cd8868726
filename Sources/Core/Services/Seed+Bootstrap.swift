extension Seed {
    /// Makes the machine a runner of its service. It runs at every boot; each step skips what is
    /// done, and a failed one fails the unit, which tries again.
    var bootstrapScript: String {
        let steps = [
            "docker",
            service.data == nil ? nil : "data",
            "runner_files",
            "runner_registration",
        ]
        return """
            #!/bin/sh
            # Makes this machine a runner of \(service.name). Safe to run again.
            set -eu
            export DEBIAN_FRONTEND=noninteractive
            runner=/opt/actions-runner
            service=/srv/\(service.name)

            say() { echo "launch: $*"; }
            fail() { say "$*" >&2; exit 1; }
            apt() { apt-get -q -y -o DPkg::Lock::Timeout=600 "$@"; }

            \(dockerStep)

            \(service.data == nil ? "" : dataStep + "\n\n")\(runnerFilesStep)

            \(runnerRegistrationStep)

            id runner >/dev/null 2>&1 || useradd --create-home --shell /bin/bash runner
            install -d -o runner -g runner "$service"
            \(steps.compactMap { $0 }.map { "step_\($0)" }.joined(separator: "\n"))
            systemctl enable --now launch-runner.service
            rm -f /etc/launch/runner.env
            : > /etc/launch/bootstrapped
            say "ready"
            """
    }

    /// <https://docs.docker.com/engine/install/debian/>
    private var dockerStep: String {
        let isVirtualMachine = service.target == .proxmox && !runsInContainer
        let first = ["ca-certificates", "curl"] + (isVirtualMachine ? ["qemu-guest-agent"] : [])
        return """
            step_docker() {
                if ! docker info >/dev/null 2>&1; then
                    say "installing Docker"
                    apt update
                    apt install \(first.joined(separator: " "))
                    \(isVirtualMachine ? "systemctl start qemu-guest-agent.service || true" : ":")
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
            }
            """
    }

    /// Archives are unpacked beside their place and moved in when complete.
    private var runnerFilesStep: String {
        """
        step_runner_files() {
            [ -x "$runner/config.sh" ] && return
            case "$(uname -m)" in
                x86_64) machine=x64 digest=\(runner.x64) ;;
                aarch64) machine=arm64 digest=\(runner.arm64) ;;
                *) fail "there is no runner for $(uname -m)" ;;
            esac
            say "installing the runner"
            archive=/var/tmp/actions-runner.tar.gz
            version=\(runner.version)
            curl -fsSL --retry 5 --retry-connrefused -o "$archive" \\
                "https://github.com/actions/runner/releases/download/v$version/actions-runner-linux-$machine-$version.tar.gz"
            echo "$digest  $archive" | sha256sum -c - || fail "the runner's archive is not the one expected"
            rm -rf "$runner.new"
            mkdir -p "$runner.new"
            tar -xzf "$archive" -C "$runner.new"
            "$runner.new/bin/installdependencies.sh"
            chown -R runner:runner "$runner.new"
            mv "$runner.new" "$runner"
            rm -f "$archive"
        }
        """
    }

    private var runnerRegistrationStep: String {
        """
        step_runner_registration() {
            [ -e "$runner/.runner" ] && return
            [ -s /etc/launch/runner.env ] || fail "there is no registration token"
            say "registering the runner"
            set -a
            . /etc/launch/runner.env
            set +a
            (cd "$runner" && HOME=/home/runner runuser -u runner -- \\
                ./config.sh --unattended --replace --work _work)
        }
        """
    }
}
