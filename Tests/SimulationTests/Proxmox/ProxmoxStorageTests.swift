import HTTP
import Resources
import Testing

@testable import Simulation

@Suite struct ProxmoxStorageTests {
    private let storage = "/nodes/pve1/storage/local"
    private let url =
        "https://cloud-images.ubuntu.com/noble/current/noble-server-cloudimg-amd64.img"

    @Test func uploadsAreNormalisedAndOverwritten() throws {
        let bench = try ProxmoxBench()
        let checksum = bench.core.digests.sha256([1, 2, 3]).hexadecimal
        let fields = [("content", "iso"), ("checksum-algorithm", "sha256"), ("checksum", checksum)]
        #expect(
            try bench.finish(bench.upload("a b/sëed 1.iso", [1, 2, 3], fields: fields)) == "OK")
        #expect(
            try bench.finish(bench.upload("s_ed_1.iso", [4], fields: [("content", "iso")])) == "OK")
        let content = try bench.get(storage + "/content", ["content": "iso"]).list ?? []
        #expect(content.map { $0["volid"] } == ["local:iso/s_ed_1.iso"])
        #expect(content.first?["size"] == 1)
        #expect(bench.proxmox.inventory == ["proxmox iso": 1])
        let delete = try bench.run("DELETE", storage + "/content/local:iso/s_ed_1.iso")
        #expect(delete == "OK")
        #expect(bench.proxmox.inventory.isEmpty)
    }

    @Test(arguments: [
        ([("checksum-algorithm", "sha256"), ("content", "iso"), ("checksum", "00")], 500),
        ([("content", "iso"), ("checksum-algorithm", "sha256"), ("checksum", "00")], 500),
        ([("content", "snippets")], 400), ([("content", "iso"), ("checksum", "00")], 400),
    ])
    func wrongUploadsAreRefused(_ fields: [(String, String)], _ status: Int) throws {
        let bench = try ProxmoxBench()
        #expect(bench.upload("seed.iso", [1], fields: fields).status == status)
        #expect(bench.proxmox.inventory.isEmpty)
    }

    @Test(arguments: [("iso", "seed.txt"), ("vztmpl", "a.zip"), ("import", "noble.img")])
    func namesNeedTheirExtension(_ content: String, _ name: String) throws {
        let response = try ProxmoxBench().upload(name, [1], fields: [("content", content)])
        #expect(Array(response.parameterErrors.keys) == ["filename"])
    }

    @Test func anExistingFileIsDownloadedOnce() throws {
        let bench = try ProxmoxBench()
        let image = try #require(PublishedImage.at(url))
        var parameters = [
            "content": "import", "filename": "noble.qcow2", "url": url,
            "checksum-algorithm": "sha256",
            "checksum": image.sha256(bench.core.digests),
        ]
        let path = storage + "/download-url"
        #expect(try bench.run("POST", path, parameters) == "OK")
        #expect(try bench.run("POST", path, parameters) == "OK")
        parameters["checksum"] = "00"
        #expect(try bench.run("POST", path, parameters).hasPrefix("mismatching checksum"))
        parameters["checksum"] = nil
        parameters["checksum-algorithm"] = nil
        #expect(try bench.run("POST", path, parameters).hasPrefix("refusing to override"))
        parameters["filename"] = "other.qcow2"
        parameters["url"] = "https://example.com/other.qcow2"
        #expect(try bench.run("POST", path, parameters).hasPrefix("download failed"))
        #expect(bench.proxmox.inventory.isEmpty)
    }

    @Test func aStorageHoldsOnlyItsContent() throws {
        let bench = try ProxmoxBench()
        let wanted = try bench.get("/nodes/pve1/storage", ["content": "import", "enabled": "1"])
        #expect(wanted.list?.map { $0["storage"] } == ["local"])
        bench.proxmox.storages[0].content.removeAll { $0 == "import" }
        let response = bench.send(
            "POST", storage + "/download-url",
            ["content": "import", "filename": "n.qcow2", "url": url])
        #expect(response.reason == "storage 'local' does not support 'import' content")
    }

    @Test func aDiskWithoutAGuestIsCounted() throws {
        let bench = try ProxmoxBench()
        let response = bench.send(
            "POST", "/nodes/pve1/storage/local-lvm/content",
            ["vmid": "300", "filename": "vm-300-data", "size": "4G"])
        #expect(response.json?["data"] == "local-lvm:vm-300-data")
        #expect(bench.proxmox.inventory == ["proxmox volume": 1])
        try bench.createVM(300, ["scsi1": "local-lvm:vm-300-data"])
        #expect(bench.proxmox.inventory == ["proxmox vm": 1])
        #expect(
            try bench.get("/nodes/pve1/qemu/300/config")["scsi1"] == "local-lvm:vm-300-data,size=4G"
        )
    }

    @Test func aFullStorageTakesNoDisk() throws {
        let bench = try ProxmoxBench()
        let status = try bench.run(
            "POST", "/nodes/pve1/qemu", ["vmid": "200", "scsi0": "local-lvm:900"])
        #expect(status.contains("insufficient free space"))
        #expect(bench.proxmox.inventory.isEmpty)
    }

    @Test(arguments: ["SHA256SUMS", "SHA512SUMS"])
    func thePublishersServeChecksums(_ file: String) throws {
        let bench = try ProxmoxBench()
        let hosts = SimulatedImageHosts(bench.core)
        let request = SimulatedRequest(
            method: "GET", origin: "https://cloud.debian.org", host: "cloud.debian.org",
            path: "/images/cloud/trixie/latest/\(file)", query: "", headers: [], body: [])
        #expect(hosts.serves(request))
        let answer = hosts.answer(request, fault: nil)
        let line = answer.text.split(separator: "\n").first {
            $0.hasSuffix("debian-13-genericcloud-amd64.qcow2")
        }
        #expect(line?.prefix { $0 != " " }.count == (file == "SHA256SUMS" ? 64 : 128))
    }
}
