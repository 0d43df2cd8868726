import HTTP
import Resources

/// The download hosts of Ubuntu's and Debian's cloud images: they serve checksums only.
final class SimulatedImageHosts: SimulatedVendor {
    unowned let core: WorldCore

    init(_ core: WorldCore) { self.core = core }

    var environment: [String: String] { [:] }
    var inventory: [String: Int] { [:] }

    func serves(_ request: SimulatedRequest) -> Bool {
        PublishedImage.all.contains { $0.host == request.host }
    }

    func answer(_ request: SimulatedRequest, fault: VendorFault?) -> HTTPResponse {
        let images = PublishedImage.all.filter { $0.host == request.host }
        let lines: [String]
        switch request.path.split(separator: "/").last {
        case "SHA256SUMS": lines = images.map { "\($0.sha256(core.digests)) *\($0.name)" }
        case "SHA512SUMS": lines = images.map { "\($0.sha512(core.digests))  \($0.name)" }
        default: return HTTPResponse(status: 404, reason: "Not Found")
        }
        return HTTPResponse(
            status: 200, reason: "OK", headers: [HTTPHeader("Content-Type", "text/plain")],
            body: Array((lines.joined(separator: "\n") + "\n").utf8))
    }
}

/// A file that the world lets Proxmox VE download.
struct PublishedImage: Hashable {
    let host: String
    let name: String
    /// What has to be transferred.
    let size: PVESize
    /// The disk that it unpacks to.
    let diskSize: PVESize

    private init(_ host: String, _ name: String, megabytes: Int, disk: Int = 0) {
        self.host = host
        self.name = name
        size = PVESize(bytes: megabytes << 20)
        diskSize = PVESize(bytes: disk << 20)
    }

    static let all =
        ubuntu.map { PublishedImage("cloud-images.ubuntu.com", $0, megabytes: 600, disk: 3584) }
        + debian.map { PublishedImage("cloud.debian.org", $0, megabytes: 350, disk: 3072) }
        + templates.map { PublishedImage("download.proxmox.com", $0, megabytes: 120) }

    /// Container templates, as `aplinfo` lists them.
    static let templates = [
        "debian-12-standard_12.12-1_amd64.tar.zst", "debian-13-standard_13.1-2_amd64.tar.zst",
        "ubuntu-24.04-standard_24.04-2_amd64.tar.zst",
    ]

    private static let ubuntu = [
        "noble-server-cloudimg-amd64.img", "ubuntu-24.04-server-cloudimg-amd64.img",
        "noble-server-cloudimg-arm64.img", "ubuntu-24.04-server-cloudimg-arm64.img",
        "jammy-server-cloudimg-amd64.img", "ubuntu-22.04-server-cloudimg-amd64.img",
    ]
    private static let debian = ["12", "13"].flatMap { release in
        ["genericcloud", "generic"].flatMap { flavour in
            ["amd64", "arm64"].map { "debian-\(release)-\(flavour)-\($0).qcow2" }
        }
    }

    /// The image behind a URL of its publisher or of a mirror.
    static func at(_ url: String) -> PublishedImage? {
        let parts = url.split(separator: "/").map(String.init)
        return all.first { parts.dropFirst().contains($0.host) && $0.name == parts.last }
    }

    /// Not of real content: fixed for the name.
    func sha256(_ digests: any Digesting) -> String { digests.sha256Hexadecimal(name) }
    func sha512(_ digests: any Digesting) -> String {
        digests.sha256Hexadecimal("\(name) 1") + digests.sha256Hexadecimal("\(name) 2")
    }
}
