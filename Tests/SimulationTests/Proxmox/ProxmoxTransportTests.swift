import HTTP
import Resources
import Testing

@testable import Simulation

@Suite struct ProxmoxTransportTests {
    @Test func aWrongTokenIsA401WithoutBody() throws {
        let bench = try ProxmoxBench()
        let response = bench.send("GET", "/version", token: "launch@pve!ci=wrong")
        #expect(response.status == 401)
        #expect(response.reason == "invalid token value!")
        #expect(response.body.isEmpty)
    }

    @Test func anUnknownParameterIsNamed() throws {
        let response = try ProxmoxBench().send("GET", "/cluster/resources", ["kind": "vm"])
        #expect(response.status == 400)
        #expect(response.reason == "Parameter verification failed.")
        #expect(Array(response.parameterErrors.keys) == ["kind"])
    }

    @Test(arguments: ["GET", "DELETE"]) func aBodyIsRefused(_ method: String) throws {
        let response = try ProxmoxBench().send(
            method, "/nodes/pve1/tasks/UPID", body: Array("force=1".utf8))
        #expect(response.status == 501)
    }

    @Test(arguments: [
        ("/nowhere", [], 501), ("/pools", [HTTPHeader("Transfer-Encoding", "chunked")], 501),
        ("/pools", [HTTPHeader("Content-Type", "text/plain")], 506),
        ("/pools", [HTTPHeader("Content-Type", "application/json")], 200),
    ])
    func postsAreJudged(_ path: String, _ headers: [HTTPHeader], _ status: Int) throws {
        let body = Array(#"{"poolid":"p"}"#.utf8)
        #expect(
            try ProxmoxBench().send("POST", path, body: body, headers: headers).status == status)
    }

    @Test(arguments: [("8.3", 64), ("8.4", 512)])
    func bodiesAreLimited(_ version: String, _ kibibytes: Int) throws {
        let bench = try ProxmoxBench(version)
        let form = [HTTPHeader("Content-Type", "application/x-www-form-urlencoded")]
        let prefix = Array("poolid=p&comment=".utf8)
        func status(_ size: Int) -> Int {
            let body = prefix + [UInt8](repeating: 0x78, count: size - prefix.count)
            return bench.send("POST", "/pools", body: body, headers: form).status
        }
        #expect(status(kibibytes * 1024 + 1) == 501)
        #expect(status(kibibytes * 1024) == 200)
    }

    @Test func pathAndBodyMustAgree() throws {
        let response = try ProxmoxBench().send(
            "PUT", "/nodes/pve1/qemu/200/config", ["vmid": "201"])
        #expect(response.status == 400)
        #expect(Array(response.parameterErrors.keys) == ["vmid"])
    }

    @Test func theMessageStandsInTheStatusLine() throws {
        let text = "Configuration file 'nodes/pve1/lxc/105.conf' does not exist"
        let new = try ProxmoxBench("9.1").send("GET", "/nodes/pve1/lxc/105/config")
        #expect(new.status == 500)
        #expect(new.reason == text)
        #expect(new.json?["message"]?.string == text + "\n")
        let old = try ProxmoxBench("8.3").send("GET", "/nodes/pve1/lxc/105/config")
        #expect(old.json == ["data": .null])
    }

    @Test func aRevokedPrivilegeIsNamedWithItsPath() throws {
        let bench = try ProxmoxBench()
        try bench.createVM()
        bench.proxmox.revoked = ["VM.Config.Memory"]
        let response = bench.send("PUT", "/nodes/pve1/qemu/200/config", ["memory": "4096"])
        #expect(response.status == 403)
        #expect(response.reason == "Permission check failed (/vms/200, VM.Config.Memory)")
        let left = try bench.get("/access/permissions")["/vms"]?.object ?? [:]
        #expect(left["VM.Config.Memory"] == nil)
        #expect(left["VM.Config.CPU"] == 1)
    }

    @Test func onlyAnOperatorSwitchesTheClusterFirewall() throws {
        let response = try ProxmoxBench().send(
            "PUT", "/cluster/firewall/options", ["enable": "1"])
        #expect(response.status == 403)
        #expect(response.reason == "Permission check failed (/, Sys.Modify)")
    }

    @Test func permissionsOfOnePathAreInherited() throws {
        let rights = try ProxmoxBench().get("/access/permissions", ["path": "/storage/local"])
        #expect(rights["/storage/local"]?["Datastore.AllocateSpace"] == 1)
    }

    @Test func aTaskGrowsItsLogAndEnds() throws {
        let bench = try ProxmoxBench()
        try bench.downloadImage()
        let response = bench.send("POST", "/nodes/pve1/qemu", ["vmid": "200"])
        let upid = try #require(response.json?["data"]?.string)
        #expect(
            upid.wholeMatch(
                of: /UPID:pve1:[0-9A-F]{8}:[0-9A-F]{8,9}:[0-9A-F]{8}:qmcreate:200:launch@pve!ci:/)
                != nil)
        let path = "/nodes/pve1/tasks/\(upid)"
        #expect(try bench.get(path + "/status")["status"] == "running")
        #expect(try bench.get(path + "/log").list?.count == 1)
        bench.wait(.seconds(1))
        #expect(try bench.get(path + "/log").list?.count == 2)
        bench.wait(.seconds(2))
        #expect(try bench.get(path + "/status")["exitstatus"] == "OK")
        let last = bench.send("GET", path + "/log", ["start": "3", "limit": "5"])
        #expect(last.json?["data"] == [["n": 4, "t": "TASK OK"]])
        #expect(last.json?["total"] == 4)
    }
}
