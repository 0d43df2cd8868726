/// Property strings of virtual machines (`qemu-server: src/PVE/QemuServer/Drive.pm`, `Network.pm`).
extension PVEPropertySchema {
    static let ide = PVEPropertySchema(keys: drive + ["model": .text(atMost: 120)])
    static let sata = ide
    static let virtio = PVEPropertySchema(keys: drive + ["iothread": .boolean, "ro": .boolean])
    static let scsi = PVEPropertySchema(
        keys: drive + [
            "iothread": .boolean, "ro": .boolean, "queues": .integer(2...), "scsiblock": .boolean,
            "product": .text(matching: "[A-Za-z0-9\\-_\\s]{0,16}"),
            "vendor": .text(matching: "[A-Za-z0-9\\-_\\s]{0,8}"),
        ])
    static let efiDisk = PVEPropertySchema(
        keys: volume + [
            "efitype": .one(of: "2m", "4m"), "pre-enrolled-keys": .boolean,
            "ms-cert": .one(of: "2011", "2023", "2023w", "2023k").since(9, 1),
        ])
    static let tpmState = PVEPropertySchema(
        keys: volume + ["version": .one(of: "v1.2", "v2.0")])
    static let unusedDrive = PVEPropertySchema(
        keys: ["file": .format(.volumeID).required.defaultKey, "volume": .alias(of: "file")])

    static let qemuNet = PVEPropertySchema(
        keys: [
            "model": .one(of: models).required.defaultKey, "macaddr": .format(.macAddress),
            "bridge": .format(.bridgeID), "firewall": .boolean, "link_down": .boolean,
            "host-tunnel": .boolean.since(9, 2), "mtu": .integer(1...65520),
            "queues": .integer(0...64), "rate": .number(0...10240), "tag": .integer(1...4094),
            "trunks": .text(matching: "\\d+(?:-\\d+)?(?:;\\d+(?:-\\d+)?)*"),
        ] + modelKeys, leading: ["bridge"])

    private static let models = [
        "e1000", "e1000-82540em", "e1000-82544gc", "e1000-82545em", "e1000e", "i82551", "i82557b",
        "i82559er", "ne2k_isa", "ne2k_pci", "pcnet", "rtl8139", "virtio", "vmxnet3",
    ]

    /// `virtio=MAC` says `model=virtio,macaddr=MAC`.
    private static let modelKeys = models.reduce(into: PVESchema()) { schema, model in
        schema = schema + [model: .alias(of: "macaddr").with { $0.keyAlias = "model" }]
    }

    private static let volume: PVESchema = [
        "file": .format(.volumeOrPath).required.defaultKey, "volume": .alias(of: "file"),
        "format": .one(of: "raw", "qcow", "qed", "qcow2", "vmdk", "cloop"),
        "import-from": .format(.volumeOrPath), "size": .format(.diskSize),
    ]

    private static let drive: PVESchema =
        volume + limits + [
            "aio": .one(of: "native", "threads", "io_uring"), "backup": .boolean,
            "cache": .one(of: "none", "writethrough", "writeback", "unsafe", "directsync"),
            "detect_zeroes": .boolean, "discard": .one(of: "ignore", "on"),
            "media": .one(of: "cdrom", "disk"), "replicate": .boolean,
            "rerror": .one(of: "ignore", "report", "stop"),
            "serial": .format(.urlEncoded).atMost(60), "shared": .boolean, "snapshot": .boolean,
            "ssd": .boolean, "werror": .one(of: "enospc", "ignore", "report", "stop"),
            "wwn": .text(matching: "0x[0-9a-fA-F]{16}"),
        ]

    /// Limits of throughput, for reading, writing and both, with their bursts.
    private static let limits = ["", "_rd", "_wr"].reduce(into: PVESchema()) { schema, way in
        schema =
            schema + [
                "bps\(way)": .integer, "bps\(way)_max_length": .integer(1...),
                "iops\(way)": .integer, "iops\(way)_max": .integer,
                "iops\(way)_max_length": .integer(1...), "mbps\(way)": .number,
                "mbps\(way)_max": .number,
            ]
    }
}
