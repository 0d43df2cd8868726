/// Every method that the simulated server knows.
extension PVEEndpoint {
    static let all = cluster + nodes + storage + qemu + lxc + firewall

    private static let cluster: [PVEEndpoint] = [
        PVEEndpoint("GET /version") { $0.showVersion($1) },
        PVEEndpoint(
            "GET /cluster/resources", ["type": .one(of: "vm", "storage", "node", "sdn")]
        ) { $0.listResources($1) },
        PVEEndpoint("GET /cluster/nextid", ["vmid": .vmid]) { try $0.nextID($1) },
        PVEEndpoint("GET /cluster/status", needs: "/ Sys.Audit") { $0.showClusterStatus($1) },
        PVEEndpoint("GET /cluster/tasks") { $0.clusterTasks($1) },
        PVEEndpoint(
            "GET /cluster/ha/resources", ["type": .one(of: "ct", "vm")], needs: "/ Sys.Audit"
        ) { $0.listHighlyAvailable($1) },
        PVEEndpoint("GET /cluster/ha/status/current", needs: "/ Sys.Audit") {
            $0.showHighAvailability($1)
        },
        PVEEndpoint("GET /cluster/firewall/options", needs: "/ Sys.Audit") {
            $0.showClusterFirewall($1)
        },
        PVEEndpoint(
            "PUT /cluster/firewall/options", .clusterFirewallOptions, needs: "/ Sys.Modify"
        ) { try $0.changeClusterFirewall($1) },
        PVEEndpoint("GET /access/permissions", ["path": .text, "userid": .text]) {
            $0.showPermissions($1)
        },
        PVEEndpoint("GET /pools", ["poolid": .format(.poolID), "type": .text.requiring("poolid")]) {
            $0.listPools($1)
        },
        PVEEndpoint(
            "POST /pools", ["poolid": .format(.poolID).required, "comment": .text],
            needs: "/pool Pool.Allocate"
        ) { try $0.createPool($1) },
        PVEEndpoint(
            "PUT /pools",
            [
                "poolid": .format(.poolID).required, "comment": .text, "delete": .boolean,
                "allow-move": .boolean, "storage": .text, "vms": .format(.vmidList),
            ], needs: "/pool Pool.Allocate"
        ) { try $0.changePool($1) },
    ]

    private static let nodes: [PVEEndpoint] = [
        PVEEndpoint("GET /nodes") { $0.listNodes($1) },
        PVEEndpoint("GET /nodes/{node}/status", needs: "/nodes/{node} Sys.Audit") {
            $0.showNodeStatus($1)
        },
        PVEEndpoint("GET /nodes/{node}/version") { $0.showVersion($1) },
        PVEEndpoint("GET /nodes/{node}/network", ["type": .text]) { $0.listNetworks($1) },
        PVEEndpoint(
            "GET /nodes/{node}/query-url-metadata",
            ["url": .text(matching: "https?://.*").required, "verify-certificates": .boolean],
            needs: "/nodes/{node} Sys.AccessNetwork"
        ) { try $0.queryURL($1) },
        PVEEndpoint(
            "GET /nodes/{node}/tasks",
            [
                "errors": .boolean, "limit": .integer(0...), "start": .integer(0...),
                "since": .integer, "until": .integer, "statusfilter": .text, "typefilter": .text,
                "userfilter": .text, "source": .one(of: "archive", "active", "all"), "vmid": .vmid,
            ], isPaged: true
        ) { $0.listTasks($1) },
        PVEEndpoint("GET /nodes/{node}/tasks/{upid}/status") { try $0.taskStatus($1) },
        PVEEndpoint(
            "GET /nodes/{node}/tasks/{upid}/log",
            ["download": .boolean, "limit": .integer(0...), "start": .integer(0...)], isPaged: true
        ) { try $0.taskLog($1) },
        PVEEndpoint("DELETE /nodes/{node}/tasks/{upid}") { try $0.stopTask($1) },
    ]

    private static let checksum: PVESchema = [
        "checksum": .text.requiring("checksum-algorithm"),
        "checksum-algorithm": .one(of: "md5", "sha1", "sha224", "sha256", "sha384", "sha512")
            .requiring("checksum"),
        "content": .one(of: "iso", "vztmpl", "import").required,
        "filename": .text(atMost: 255).required,
    ]

    private static let storage: [PVEEndpoint] = [
        PVEEndpoint(
            "GET /nodes/{node}/storage",
            [
                "content": .format(.storageContent), "enabled": .boolean, "format": .boolean,
                "storage": .format(.storageID), "target": .format(.node),
            ]
        ) { $0.listStorages($1) },
        PVEEndpoint(
            "GET /nodes/{node}/storage/{storage}/status",
            needs: "/storage/{storage} Datastore.Audit"
        ) { try $0.storageStatus($1) },
        PVEEndpoint(
            "GET /nodes/{node}/storage/{storage}/content",
            ["content": .format(.storageContent), "vmid": .vmid],
            needs: "/storage/{storage} Datastore.Audit"
        ) { try $0.listContent($1) },
        PVEEndpoint(
            "POST /nodes/{node}/storage/{storage}/content",
            [
                "filename": .text.required, "format": .one(of: "raw", "qcow2", "subvol", "vmdk"),
                "size": .text(matching: "\\d+[MG]?").required, "vmid": .vmid.required,
            ], needs: "/storage/{storage} Datastore.AllocateSpace"
        ) { try $0.allocateVolume($1) },
        PVEEndpoint("GET /nodes/{node}/storage/{storage}/content/{volume}") {
            try $0.showVolume($1)
        },
        PVEEndpoint(
            "DELETE /nodes/{node}/storage/{storage}/content/{volume}", ["delay": .integer(1...30)],
            needs: "/storage/{storage} Datastore.Allocate"
        ) { try $0.deleteVolume($1) },
        PVEEndpoint(
            "POST /nodes/{node}/storage/{storage}/upload",
            checksum + ["tmpfilename": .text(matching: "/var/tmp/pveupload-[0-9a-f]+")],
            needs: "/storage/{storage} Datastore.AllocateTemplate"
        ) { try $0.upload($1) },
        PVEEndpoint(
            "POST /nodes/{node}/storage/{storage}/download-url",
            checksum + [
                "url": .text(matching: "https?://.*").required, "compression": .text,
                "verify-certificates": .boolean,
            ], needs: "/storage/{storage} Datastore.AllocateTemplate"
        ) {
            try $0.require("Sys.AccessNetwork", on: "/nodes/\($1.node)")
            return try $0.download($1)
        },
        PVEEndpoint(
            "POST /nodes/{node}/storage/{storage}/oci-registry-pull",
            [
                "filename": .text(1...255),
                "reference": .text(
                    matching:
                        "(?:[a-zA-Z\\d][a-zA-Z\\d.-]*(?::\\d+)?/)?[a-z\\d]+(?:[._-]+[a-z\\d]+)*"
                        + "(?:/[a-z\\d]+(?:[._-]+[a-z\\d]+)*)*:\\w[\\w.-]{0,127}"
                ).required,
            ], since: PVEVersion(9, 1), unsimulated),
        PVEEndpoint("GET /nodes/{node}/aplinfo") { $0.listTemplates($1) },
        PVEEndpoint(
            "POST /nodes/{node}/aplinfo",
            ["storage": .format(.storageID).required, "template": .text(atMost: 255).required],
            needs: "/storage/{storage} Datastore.AllocateTemplate"
        ) { try $0.fetchTemplate($1) },
    ]

    /// Parameters are checked; the effect is not simulated.
    static let unsimulated: Action = { _, call in
        throw PVEFailure.notImplemented(
            call.endpoint.method, "/" + call.endpoint.path.joined(separator: "/"))
    }
}
