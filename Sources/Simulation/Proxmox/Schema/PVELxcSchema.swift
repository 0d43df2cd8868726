/// Options of containers (`pve-container: src/PVE/LXC/Config.pm`).
extension PVESchema {
    static let lxcOptions: PVESchema = [
        "arch": .one(of: "amd64", "i386", "arm64", "armhf", "riscv32", "riscv64"),
        "cmode": .one(of: "shell", "console", "tty"), "console": .boolean,
        "cores": .integer(1...8192), "cpulimit": .number(0...8192),
        "cpuunits": .integer(0...500_000),
        "debug": .boolean, "description": .text(atMost: 8192),
        "dev[n]": .properties(.lxcDevice).indexed(below: 256),
        "entrypoint": .text(matching: "\(printable)+").since(9, 1),
        "env": .text(matching: "\\w+=\(printable)*(?:\\x00\\w+=\(printable)*)*").since(9, 1),
        "features": .properties(.lxcFeatures), "hookscript": .format(.volumeID),
        "hostname": .format(.dnsName).atMost(255),
        "lock": .one(
            of: "backup", "create", "destroyed", "disk", "fstrim", "migrate", "mounted", "rollback",
            "snapshot", "snapshot-delete"),
        "memory": .integer(16...), "mp[n]": .properties(.lxcMountPoint).indexed(below: 256),
        "nameserver": .format(.ipList), "net[n]": .properties(.lxcNet).indexed(below: 32),
        "onboot": .boolean,
        "ostype": .one(
            of: "debian", "devuan", "ubuntu", "centos", "fedora", "opensuse", "archlinux", "alpine",
            "gentoo", "nixos", "unmanaged"),
        "protection": .boolean, "rootfs": .properties(.lxcRootfs),
        "searchdomain": .format(.dnsNameList), "startup": .format(.startupOrder),
        "swap": .integer(0...), "tags": .format(.tagList), "template": .boolean, "timezone": .text,
        "tty": .integer(0...6), "unprivileged": .boolean,
        "unused[n]": .properties(.unusedVolume).indexed(below: 256),
    ]

    static let lxcCreate: PVESchema =
        lxcOptions + [
            "vmid": .vmid.required, "ostemplate": .text(atMost: 255).required, "bwlimit": .number,
            "force": .boolean, "ha-managed": .boolean.since(9, 1), "ignore-unpack-errors": .boolean,
            "password": .text(5...65536), "pool": .format(.poolID), "restore": .boolean,
            "ssh-public-keys": .text, "start": .boolean, "storage": .format(.storageID),
            "unique": .boolean.requiring("restore"),
        ]

    static let lxcUpdate = lxcOptions + changes

    static let lxcVolumes = ["rootfs"] + (0...255).map { "mp\($0)" }

    /// No control characters except the tab.
    private static let printable = "[^\\x00-\\x08\\x0a-\\x1f\\x7f]"
}

extension PVEPropertySchema {
    static let lxcNet = PVEPropertySchema(
        keys: [
            "name": .text(matching: "[-_.\\w\\d]+").required, "bridge": .format(.bridgeID),
            "firewall": .boolean, "gw": .format(.ipv4), "gw6": .format(.ipv6),
            "host-managed": .boolean.since(9, 1), "hwaddr": .format(.macAddress),
            "ip": .format(.ipv4Config), "ip6": .format(.ipv6Config), "link_down": .boolean,
            "mtu": .integer(64...65535), "rate": .number, "tag": .integer(1...4094),
            "trunks": .text(matching: "\\d+(?:;\\d+)*"), "type": .one(of: "veth"),
        ], leading: ["name", "bridge"])

    static let lxcRootfs = PVEPropertySchema(keys: lxcVolume)
    static let lxcMountPoint = PVEPropertySchema(
        keys: lxcVolume + [
            "mp": .text.required, "backup": .boolean, "keepattrs": .boolean.since(9, 2),
        ], leading: ["mp"])

    static let lxcFeatures = PVEPropertySchema(keys: [
        "force_rw_sys": .boolean, "fuse": .boolean, "keyctl": .boolean, "mknod": .boolean,
        "mount": .text(matching: "[a-zA-Z0-9_; ]+"), "nesting": .boolean,
    ])
    static let lxcDevice = PVEPropertySchema(keys: [
        "path": .text.defaultKey, "deny-write": .boolean, "gid": .integer(0...),
        "uid": .integer(0...), "mode": .text(matching: "0[0-7]{3}"),
    ])
    static let unusedVolume = PVEPropertySchema(keys: [
        "volume": .format(.volumeID).required.defaultKey
    ])

    private static let lxcVolume: PVESchema = [
        "volume": .text.required.defaultKey, "acl": .boolean,
        "idmap": .text(
            matching: "passthrough|[ug]:\\d+:\\d+:[1-9]\\d*(?:;[ug]:\\d+:\\d+:[1-9]\\d*)*"
        )
        .since(9, 2),
        "mountoptions": .text(matching: "(?:\(mountOption))(?:;(?:\(mountOption)))*"),
        "quota": .boolean, "replicate": .boolean, "ro": .boolean, "shared": .boolean,
        "size": .format(.diskSize),
    ]

    private static let mountOption = "discard|lazytime|noatime|nodev|noexec|nosuid"
}
