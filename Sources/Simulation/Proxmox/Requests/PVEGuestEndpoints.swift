/// The methods of guests.
extension PVEEndpoint {
    static let qemu: [PVEEndpoint] =
        common(.qemu) + [
            PVEEndpoint("GET /nodes/{node}/qemu", ["full": .boolean]) { $0.listQemu($1) },
            PVEEndpoint("POST /nodes/{node}/qemu", .qemuCreate, needs: "/vms/{vmid} VM.Allocate") {
                try $0.createQemu($1)
            },
            PVEEndpoint("PUT \(one(.qemu))/config", .qemuUpdate) { try $0.changeConfig($1) },
            PVEEndpoint(
                "POST \(one(.qemu))/config",
                .qemuUpdate + [
                    "background_delay": .integer(1...30),
                    "import-working-storage": .format(.storageID),
                ]
            ) { try $0.changeConfigInBackground($1) },
            PVEEndpoint(
                "PUT \(one(.qemu))/resize", resize(PVESchema.qemuDisks) + ["skiplock": .boolean],
                needs: "/vms/{vmid} VM.Config.Disk"
            ) { try $0.resize($1) },
            PVEEndpoint(
                "POST \(one(.qemu))/move_disk",
                move("disk", PVESchema.qemuDisks) + ["format": .one(of: "raw", "qcow2", "vmdk")],
                needs: "/vms/{vmid} VM.Config.Disk"
            ) { try $0.reassign($1) },
            PVEEndpoint(
                "DELETE \(one(.qemu))",
                [
                    "destroy-unreferenced-disks": .boolean, "purge": .boolean, "skiplock": .boolean,
                ], needs: "/vms/{vmid} VM.Allocate"
            ) { try $0.destroyGuest($1) },
            power(
                .qemu, "start",
                [
                    "force-cpu": .text, "machine": .text, "migratedfrom": .format(.node),
                    "migration_network": .text, "migration_type": .one(of: "secure", "insecure"),
                    "nets-host-mtu": .text.since(9, 1), "skiplock": .boolean,
                    "stateuri": .text(atMost: 128), "targetstorage": .text,
                    "timeout": .integer(0...), "with-conntrack-state": .boolean.since(9, 0),
                ]
            ) { try $0.startGuest($1) },
            power(
                .qemu, "stop",
                [
                    "keepActive": .boolean, "migratedfrom": .format(.node),
                    "overrule-shutdown": .boolean, "skiplock": .boolean, "timeout": .integer(0...),
                ]
            ) { try $0.stopGuest($1) },
            power(
                .qemu, "shutdown",
                [
                    "forceStop": .boolean, "keepActive": .boolean, "skiplock": .boolean,
                    "timeout": .integer(0...),
                ]
            ) { try $0.stopGuest($1) },
            PVEEndpoint("POST \(one(.qemu))/agent/ping") { try $0.pingAgent($1) },
            PVEEndpoint("GET \(one(.qemu))/agent/network-get-interfaces") {
                try $0.agentInterfaces($1)
            },
            PVEEndpoint(
                "GET \(one(.qemu))/agent/file-read",
                [
                    "count": .integer(1...16_777_216).since(9, 2), "decode": .boolean.since(9, 2),
                    "file": .text.required, "offset": .integer(0...).since(9, 2),
                ]
            ) { try $0.readFileByAgent($1) },
            PVEEndpoint(
                "POST \(one(.qemu))/agent/exec",
                ["command": .array.required, "input-data": .text(atMost: 65536)], unsimulated),
            PVEEndpoint(
                "POST \(one(.qemu))/agent/file-write",
                [
                    "content": .text(atMost: 61440).required, "encode": .boolean,
                    "file": .text.required,
                ], unsimulated),
            PVEEndpoint(
                "POST \(one(.qemu))/clone",
                clone + ["name": .format(.dnsName), "format": .one(of: "raw", "qcow2", "vmdk")],
                unsimulated),
        ]

    static let lxc: [PVEEndpoint] =
        common(.lxc) + [
            PVEEndpoint("GET /nodes/{node}/lxc") { $0.listLxc($1) },
            PVEEndpoint("POST /nodes/{node}/lxc", .lxcCreate, needs: "/vms/{vmid} VM.Allocate") {
                try $0.createLxc($1)
            },
            PVEEndpoint("PUT \(one(.lxc))/config", .lxcUpdate) { try $0.changeConfig($1) },
            PVEEndpoint(
                "PUT \(one(.lxc))/resize", resize(PVESchema.lxcVolumes),
                needs: "/vms/{vmid} VM.Config.Disk"
            ) {
                try $0.require("VM.Config.Options", on: "/vms/\($1.vmid)")
                return try $0.resize($1)
            },
            PVEEndpoint(
                "POST \(one(.lxc))/move_volume", move("volume", PVESchema.lxcVolumes),
                needs: "/vms/{vmid} VM.Config.Disk"
            ) { try $0.reassign($1) },
            PVEEndpoint(
                "DELETE \(one(.lxc))",
                ["destroy-unreferenced-disks": .boolean, "force": .boolean, "purge": .boolean],
                needs: "/vms/{vmid} VM.Allocate"
            ) { try $0.destroyGuest($1) },
            PVEEndpoint("GET \(one(.lxc))/interfaces", needs: "/vms/{vmid} VM.Audit") {
                try $0.showInterfaces($1)
            },
            power(.lxc, "start", ["debug": .boolean, "skiplock": .boolean]) {
                try $0.startGuest($1)
            },
            power(.lxc, "stop", ["overrule-shutdown": .boolean, "skiplock": .boolean]) {
                try $0.stopGuest($1)
            },
            power(.lxc, "shutdown", ["forceStop": .boolean, "timeout": .integer(0...)]) {
                try $0.stopGuest($1)
            },
            PVEEndpoint(
                "POST \(one(.lxc))/clone", clone + ["hostname": .format(.dnsName)], unsimulated),
        ]

    static let firewall: [PVEEndpoint] = firewall(.qemu) + firewall(.lxc)

    private static func one(_ kind: PVEGuest.Kind) -> String {
        "/nodes/{node}/\(kind.rawValue)/{vmid}"
    }

    private static func power(
        _ kind: PVEGuest.Kind, _ verb: String, _ parameters: PVESchema, _ action: @escaping Action
    ) -> PVEEndpoint {
        PVEEndpoint(
            "POST \(one(kind))/status/\(verb)", parameters, needs: "/vms/{vmid} VM.PowerMgmt",
            action)
    }

    private static func common(_ kind: PVEGuest.Kind) -> [PVEEndpoint] {
        [
            PVEEndpoint(
                "GET \(one(kind))/config",
                ["current": .boolean, "snapshot": .format(.configID).atMost(40)],
                needs: "/vms/{vmid} VM.Audit"
            ) { try $0.showConfig($1) },
            PVEEndpoint("GET \(one(kind))/pending", needs: "/vms/{vmid} VM.Audit") {
                try $0.showPending($1)
            },
            PVEEndpoint("GET \(one(kind))/status/current", needs: "/vms/{vmid} VM.Audit") {
                try $0.showStatus($1)
            },
            power(kind, "reboot", ["timeout": .integer(0...)]) { try $0.rebootGuest($1) },
            PVEEndpoint(
                "POST \(one(kind))/snapshot",
                snapshot + (kind == .qemu ? ["vmstate": .boolean] : [:]), unsimulated),
        ]
    }

    private static let snapshot: PVESchema = [
        "snapname": .format(.configID).atMost(40).required, "description": .text,
    ]

    private static func resize(_ disks: [String]) -> PVESchema {
        [
            "digest": .text(atMost: 40), "disk": .one(of: disks).required,
            "size": .text(matching: "\\+?\\d+(?:\\.\\d+)?[KMGT]?").required,
        ]
    }

    private static func move(_ name: String, _ disks: [String]) -> PVESchema {
        let names = disks + (0...255).map { "unused\($0)" }
        return [
            name: .one(of: names).required, "target-\(name)": .one(of: names), "bwlimit": .number,
            "delete": .boolean, "digest": .text(atMost: 40), "storage": .format(.storageID),
            "target-digest": .text(atMost: 40), "target-vmid": .vmid,
        ]
    }

    private static let clone: PVESchema = [
        "newid": .vmid.required, "bwlimit": .number, "description": .text, "full": .boolean,
        "pool": .format(.poolID), "snapname": .format(.configID).atMost(40),
        "storage": .format(.storageID), "target": .format(.node),
    ]

    private static func firewall(_ kind: PVEGuest.Kind) -> [PVEEndpoint] {
        let base = "\(one(kind))/firewall"
        let (read, write) = ("/vms/{vmid} VM.Audit", "/vms/{vmid} VM.Config.Network")
        let digest: PVESchema = ["digest": .text(atMost: 64)]
        return [
            PVEEndpoint("GET \(base)/options", needs: read) { try $0.showFirewallOptions($1) },
            PVEEndpoint("PUT \(base)/options", .firewallOptions, needs: write) {
                try $0.changeFirewallOptions($1)
            },
            PVEEndpoint("GET \(base)/rules", needs: read) { try $0.listRules($1) },
            PVEEndpoint("POST \(base)/rules", .newRule, needs: write) { try $0.addRule($1) },
            PVEEndpoint("GET \(base)/rules/{pos}", needs: read) { try $0.showRule($1) },
            PVEEndpoint("PUT \(base)/rules/{pos}", .changedRule, needs: write) {
                try $0.changeRule($1)
            },
            PVEEndpoint("DELETE \(base)/rules/{pos}", digest, needs: write) {
                try $0.deleteRule($1)
            },
            PVEEndpoint("GET \(base)/ipset", needs: read) { try $0.listSets($1) },
            PVEEndpoint("POST \(base)/ipset", .newSet, needs: write) { try $0.createSet($1) },
            PVEEndpoint("GET \(base)/ipset/{name}", needs: read) { try $0.listEntries($1) },
            PVEEndpoint("POST \(base)/ipset/{name}", .newSetEntry, needs: write) {
                try $0.addEntry($1)
            },
            PVEEndpoint("DELETE \(base)/ipset/{name}", ["force": .boolean], needs: write) {
                try $0.deleteSet($1)
            },
            PVEEndpoint("DELETE \(base)/ipset/{name}/{cidr}", digest, needs: write) {
                try $0.deleteEntry($1)
            },
        ]
    }
}
