import HTTP
import Resources
import SeedImage
import Testing

@testable import Simulation

@Suite struct ProxmoxMachineTests {
    private let vm = "/nodes/pve1/qemu/200"

    @Test func aMachineIsMadeFromACloudImage() throws {
        let bench = try ProxmoxBench()
        try bench.createVM()
        let config = try bench.get(vm + "/config")
        #expect(config["scsi0"] == "local-lvm:vm-200-disk-0,discard=on,size=3584M,ssd=1")
        #expect(config["tags"] == "launch;web")
        #expect(config["memory"] == "2048")
        #expect(config["cores"] == 2)
        #expect(config["digest"]?.string?.count == 40)
        let net = try #require(config["net0"]?.string)
        #expect(net.wholeMatch(of: /virtio=BC:24:11(:[0-9A-F]{2}){3},bridge=vmbr0/) != nil)
    }

    @Test func aFreshGuestIsUnknownToTheClusterForAWhile() throws {
        let bench = try ProxmoxBench()
        try bench.downloadImage()
        bench.send("POST", "/nodes/pve1/qemu", ["vmid": "200", "name": "web", "tags": "launch"])
        let locked = try bench.get("/cluster/resources", ["type": "vm"]).list?.first
        #expect(locked?["lock"] == "create")
        #expect(locked?["status"] == "unknown")
        #expect(locked?["name"] == nil)
        #expect(bench.send("PUT", vm + "/config", ["cores": "1"]).reason == "VM is locked (create)")
        bench.wait(.seconds(10))
        let later = try bench.get("/cluster/resources", ["type": "vm"]).list?.first
        #expect(later?["lock"] == nil)
        #expect(later?["status"] == "stopped")
        #expect(later?["name"] == "web")
        #expect(later?["tags"] == "launch")
    }

    @Test func aTakenIDFailsAtOnce() throws {
        let bench = try ProxmoxBench()
        #expect(try bench.get("/cluster/nextid") == "100")
        #expect(try bench.get("/cluster/nextid") == "100")
        try bench.createVM(100)
        #expect(try bench.get("/cluster/nextid") == "101")
        let response = bench.send("POST", "/nodes/pve2/qemu", ["vmid": "100"])
        #expect(response.status == 500)
        #expect(response.reason.contains("VM 100 already exists on node 'pve1'"))
        let asked = bench.send("GET", "/cluster/nextid", ["vmid": "100"])
        #expect(asked.parameterErrors == ["vmid": "VM 100 already exists"])
    }

    @Test(arguments: [VendorFault.taskFails, .noCapacity])
    func aFailedCreateLeavesNothing(_ fault: VendorFault) throws {
        let bench = try ProxmoxBench()
        let status = try bench.run(
            "POST", "/nodes/pve1/qemu", ["vmid": "200", "scsi0": "local-lvm:8"], fault: fault)
        #expect(status != "OK")
        #expect(bench.proxmox.inventory.isEmpty)
    }

    @Test func aCreateThatFailsMidwayTakesBackItsDisks() throws {
        let bench = try ProxmoxBench()
        let status = try bench.run(
            "POST", "/nodes/pve1/qemu",
            ["vmid": "200", "scsi0": "local-lvm:8", "scsi1": "local-lvm:vm-7-disk-0"])
        #expect(status == "volume 'local-lvm:vm-7-disk-0' does not exist")
        #expect(bench.proxmox.inventory.isEmpty)
        #expect(bench.proxmox.volumes.all.isEmpty)
    }

    @Test func importingNeedsAnImageAndNoSize() throws {
        let bench = try ProxmoxBench()
        let missing = try bench.run(
            "POST", "/nodes/pve1/qemu",
            ["vmid": "200", "scsi0": "local-lvm:0,import-from=local:import/none.qcow2"])
        #expect(missing == "volume 'local:import/none.qcow2' does not exist")
        try bench.downloadImage()
        let sized = try bench.run(
            "POST", "/nodes/pve1/qemu",
            ["vmid": "200", "scsi0": "local-lvm:8,import-from=\(ProxmoxBench.image)"])
        #expect(sized != "OK")
    }

    @Test func aRunningMachineTakesMemoryAtItsNextStart() throws {
        let bench = try ProxmoxBench()
        try bench.createVM()
        #expect(try bench.run("POST", vm + "/status/start") == "OK")
        #expect(bench.send("POST", vm + "/status/start").reason == "VM 200 already running")
        bench.send("PUT", vm + "/config", ["memory": "4096", "description": "new"])
        #expect(try bench.get(vm + "/config")["memory"] == "4096")
        #expect(try bench.get(vm + "/config", ["current": "1"])["memory"] == "2048")
        #expect(try bench.get(vm + "/config", ["current": "1"])["description"] == "new")
        let pending = try bench.get(vm + "/pending").list?.first { $0["key"] == "memory" }
        #expect(pending == ["key": "memory", "value": "2048", "pending": "4096"])
        #expect(try bench.run("POST", vm + "/status/reboot") == "OK")
        #expect(try bench.get(vm + "/config", ["current": "1"])["memory"] == "4096")
    }

    @Test func processorsAndMemoryArePluggedWhereTheMachineTakesThem() throws {
        let bench = try ProxmoxBench()
        try bench.createVM(
            200, ["cores": "4", "vcpus": "2", "hotplug": "cpu,memory", "numa": "1"])
        try bench.run("POST", vm + "/status/start")
        bench.send("PUT", vm + "/config", ["vcpus": "3", "memory": "4096", "cores": "8"])
        let current = try bench.get(vm + "/config", ["current": "1"])
        #expect(current["vcpus"] == 3)
        #expect(current["memory"] == "4096")
        #expect(current["cores"] == 4)
        #expect(try bench.get(vm + "/status/current")["cpus"] == 3)
        let tooMany = bench.send("PUT", vm + "/config", ["vcpus": "9"])
        #expect(tooMany.reason == "maximum vcpus=4")
    }

    @Test func highAvailabilityTakesRequestsAndPowersGuests() throws {
        let bench = try ProxmoxBench()
        try bench.createVM()
        try bench.run("POST", vm + "/status/start")
        bench.proxmox.makeHighlyAvailable(200)
        func status() throws -> Value? { try bench.get(vm + "/status/current")["status"] }

        let stop = bench.send("POST", vm + "/status/shutdown")
        #expect(stop.json?["data"]?.string?.contains(":hastop:200:") == true)
        #expect(try bench.finish(stop) == "OK")
        #expect(try status() == "running")
        bench.wait(.seconds(10))
        #expect(try status() == "stopped")
        #expect(bench.send("DELETE", vm).reason.contains("used in HA resources"))

        #expect(try bench.run("POST", vm + "/status/start") == "OK")
        bench.wait(.seconds(10))
        #expect(try status() == "running")
        bench.proxmox.pullPlug(of: 200)
        #expect(try status() == "stopped")
        bench.wait(.seconds(10))
        #expect(try status() == "running")
        #expect(
            try bench.get("/cluster/ha/resources", ["type": "vm"]).list?.map { $0["sid"] }
                == ["vm:200"])
        #expect(try bench.get("/cluster/ha/resources", ["type": "ct"]) == [])

        bench.proxmox.fail("pve1")
        #expect(bench.send("GET", vm + "/config").status == 595)
        bench.wait(.seconds(60))
        let row = try bench.get("/cluster/resources", ["type": "vm"]).list?.first
        #expect(row?["node"] == "pve2" && row?["hastate"] == "started")
        #expect(try bench.get("/nodes/pve2/qemu/200/status/current")["status"] == "running")
        #expect(
            try bench.get("/cluster/ha/status/current").list?.last?["node"] == "pve2")
    }

    @Test func disksOnlyGrow() throws {
        let bench = try ProxmoxBench()
        try bench.createVM()
        func resize(_ size: String) -> HTTPResponse {
            bench.send("PUT", vm + "/resize", ["disk": "scsi0", "size": size])
        }
        #expect(try bench.finish(resize("20G")) == "OK")
        #expect(try bench.finish(resize("+4G")) == "OK")
        #expect(try bench.get(vm + "/config")["scsi0"]?.string?.contains("size=24G") == true)
        #expect(resize("8G").reason == "shrinking disks is not supported")
    }

    @Test func aStaleDigestIsRefused() throws {
        let bench = try ProxmoxBench()
        try bench.createVM()
        let digest = try #require(try bench.get(vm + "/config")["digest"]?.string)
        let first = bench.send("PUT", vm + "/config", ["digest": digest, "name": "other"])
        #expect(first.status == 200)
        let second = bench.send("PUT", vm + "/config", ["digest": digest, "name": "third"])
        #expect(second.reason.hasPrefix("checksum mismatch (file change"))
    }

    @Test func unsettingAndSettingOneKeyIsAContradiction() throws {
        let bench = try ProxmoxBench()
        try bench.createVM()
        let response = bench.send("PUT", vm + "/config", ["delete": "name", "name": "x"])
        #expect(response.status == 400)
        #expect(Array(response.parameterErrors.keys) == ["name"])
        #expect(bench.send("PUT", vm + "/config", ["delete": "onboot"]).status == 200)
    }

    @Test func aDataDiskOutlivesItsMachine() throws {
        let bench = try ProxmoxBench()
        try bench.createVM(200, ["scsi1": "local-lvm:5"])
        bench.send("PUT", vm + "/config", ["delete": "scsi1"])
        #expect(try bench.get(vm + "/config")["unused0"] == "local-lvm:vm-200-disk-1")
        try bench.createVM(201)
        let move = try bench.run(
            "POST", vm + "/move_disk",
            ["disk": "unused0", "target-vmid": "201", "target-disk": "scsi1"])
        #expect(move == "OK")
        #expect(try bench.run("DELETE", vm, ["purge": "1"]) == "OK")
        let other = try bench.get("/nodes/pve1/qemu/201/config")
        #expect(other["scsi1"]?.string?.hasPrefix("local-lvm:vm-201-disk-1") == true)
        #expect(bench.proxmox.inventory == ["proxmox vm": 1])
    }

    @Test func destroyingHasItsRules() throws {
        let bench = try ProxmoxBench()
        try bench.createVM(200, ["protection": "1", "scsi1": "local-lvm:5"])
        #expect(bench.send("DELETE", vm).reason.contains("protection mode enabled"))
        bench.send("PUT", vm + "/config", ["protection": "0"])
        try bench.run("POST", vm + "/status/start")
        #expect(bench.send("DELETE", vm).reason == "VM 200 is running - destroy failed")
        try bench.run("POST", vm + "/status/stop")
        #expect(bench.send("POST", vm + "/status/stop").reason == "VM 200 not running")
        #expect(
            try bench.run("DELETE", vm, ["purge": "1", "destroy-unreferenced-disks": "1"]) == "OK")
        #expect(bench.proxmox.inventory.isEmpty)
        #expect(bench.send("DELETE", vm).status == 500)
    }

    @Test func theSeedOnTheImageIsFollowed() throws {
        let bench = try ProxmoxBench()
        let image = try NoCloudImage.build(files: [
            "user-data": Array("#cloud-config\n{}".utf8),
            "meta-data": Array("instance-id: web-1\n".utf8),
        ])
        #expect(
            try bench.finish(bench.upload("seed.iso", image, fields: [("content", "iso")])) == "OK")
        try bench.createVM(200, ["ide2": "local:iso/seed.iso,media=cdrom"])
        let seed = bench.proxmox.guests[200].flatMap { bench.proxmox.cloudInitSeed(of: $0) }
        #expect(seed?.instanceID == "web-1")
        #expect(seed.map { String(decoding: $0.bytes, as: UTF8.self) } == "#cloud-config\n{}")
        try bench.run("POST", vm + "/status/start")
        let agent = vm + "/agent/network-get-interfaces"
        #expect(bench.send("GET", agent).reason == "QEMU guest agent is not running")
        bench.wait(.seconds(60))
        let addresses = try bench.get(agent)["result"]?.list?.last?["ip-addresses"]
        #expect(addresses?.list?.first?["ip-address"] == "10.20.0.202")
        bench.send("PUT", vm + "/config", ["ide2": "none,media=cdrom"])
        #expect(try bench.get(vm + "/config")["ide2"] == "none,media=cdrom")
        #expect(bench.proxmox.inventory == ["proxmox vm": 1, "proxmox iso": 1])
    }

    @Test func aMissingImageCannotBeAttached() throws {
        let bench = try ProxmoxBench()
        try bench.createVM()
        let response = bench.send(
            "PUT", vm + "/config", ["ide2": "local:iso/none.iso,media=cdrom"])
        #expect(response.reason == "volume 'local:iso/none.iso' does not exist")
    }

    @Test(arguments: ["args", "arch", "serial0"])
    func someOptionsAreForRootOnly(_ option: String) throws {
        let value = ["args": "-x", "arch": "x86_64", "serial0": "/dev/ttyS0"][option] ?? ""
        let response = try ProxmoxBench().send(
            "POST", "/nodes/pve1/qemu", ["vmid": "200", option: value])
        #expect(response.status == 403)
    }

    @Test func anImageThatIsGoneStopsTheStart() throws {
        let bench = try ProxmoxBench()
        #expect(
            try bench.finish(bench.upload("seed.iso", [1], fields: [("content", "iso")])) == "OK")
        try bench.createVM(200, ["ide2": "local:iso/seed.iso,media=cdrom"])
        try bench.run("DELETE", "/nodes/pve1/storage/local/content/local:iso/seed.iso")
        let status = try bench.run("POST", vm + "/status/start")
        #expect(status == "volume 'local:iso/seed.iso' does not exist")
    }

    @Test func theSecondOfTwoDestroysFindsNothing() throws {
        let bench = try ProxmoxBench()
        try bench.createVM()
        let first = bench.send("DELETE", vm)
        let second = bench.send("DELETE", vm)
        #expect(try bench.finish(first) == "OK")
        #expect(try bench.finish(second).hasSuffix("200.conf' does not exist"))
    }

    @Test func aDiskOfAGuestIsNotDeletedFromItsStorage() throws {
        let bench = try ProxmoxBench()
        try bench.createVM()
        let response = bench.send(
            "DELETE", "/nodes/pve1/storage/local-lvm/content/local-lvm:vm-200-disk-0")
        #expect(response.reason == "Cannot remove image, a guest with VMID '200' exists!")
    }

    @Test func anAbortedCreateLeavesNothing() throws {
        let bench = try ProxmoxBench()
        let response = bench.send(
            "POST", "/nodes/pve1/qemu", ["vmid": "200", "scsi0": "local-lvm:8"])
        let upid = try #require(response.json?["data"]?.string)
        #expect(bench.send("DELETE", "/nodes/pve1/tasks/\(upid)").status == 200)
        #expect(try bench.finish(response) == "interrupted by signal")
        #expect(bench.proxmox.inventory.isEmpty)
    }
}
