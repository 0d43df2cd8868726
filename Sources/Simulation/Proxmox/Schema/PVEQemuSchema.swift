/// Options of virtual machines (`qemu-server: src/PVE/QemuServer.pm`).
extension PVESchema {
    /// What create and both config calls take.
    static let qemuOptions = qemuHardware + qemuDevices + qemuSettings + qemuCloudInit

    static let qemuCreate: PVESchema =
        qemuOptions + [
            "vmid": .vmid.required, "archive": .text(atMost: 255), "bwlimit": .integer(0...),
            "force": .boolean.requiring("archive"), "ha-managed": .boolean.since(9, 1),
            "import-working-storage": .format(.storageID), "live-restore": .boolean,
            "pool": .format(.poolID), "start": .boolean,
            "storage": .format(.storageID), "unique": .boolean.requiring("archive"),
        ]

    static let qemuUpdate: PVESchema =
        qemuOptions + changes + [
            "force": .boolean.requiring("delete"), "skiplock": .boolean,
        ]

    /// How config calls unset, revert and guard against a change meanwhile.
    static let changes: PVESchema = [
        "delete": .format(.configIDList), "revert": .format(.configIDList),
        "digest": .text(atMost: 40),
    ]

    static let qemuDisks: [String] =
        (0...3).map { "ide\($0)" } + (0...30).map { "scsi\($0)" } + (0...15).map { "virtio\($0)" }
        + (0...5).map { "sata\($0)" } + ["efidisk0", "tpmstate0"]

    private static let qemuHardware: PVESchema = [
        "acpi": .boolean, "affinity": .text, "allow-ksm": .boolean.since(9, 1), "amd-sev": .text,
        "arch": .one(of: "x86_64", "aarch64"), "args": .text, "balloon": .integer(0...),
        "bios": .one(of: "seabios", "ovmf"), "cores": .integer(1...), "cpu": .text,
        "cpulimit": .number(0...128), "cpuunits": .integer(1...262144), "freeze": .boolean,
        "hookscript": .format(.volumeID), "hotplug": .text,
        "hugepages": .one(of: "any", "2", "1024"), "intel-tdx": .text.since(9, 1),
        "keephugepages": .boolean, "kvm": .boolean,
        "machine": .properties(
            PVEPropertySchema(keys: [
                "type": .text(matching: machineTypes).atMost(40).defaultKey,
                "aw-bits": .number(32...64).since(9, 1), "enable-s3": .boolean.since(8, 4),
                "enable-s4": .boolean.since(8, 4), "viommu": .one(of: "intel", "virtio"),
            ])),
        "memory": .properties(
            PVEPropertySchema(keys: ["current": .integer(16...).required.defaultKey])),
        "numa": .boolean, "shares": .integer(0...50000),
        "smbios1": .properties(PVEPropertySchema(keys: smbios)).atMost(512),
        "smp": .integer(1...), "sockets": .integer(1...), "tdf": .boolean, "vcpus": .integer(1...),
        "vmgenid": .text(matching: "\(uuid)|[01]"),
    ]

    private static let uuid = "[a-fA-F0-9]{8}(?:-[a-fA-F0-9]{4}){3}-[a-fA-F0-9]{12}"
    private static let machineTypes =
        "pc|q35|virt|(?:pc|pc-i440fx|pc-q35|virt)-\\d+(?:\\.\\d+)+(?:\\+pve\\d+)?(?:\\.pxe)?"

    private static let smbios: PVESchema = [
        "uuid": .text(matching: uuid), "base64": .boolean, "family": base64, "manufacturer": base64,
        "product": base64, "serial": base64, "sku": base64, "version": base64,
    ]
    private static let base64 = PVEParameter.text(matching: "[A-Za-z0-9+/]+={0,2}")

    private static let qemuDevices: PVESchema = [
        "audio0": .text, "cdrom": .properties(.ide), "efidisk0": .properties(.efiDisk),
        "hostpci[n]": .text.indexed(below: 16), "ide[n]": .properties(.ide).indexed(below: 4),
        "ivshmem": .text,
        "net[n]": .properties(.qemuNet).indexed(below: 32), "numa[n]": .text.indexed(below: 8),
        "parallel[n]": .text(matching: "/dev/parport\\d+|/dev/usb/lp\\d+").indexed(below: 3),
        "rng0": .properties(
            PVEPropertySchema(keys: [
                "source": .one(of: "/dev/urandom", "/dev/random", "/dev/hwrng").defaultKey.required,
                "max_bytes": .integer, "period": .integer,
            ])),
        "sata[n]": .properties(.sata).indexed(below: 6),
        "scsi[n]": .properties(.scsi).indexed(below: 31),
        "scsihw": .one(
            of: "lsi", "lsi53c810", "virtio-scsi-pci", "virtio-scsi-single", "megasas", "pvscsi"),
        "serial[n]": .text(matching: "/dev/[^,]+|socket").indexed(below: 4),
        "spice_enhancements": .text, "tpmstate0": .properties(.tpmState),
        "unused[n]": .properties(.unusedDrive).indexed(below: 256),
        "usb[n]": .text.indexed(below: 14),
        "vga": .text, "virtio[n]": .properties(.virtio).indexed(below: 16),
        "virtiofs[n]": .text.indexed(below: 10).since(8, 4), "watchdog": .text,
    ]

    private static let qemuSettings: PVESchema = [
        "agent": .properties(
            PVEPropertySchema(keys: [
                "enabled": .boolean.required.defaultKey, "freeze-fs": .boolean.since(9, 2),
                "freeze-fs-on-backup": .boolean, "fstrim_cloned_disks": .boolean,
                "type": .one(of: "virtio", "isa"),
            ])),
        "autostart": .boolean, "boot": .properties(boot),
        "bootdisk": .text(matching: "(?:ide|sata|scsi|virtio)\\d+"),
        "description": .text(atMost: 8192),
        "keyboard": .text, "localtime": .boolean,
        "lock": .one(
            of: "backup", "clone", "create", "migrate", "rollback", "snapshot", "snapshot-delete",
            "suspending", "suspended"),
        "migrate_downtime": .number, "migrate_speed": .integer(0...), "name": .format(.dnsName),
        "onboot": .boolean,
        "ostype": .one(
            of: "other", "wxp", "w2k", "w2k3", "w2k8", "wvista", "win7", "win8", "win10", "win11",
            "l24", "l26", "solaris"),
        "protection": .boolean, "reboot": .boolean, "startdate": .text,
        "startup": .format(.startupOrder), "tablet": .boolean, "tags": .format(.tagList),
        "template": .boolean, "vmstatestorage": .format(.storageID),
    ]

    private static let boot = PVEPropertySchema(keys: [
        "legacy": .text(matching: "[acdn]{1,4}").defaultKey,
        "order": .text(matching: "(?:(?:ide|sata|scsi|virtio|net|usb|hostpci)\\d+;?)*"),
    ])

    private static let qemuCloudInit: PVESchema = [
        "cicustom": .text, "cipassword": .text,
        "citype": .one(of: "configdrive2", "nocloud", "opennebula"), "ciupgrade": .boolean,
        "ciuser": .text,
        "ipconfig[n]": .properties(
            PVEPropertySchema(keys: [
                "ip": .format(.ipv4Config), "ip6": .format(.ipv6Config),
                "gw": .format(.ipv4).requiring("ip"), "gw6": .format(.ipv6).requiring("ip6"),
            ])
        ).indexed(below: 32), "nameserver": .format(.ipList), "searchdomain": .text,
        "sshkeys": .format(.urlEncoded),
    ]
}
