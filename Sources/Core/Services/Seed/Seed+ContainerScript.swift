extension Seed {
    /// A shell script that only writes files: at that moment there is no network, and init has
    /// not started. Whoever runs it notes when it has come to its end.
    func containerScript(_ values: BootValues) -> String {
        let unit = "/etc/systemd/system/launch-bootstrap.service"
        let wants = "/etc/systemd/system/multi-user.target.wants"
        let writes = files(values).map(\.shellCommands).joined(separator: "\n")
        return """
            #!/bin/sh
            set -eu
            \(writes)
            mkdir -p \(wants)
            ln -sf \(unit) \(wants)/launch-bootstrap.service

            """
    }
}

extension SeedFile {
    fileprivate var shellCommands: String {
        """
        mkdir -p \(folder)
        : > \(path)
        chmod \(mode.rawValue) \(path)
        cat > \(path) <<'LAUNCH_END'
        \(content)LAUNCH_END
        """
    }
}
