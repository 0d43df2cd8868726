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
    func files(token: String) -> [SeedFile] {
        [
            SeedFile(
                "/etc/docker/daemon.json", .plain,
                #"{"live-restore": true, "log-driver": "local"}"#),
            SeedFile("/etc/apt/keyrings/docker.asc", .plain, DockerSigningKey.armoured),
            SeedFile("/etc/launch/runner.env", .secret, runnerSettings(token: token)),
            SeedFile("/usr/local/sbin/launch-bootstrap", .script, bootstrapScript),
            SeedFile("/etc/systemd/system/launch-bootstrap.service", .plain, Self.bootstrapUnit),
            SeedFile("/etc/systemd/system/launch-runner.service", .plain, Self.runnerUnit),
        ]
    }

    /// The options of the runner's `config.sh`, which reads `--name` from
    /// `ACTIONS_RUNNER_INPUT_NAME`: so the token is never on a command line.
    private func runnerSettings(token: String) -> String {
        """
        ACTIONS_RUNNER_INPUT_URL=https://github.com/\(project.repository ?? "")
        ACTIONS_RUNNER_INPUT_TOKEN=\(token)
        ACTIONS_RUNNER_INPUT_NAME=\(runnerName)
        ACTIONS_RUNNER_INPUT_LABELS=\(service.name),\(service.environment)
        """
    }

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
