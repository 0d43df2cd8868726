import Resources

extension Seed {
    /// `#cloud-config` and one JSON document, which is YAML without any trap of quoting.
    ///
    /// <https://cloudinit.readthedocs.io/en/latest/reference/modules.html>
    func cloudConfig(_ values: BootValues) -> String {
        var document: [String: Value] = [
            "hostname": .string(service.name),
            "disable_root": true,
            "ssh_pwauth": false,
            "users": [["name": "runner", "shell": "/bin/bash", "lock_passwd": true]],
            "write_files": .list(files(values).map(\.cloudConfig)),
            "runcmd": [
                ["systemctl", "daemon-reload"],
                ["systemctl", "restart", "systemd-journald.service"],
                ["systemctl", "enable", "--now", "launch-bootstrap.service"],
            ],
        ]
        if service.target == .aws {
            document["bootcmd"] = [["sh", "-c", .string(anotherChance)]]
        }
        return "#cloud-config\n\(Value.object(document).jsonText(pretty: true))\n"
    }

    /// Has an EC2 instance without a runner follow its user data at every boot, as it is then.
    ///
    /// An instance keeps its id when it is stopped and its user data changed, so cloud-init would
    /// leave out what runs once for each instance. This runs at every boot, before the rest and
    /// out of the user data just fetched, and forgets that what the seed uses has run. Where
    /// cloud-init keeps that:
    /// <https://cloudinit.readthedocs.io/en/latest/howto/rerun_cloud_init.html>
    var anotherChance: String {
        let isDone =
            service.runnerLife == .ephemeral
            ? isSeedUsed : "[ -e /opt/actions-runner/.runner ]"
        return """
            \(isDone) || \
            rm -f /var/lib/cloud/instance/sem/config_write_files* \
            /var/lib/cloud/instance/sem/config_runcmd* \
            /var/lib/cloud/instance/sem/config_scripts_user*
            """
    }
}

extension SeedFile {
    fileprivate var cloudConfig: Value {
        [
            "path": .string(path), "permissions": .string(mode.rawValue),
            "content": .string(content),
        ]
    }
}
