import Foundation
import HTTP
import Resources
import Testing

@testable import Simulation

@Suite struct ProxmoxContainerTests {
    private let container = "/nodes/pve1/lxc/105"

    @Test func aContainerIsMadeFromATemplate() throws {
        let bench = try ProxmoxBench()
        try bench.createContainer()
        let config = try bench.get(container + "/config")
        #expect(config["rootfs"] == "local-lvm:vm-105-disk-0,size=8G")
        #expect(config["description"] == "made by launch\n")
        #expect(config["unprivileged"] == 1)
        let net = try #require(config["net0"]?.string)
        #expect(
            net.wholeMatch(
                of: /name=eth0,bridge=vmbr0,hwaddr=BC:24:11(:[0-9A-F]{2}){3},ip=dhcp,type=veth/)
                != nil)
    }

    @Test func everyWriteWithoutAnAddressDrawsANewOne() throws {
        let bench = try ProxmoxBench()
        try bench.createContainer()
        let first = try bench.get(container + "/config")["net0"]
        bench.send("PUT", container + "/config", ["net0": "name=eth0,bridge=vmbr0,ip=dhcp"])
        #expect(try bench.get(container + "/config")["net0"] != first)
    }

    @Test func hotOptionsApplyAtOnceAndTheSeedWaits() throws {
        let bench = try ProxmoxBench()
        try bench.createContainer()
        try bench.run("POST", container + "/status/start")
        let change = ["memory": "1024", "entrypoint": "/sbin/init", "env": "A=b"]
        #expect(bench.send("PUT", container + "/config", change).status == 200)
        let current = try bench.get(container + "/config", ["current": "1"])
        #expect(current["memory"] == 1024)
        #expect(current["env"] == nil)
        bench.send("PUT", container + "/config", ["delete": "entrypoint,env"])
        #expect(
            try bench.get(container + "/pending").list?.contains { $0["key"] == "env" } == false)
    }

    @Test func theSeedRunsAtTheStart() throws {
        let bench = try ProxmoxBench()
        try bench.createContainer()
        let script = Data("echo seeded".utf8).base64EncodedString()
        let entrypoint = "/bin/sh -c 'echo \"$LAUNCH_SEED\" | base64 -d | /bin/sh; exec /sbin/init'"
        bench.send(
            "PUT", container + "/config",
            ["entrypoint": entrypoint, "env": "LAUNCH_SEED=\(script)"])
        let seed = bench.proxmox.guests[105].flatMap { bench.proxmox.containerSeed(of: $0) }
        #expect(
            seed.map { String(decoding: $0.bytes, as: UTF8.self) } == "#!/bin/sh\necho seeded")
        #expect(try bench.run("POST", container + "/status/start") == "OK")
        let early = try bench.get(container + "/interfaces").list?.last
        #expect(early?["inet"] == nil)
        bench.wait(.seconds(60))
        let late = try bench.get(container + "/interfaces").list?.last
        #expect(late?["name"] == "eth0")
        #expect(late?["inet"] == "10.20.0.107/16")
    }

    @Test func aRunningContainerIsDestroyedByForce() throws {
        let bench = try ProxmoxBench()
        try bench.createContainer(105, ["mp0": "local-lvm:4,mp=/srv"])
        try bench.run("POST", container + "/status/start")
        #expect(bench.send("DELETE", container).reason.hasPrefix("unable to destroy CT 105"))
        #expect(try bench.run("DELETE", container, ["force": "1", "purge": "1"]) == "OK")
        #expect(bench.proxmox.inventory.isEmpty)
        #expect(try bench.get("/cluster/resources", ["type": "vm"]) == [])
    }

    @Test func theSameSizeIsAnError() throws {
        let bench = try ProxmoxBench()
        try bench.createContainer()
        let response = bench.send("PUT", container + "/resize", ["disk": "rootfs", "size": "8G"])
        #expect(response.reason == "disk is already at specified size")
    }

    @Test func featuresBeyondNestingAreForRoot() throws {
        let bench = try ProxmoxBench()
        try bench.createContainer()
        let response = bench.send(
            "PUT", container + "/config", ["features": "nesting=1,keyctl=1"])
        #expect(response.status == 403)
        #expect(response.reason.contains("changing feature flags (except nesting)"))
    }

    @Test(arguments: [("8.4", nil), ("9.0", 1)] as [(String, Int?)])
    func unprivilegedBecameTheDefault(_ version: String, _ expected: Int?) throws {
        let bench = try ProxmoxBench(version)
        try bench.createContainer(104)
        let made = try bench.run(
            "POST", "/nodes/pve1/lxc",
            [
                "vmid": "105", "ostemplate": "local:vztmpl/\(ProxmoxBench.template)",
                "storage": "local-lvm",
            ])
        #expect(made == "OK")
        #expect(try bench.get(container + "/config")["unprivileged"]?.integer == expected)
    }

    @Test func changesBehindLaunchsBackShow() throws {
        let bench = try ProxmoxBench()
        try bench.createContainer()
        try bench.run("POST", container + "/status/start")
        bench.proxmox.change("memory", to: "256", of: 105)
        #expect(try bench.get(container + "/config")["memory"] == 256)
        bench.proxmox.pullPlug(of: 105)
        #expect(try bench.get(container + "/status/current")["status"] == "stopped")
        bench.proxmox.destroy(105)
        #expect(bench.proxmox.vmids == [])
    }

    @Test func aDiskOfARunningContainerIsReleasedAtTheNextStart() throws {
        let bench = try ProxmoxBench()
        try bench.createContainer(105, ["mp0": "local-lvm:4,mp=/srv"])
        try bench.run("POST", container + "/status/start")
        bench.send("PUT", container + "/config", ["delete": "mp0"])
        #expect(try bench.get(container + "/config", ["current": "1"])["unused0"] == nil)
        try bench.run("POST", container + "/status/reboot")
        #expect(try bench.get(container + "/config")["unused0"] == "local-lvm:vm-105-disk-1")
        let again = ["mp1": "local-lvm:vm-105-disk-1,mp=/data"]
        bench.send("PUT", container + "/config", again)
        let config = try bench.get(container + "/config")
        #expect(config["unused0"] == nil)
        #expect(config["mp1"] == "local-lvm:vm-105-disk-1,mp=/data,size=4G")
        bench.send("PUT", container + "/config", ["delete": "mp1"])
    }
}
