/// A file that the seed puts on the machine.
struct SeedFile: Hashable, Sendable {
    enum Mode: String, Sendable {
        case secret = "0600"
        case script = "0700"
        case plain = "0644"
    }

    let path: String
    let mode: Mode
    let content: String

    init(_ path: String, _ mode: Mode, _ content: String) {
        self.path = path
        self.mode = mode
        self.content = content.hasSuffix("\n") ? content : content + "\n"
    }

    /// The folder that the file is in.
    var folder: String {
        path.split(separator: "/").dropLast().map { "/\($0)" }.joined()
    }
}

extension Seed {
    /// Everything that the machine needs before the bootstrap script can run.
    func files(_ values: BootValues) -> [SeedFile] {
        let isEphemeral = service.runnerLife == .ephemeral
        return [
            SeedFile("/etc/docker/daemon.json", .plain, Self.dockerSettings),
            SeedFile("/etc/systemd/journald.conf.d/launch.conf", .plain, Self.journalSettings),
            SeedFile("/etc/tmpfiles.d/launch.conf", .plain, tidying),
            SeedFile("/etc/apt/apt.conf.d/52launch", .plain, Self.upgradeSettings),
            SeedFile("/etc/apt/keyrings/docker.asc", .plain, DockerSigningKey.armoured),
            SeedFile("/etc/launch/runner.env", .secret, runnerSettings(token: values.token)),
            SeedFile("/etc/launch/runner-archives", .plain, values.archives),
            SeedFile(Self.firewallFile, .plain, firewallRules),
            SeedFile("/usr/local/sbin/launch-bootstrap", .script, bootstrapScript),
            SeedFile("/etc/systemd/system/launch-bootstrap.service", .plain, Self.bootstrapUnit),
            SeedFile("/etc/systemd/system/launch-firewall.service", .plain, Self.firewallUnit),
            SeedFile(
                "/etc/systemd/system/launch-runner.service", .plain,
                isEphemeral ? Self.ephemeralUnit : Self.runnerUnit),
        ] + (isEphemeral ? [SeedFile(Self.ephemeralScript, .plain, ephemeralLife)] : [])
    }

    /// The options of the runner's `config.sh`, which reads `--name` from
    /// `ACTIONS_RUNNER_INPUT_NAME`: so the token is never on a command line.
    func runnerSettings(token: String) -> String {
        """
        ACTIONS_RUNNER_INPUT_URL=\(project.githubServer)/\(project.repository ?? "")
        ACTIONS_RUNNER_INPUT_TOKEN=\(token)
        ACTIONS_RUNNER_INPUT_NAME=\(runnerName)
        ACTIONS_RUNNER_INPUT_LABELS=\(service.name),\(service.environment)
        """
    }

    /// Containers outlive an upgrade of Docker; each keeps 100 MB of logs.
    private static let dockerSettings = """
        {
          "live-restore": true,
          "log-driver": "local",
          "log-opts": {"max-size": "20m", "max-file": "5"}
        }
        """

    private static let journalSettings = """
        [Journal]
        SystemMaxUse=500M
        """

    /// The runner's own logs, which it never deletes.
    private var tidying: String { "e \(runnerFolder)/_diag - - - 14d" }

    /// Security upgrades alone, daily, without a reboot: a person or a new machine does that.
    /// It replaces the choice of origins that the package brings.
    private static let upgradeSettings = """
        APT::Periodic::Update-Package-Lists "1";
        APT::Periodic::Unattended-Upgrade "1";
        APT::Periodic::AutocleanInterval "7";
        #clear Unattended-Upgrade::Allowed-Origins;
        #clear Unattended-Upgrade::Origins-Pattern;
        Unattended-Upgrade::Origins-Pattern {
            "origin=Debian,codename=${distro_codename}-security,label=Debian-Security";
            "origin=Ubuntu,archive=${distro_codename}-security";
        };
        Unattended-Upgrade::Automatic-Reboot "false";
        """

    /// Closes the ports before the network is up.
    private static let firewallUnit = """
        [Unit]
        Description=Close this machine's ports
        DefaultDependencies=no
        Wants=network-pre.target
        Before=network-pre.target shutdown.target
        Conflicts=shutdown.target

        [Service]
        Type=oneshot
        RemainAfterExit=yes
        ExecStart=/usr/sbin/nft --file /etc/launch/firewall.nft

        [Install]
        WantedBy=sysinit.target
        """

    /// Runs the bootstrap script at every boot, and again while it fails.
    private static let bootstrapUnit = """
        [Unit]
        Description=Prepare this machine for its service
        Wants=network-online.target
        After=network-online.target docker.service
        StartLimitIntervalSec=0

        [Service]
        Type=oneshot
        ExecStart=/usr/local/sbin/launch-bootstrap
        Restart=on-failure
        RestartSec=30
        StandardOutput=journal+console
        StandardError=journal+console

        [Install]
        WantedBy=multi-user.target
        """

    /// Keeps the runner running; a job's own processes outlive a restart.
    private static let runnerUnit = """
        [Unit]
        Description=GitHub Actions runner
        Wants=network-online.target
        After=network-online.target docker.service

        [Service]
        User=runner
        WorkingDirectory=/opt/actions-runner
        ExecStart=/opt/actions-runner/run.sh
        Restart=always
        RestartSec=5
        KillMode=process
        TimeoutStopSec=5min

        [Install]
        WantedBy=multi-user.target
        """
}
