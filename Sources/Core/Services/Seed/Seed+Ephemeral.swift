/// What is different on a machine whose runner takes one job and registers anew.
///
/// The token for that is left by the job's first step, so no credential that makes tokens is ever
/// on the machine.
extension Seed {
    static let ephemeralFolder = "/opt/ephemeral-runner"

    /// Where a job leaves the token with which the runner registers after it.
    package static let nextToken = "\(ephemeralFolder)/.next-token"

    static let ephemeralScript = "/usr/local/lib/launch-runner"

    /// Bears the digest of what the machine was last given to register its runner with, so that a
    /// restart does not take an old token again.
    private static let marker = "/etc/launch/registered"

    /// The files by which the runner knows of its registration, and what it is to forget.
    private static let registration = ".runner .credentials .credentials_rsaparams"

    /// A file that is another one with every token. User data is fetched anew at every boot, and
    /// lies there before anything of it is followed; a Proxmox guest has its settings only while
    /// they are new.
    private var tokenBearer: String {
        service.target == .aws
            ? "/var/lib/cloud/instance/user-data.txt" : "/etc/launch/runner.env"
    }

    /// A shell condition: the user data of this boot has already made a runner.
    var isSeedUsed: String {
        "[ \"$(sha256sum < \(tokenBearer))\" = \"$(cat \(Self.marker) 2>/dev/null)\" ]"
    }

    /// A runner that stayed, from a seed before this one, goes: a later seed for one that stays
    /// must not find it.
    var ephemeralRegistrationStep: BootstrapStep {
        BootstrapStep(
            "runner_registration",
            """
            if [ -s /etc/launch/runner.env ] && ! \(isSeedUsed); then
                systemctl stop launch-runner.service
                rm -rf /opt/actions-runner
                set -a
                . /etc/launch/runner.env
                set +a
                (cd "$runner" && rm -f \(Self.registration) .next-token && HOME=/home/runner \\
                    runuser -u runner -- ./config.sh --unattended --replace --ephemeral --work _work)
                sha256sum < \(tokenBearer) > \(Self.marker)
            fi
            [ -e \(Self.marker) ] || fail "there is no registration token"
            rm -f /etc/launch/runner.env
            """)
    }

    /// What the unit runs, again and again: it ends after each job. Where a token lies, a job has
    /// been taken, and the registration before is used up even if the runner did not see the end.
    /// A token is an hour old at most; without one the script waits, and is started anew now and
    /// then so that a changed unit gets its turn.
    var ephemeralLife: String {
        """
        #!/bin/sh
        # Runs the runner for one job. Before, registers it with the token that a job has left.
        set -eu
        next=\(Self.nextToken)
        cd \(Self.ephemeralFolder)

        register() (
            rm -f \(Self.registration)
            ACTIONS_RUNNER_INPUT_TOKEN=$(cat "$next")
            export ACTIONS_RUNNER_INPUT_TOKEN
        \(exportedSettings)
            ./config.sh --unattended --replace --ephemeral --work _work
        )

        waited=0
        until [ -e .runner ] || [ -s "$next" ]; do
            [ "$waited" -lt 300 ] || exit 0
            sleep 5
            waited=$((waited + 5))
        done
        if [ -s "$next" ]; then
            if [ -n "$(find "$next" -mmin +60)" ]; then
                echo "the token for the next registration has expired"
                rm -f \(Self.registration)
            elif ! register; then
                sleep 60
                exit 1
            fi
            rm -f "$next"
        fi
        if [ -e .runner ]; then
            ./run.sh || :
            [ -s "$next" ] || [ ! -e .runner ] || sleep 60
        fi
        """
    }

    /// The runner's settings but for the token.
    private var exportedSettings: String {
        runnerSettings(token: "").split(separator: "\n").filter { !$0.contains("_TOKEN=") }
            .map { "    export \($0)" }.joined(separator: "\n")
    }

    /// What a job has left running or lying about goes before the next one; containers are
    /// Docker's and stay.
    static let ephemeralUnit = """
        [Unit]
        Description=GitHub Actions runner, registered anew for each job
        Wants=network-online.target
        After=network-online.target docker.service

        [Service]
        User=runner
        WorkingDirectory=\(ephemeralFolder)
        ExecStartPre=+/bin/rm -rf \(ephemeralFolder)/_work
        ExecStart=/bin/sh \(ephemeralScript)
        Restart=always
        RestartSec=5
        TimeoutStopSec=5min

        [Install]
        WantedBy=multi-user.target
        """
}
