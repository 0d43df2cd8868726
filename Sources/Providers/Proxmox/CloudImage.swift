import HTTP
import Resources
import Services
import Synchronization

/// A publisher's cloud image, and the container template of the same system.
struct CloudImage: Hashable, Sendable {
    let image: MachineImage
    /// The directory of the image and of its checksums: host and path.
    private let directory: String
    let file: String
    /// The list of checksums in `directory`.
    let checksums: String
    /// `sha256` or `sha512`.
    let algorithm: String
    /// What the names of Proxmox's container templates of this system begin with.
    let templatePrefix: String

    /// <https://cloud-images.ubuntu.com> and <https://cloud.debian.org/images/cloud>
    init(_ image: MachineImage) {
        self.image = image
        templatePrefix = image.rawValue + "-standard_"
        switch image {
        case .ubuntu2404:
            directory = "cloud-images.ubuntu.com/noble/current"
            file = "noble-server-cloudimg-amd64.img"
            checksums = "SHA256SUMS"
            algorithm = "sha256"
        case .debian12, .debian13:
            let codename = image == .debian12 ? "bookworm" : "trixie"
            directory = "cloud.debian.org/images/cloud/\(codename)/latest"
            file = image.rawValue + "-genericcloud-amd64.qcow2"
            checksums = "SHA512SUMS"
            algorithm = "sha512"
        }
    }

    /// - Throws: `ProxmoxFailure` when Launch has no such image.
    init(named name: String) throws {
        guard let image = MachineImage(rawValue: name) else {
            let known = MachineImage.allCases.map(\.rawValue).joined(separator: ", ")
            throw ProxmoxFailure(
                .invalid, "there is no image \"\(name)\"", remedy: "Use one of \(known).")
        }
        self.init(image)
    }

    /// Where a file of the directory is: at its publisher, or under the same path on a mirror.
    func url(of file: String, mirror: String?) -> String {
        "\(mirror ?? "https:/")/\(directory)/\(file)"
    }

    /// The name under which the image is kept: it tells its content, so that services share it.
    func storedName(checksum: String) -> String {
        "launch-\(image.rawValue)-\(checksum.prefix(12)).qcow2"
    }

    /// Finds the file's digest in lines of `<digest>  <file>` or `<digest> *<file>`.
    func checksum(in list: String) -> String? {
        let length = algorithm == "sha256" ? 64 : 128
        for line in list.split(whereSeparator: \.isNewline) {
            let parts = line.split(whereSeparator: { $0 == " " || $0 == "*" })
            if parts.count == 2, parts[1] == file, parts[0].count == length,
                parts[0].allSatisfy(\.isHexDigit)
            {
                return parts[0].lowercased()
            }
        }
        return nil
    }
}

/// The digests that publishers stated to this process: what was looked at before a run's first
/// change is what the run uses.
final class KnownChecksums: Sendable {
    private let checksums = Mutex<[CloudImage: String]>([:])

    func checksum(
        of image: CloudImage, _ ask: () async throws -> String
    ) async throws -> String {
        if let known = checksums.withLock({ $0[image] }) { return known }
        let checksum = try await ask()
        checksums.withLock { $0[image] = checksum }
        return checksum
    }
}

/// Reads the publishers' checksums.
struct ImagePublisher: Sendable {
    let api: ProxmoxAPI

    /// The digest that the publisher states for the image now.
    func checksum(of image: CloudImage) async throws -> String {
        let url = image.url(of: image.checksums, mirror: api.connection.imageMirror)
        let list = try await text(at: url)
        guard let checksum = image.checksum(in: list) else {
            throw ProxmoxFailure(.failed, "\(url) does not name \(image.file)")
        }
        return checksum
    }

    /// Follows redirections to the publisher's mirrors.
    private func text(at start: String) async throws -> String {
        var url = start
        for _ in 0..<5 {
            let response = try await fetch(url)
            if response.isSuccess { return response.text }
            guard let next = response.header("Location"), next.hasPrefix("https://") else {
                throw ProxmoxFailure(.failed, "\(url) answered \(response.status)")
            }
            url = next
        }
        throw ProxmoxFailure(.failed, "\(start) redirects without end")
    }

    private func fetch(_ url: String) async throws -> HTTPResponse {
        try await retrying(
            .standard, time: api.time, random: api.random,
            advice: { ($0 as? ProxmoxFailure)?.reason == .unavailable ? .again : .giveUp }
        ) { _ in
            let response: HTTPResponse
            do {
                response = try await api.client.send(HTTPRequest(.get, url))
            } catch let error as HTTPError {
                throw ProxmoxFailure(
                    error.isCertainlyWithoutEffect ? .unreachable : .unavailable, "\(error)",
                    remedy: "Check this machine's access to the image's publisher.")
            }
            guard response.status < 500, response.status != 429 else {
                throw ProxmoxFailure(.unavailable, "\(url) answered \(response.status)")
            }
            return response
        }
    }
}
