import Resources

extension Seed {
    /// `#cloud-config` and one JSON document, which is YAML without any trap of quoting.
    ///
    /// <https://cloudinit.readthedocs.io/en/latest/reference/modules.html>
    func cloudConfig(_ values: BootValues) -> String {
        let document: Value = [
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
        return "#cloud-config\n\(document.jsonText(pretty: true))\n"
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
