import Cryptography
import Foundation
import HTTP
import Resources
import SeedImage
import Testing

@testable import Simulation

/// A simulated Proxmox VE with a clock that the test moves by hand.
final class ProxmoxBench {
    let clock = VirtualClock()
    let core: WorldCore
    let proxmox: SimulatedProxmox
    private let endpoint: String
    private let token: String

    init(_ version: String = "9.1", taskTime: Duration = .seconds(3)) throws {
        var configuration = WorldConfiguration()
        configuration.proxmoxVersion = version
        configuration.taskTime = taskTime
        core = WorldCore(
            configuration, time: clock, random: SeededRandom(seed: 1), digests: OpenSSLDigests(),
            readSeedImage: { try NoCloudImage.read($0) })
        proxmox = SimulatedProxmox(core)
        endpoint = try #require(proxmox.environment["PROXMOX_VE_ENDPOINT"])
        token = try #require(proxmox.environment["PROXMOX_VE_API_TOKEN"])
    }

    func wait(_ duration: Duration) {
        clock.advance(by: duration)
        core.catchUp()
    }

    /// Sends parameters as a form, or in the query of GET and DELETE.
    @discardableResult
    func send(
        _ method: String, _ path: String, _ parameters: [String: String] = [:],
        fault: VendorFault? = nil
    ) -> HTTPResponse {
        let form = formEncoded(parameters.sorted { $0.key < $1.key }.map { ($0.key, $0.value) })
        let isBodyless = method == "GET" || method == "DELETE"
        return send(
            method, path, query: isBodyless ? form : "", body: isBodyless ? [] : Array(form.utf8),
            headers: isBodyless || form.isEmpty
                ? [] : [HTTPHeader("Content-Type", "application/x-www-form-urlencoded")],
            fault: fault)
    }

    func send(
        _ method: String, _ path: String, query: String = "", body: [UInt8] = [],
        headers: [HTTPHeader] = [], token: String? = nil, fault: VendorFault? = nil
    ) -> HTTPResponse {
        core.catchUp()
        return proxmox.answer(
            SimulatedRequest(
                method: method, origin: endpoint, host: "pve.example.com:8006",
                path: "/api2/json" + path, query: query,
                headers: headers + [
                    HTTPHeader("Authorization", "PVEAPIToken=" + (token ?? self.token))
                ],
                body: body),
            fault: fault)
    }

    func get(_ path: String, _ parameters: [String: String] = [:]) throws -> Value {
        let response = send("GET", path, parameters)
        try #require(response.status == 200, "\(response.reason)")
        return try #require(response.json?["data"])
    }

    /// Sends a request whose answer is a task, lets the task end and returns its exit status.
    @discardableResult
    func run(
        _ method: String, _ path: String, _ parameters: [String: String] = [:],
        fault: VendorFault? = nil
    ) throws -> String {
        try finish(send(method, path, parameters, fault: fault))
    }

    func finish(_ response: HTTPResponse) throws -> String {
        try #require(response.status == 200, "\(response.reason) \(response.text)")
        let upid = try #require(response.json?["data"]?.string)
        wait(.seconds(3))
        let node = upid.split(separator: ":")[1]
        let status = try get("/nodes/\(node)/tasks/\(upid)/status")
        return try #require(status["exitstatus"]?.string)
    }

    func upload(_ name: String, _ bytes: [UInt8], fields: [(String, String)]) -> HTTPResponse {
        var body: [UInt8] = []
        for (name, value) in fields {
            body += Array("--b\r\nContent-Disposition: form-data; name=\"\(name)\"\r\n\r\n".utf8)
            body += Array("\(value)\r\n".utf8)
        }
        body += Array("--b\r\nContent-Disposition: form-data; name=\"filename\"; ".utf8)
        body += Array("filename=\"\(name)\"\r\nContent-Type: application/octet-stream\r\n\r\n".utf8)
        body += bytes + Array("\r\n--b--\r\n".utf8)
        return send(
            "POST", "/nodes/pve1/storage/local/upload", body: body,
            headers: [HTTPHeader("Content-Type", "multipart/form-data; boundary=b")])
    }

    static let image = "local:import/noble.qcow2"
    static let template = "debian-13-standard_13.1-2_amd64.tar.zst"

    func downloadImage() throws {
        #expect(
            try run(
                "POST", "/nodes/pve1/storage/local/download-url",
                [
                    "content": "import", "filename": "noble.qcow2",
                    "url":
                        "https://cloud-images.ubuntu.com/noble/current/noble-server-cloudimg-amd64.img",
                ]) == "OK")
    }

    /// A virtual machine from the cloud image, stopped.
    func createVM(_ vmid: Int = 200, _ more: [String: String] = [:]) throws {
        try downloadImageOnce()
        let options = [
            "vmid": String(vmid), "name": "web", "memory": "2048", "cores": "2",
            "agent": "enabled=1",
            "scsi0": "local-lvm:0,import-from=\(Self.image),ssd=1,discard=on",
            "net0": "virtio,bridge=vmbr0", "boot": "order=scsi0", "tags": "launch;Web",
        ]
        #expect(try run("POST", "/nodes/pve1/qemu", options.merging(more) { $1 }) == "OK")
    }

    private func downloadImageOnce() throws {
        if proxmox.volumes[Self.image, on: "pve1"] == nil { try downloadImage() }
    }

    /// A container from the Debian template, stopped.
    func createContainer(_ vmid: Int = 105, _ more: [String: String] = [:]) throws {
        try fetchTemplateOnce()
        let options = [
            "vmid": String(vmid), "hostname": "worker",
            "ostemplate": "local:vztmpl/\(Self.template)",
            "rootfs": "local-lvm:8", "net0": "name=eth0,bridge=vmbr0,ip=dhcp", "unprivileged": "1",
            "features": "nesting=1", "description": "made by launch",
        ]
        #expect(try run("POST", "/nodes/pve1/lxc", options.merging(more) { $1 }) == "OK")
    }

    private func fetchTemplateOnce() throws {
        guard proxmox.volumes["local:vztmpl/\(Self.template)", on: "pve1"] == nil else { return }
        #expect(
            try run(
                "POST", "/nodes/pve1/aplinfo", ["storage": "local", "template": Self.template])
                == "OK")
    }
}

extension HTTPResponse {
    /// What is wrong with each parameter.
    var parameterErrors: [String: String] {
        (json?["errors"]?.object ?? [:]).compactMapValues(\.string)
    }
}
