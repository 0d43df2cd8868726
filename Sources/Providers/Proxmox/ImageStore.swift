import HTTP
import Resources

/// A storage for images, templates and seeds, on one node.
struct ImageStore: Sendable {
    let api: ProxmoxAPI
    let tasks: TaskFollower
    let slots: Slots
    let digests: any Digesting
    let checksums: KnownChecksums
    let node: String
    let storage: String

    private var path: Path { "/nodes/\(node)/storage/\(storage)" }

    /// Has the cloud image on the storage, and returns its volume.
    ///
    /// The checksum is part of the name, so what is there already is right and is shared. Proxmox
    /// downloads to a temporary name: two runs at once do not harm each other.
    func cloudImage(_ image: CloudImage, for address: Address) async throws -> String {
        let (name, checksum) = try await stored(image)
        return try await slots.within(1, of: "\(node)/\(storage)/\(name)") {
            if let present = try await volume(named: name, content: "import") { return present }
            if try await settleDownload(of: name, for: address),
                let present = try await volume(named: name, content: "import")
            {
                return present
            }
            try await requireContent("import")
            try await tasks.run(for: address, deadline: .seconds(1800)) {
                try await api.post(
                    "\(path)/download-url",
                    [
                        "content": "import", "filename": name,
                        "url": image.url(of: image.file, mirror: api.connection.imageMirror),
                        "checksum": checksum, "checksum-algorithm": image.algorithm,
                    ])
            } isDone: {
                try await volume(named: name, content: "import") != nil
            }
            return "\(storage):import/\(name)"
        }
    }

    /// Has a container template of the system on the storage, and returns its volume: the newest
    /// that is there, else the newest that Proxmox offers.
    func template(_ image: CloudImage, for address: Address) async throws -> String {
        try await slots.within(1, of: "\(node)/\(storage)/\(image.templatePrefix)") {
            if let present = try await newestTemplate(image) { return present }
            try await requireContent("vztmpl")
            let name = try await offeredTemplate(image)
            if try await settleDownload(of: name, for: address),
                let present = try await newestTemplate(image)
            {
                return present
            }
            try await tasks.run(for: address, deadline: .seconds(1800)) {
                try await api.post(
                    "/nodes/\(node)/aplinfo", ["storage": storage, "template": name])
            } isDone: {
                try await volume(named: name, content: "vztmpl") != nil
            }
            return "\(storage):vztmpl/\(name)"
        }
    }

    /// The name under which the image is kept, and what the publisher says its digest is.
    private func stored(_ image: CloudImage) async throws -> (name: String, checksum: String) {
        let checksum = try await checksums.checksum(of: image) {
            try await ImagePublisher(api: api).checksum(of: image)
        }
        return (image.storedName(checksum: checksum), checksum)
    }

    private func offeredTemplate(_ image: CloudImage) async throws -> String {
        let offered = (try await api.get("/nodes/\(node)/aplinfo").list ?? [])
            .compactMap { $0["template"]?.string }
        guard let name = Self.newest(offered, image) else {
            throw ProxmoxFailure(
                .notFound, "Proxmox offers no template \(image.templatePrefix)…",
                remedy: "Run `pveam update` on \(node), then try again.")
        }
        return name
    }

    /// Makes sure that the image or template is there, or can be had.
    /// - Returns: the bytes that are to be downloaded; `nil` when there is nothing to download, or
    ///   when it does not tell its size.
    /// - Throws: `ProxmoxFailure` when there is none, or when the node cannot reach it.
    func look(for image: CloudImage, of type: GuestType) async throws -> Int? {
        guard type == .qemu else {
            if try await newestTemplate(image) == nil { _ = try await offeredTemplate(image) }
            return nil
        }
        let (name, _) = try await stored(image)
        if try await volume(named: name, content: "import") != nil { return nil }
        let url = image.url(of: image.file, mirror: api.connection.imageMirror)
        do {
            return try await api.get("/nodes/\(node)/query-url-metadata", ["url": url])["size"]?
                .integer
        } catch let failure as ProxmoxFailure where failure.reason == .failed {
            throw ProxmoxFailure(
                .unreachable, "node \(node) cannot download \(url): \(failure.detail)",
                remedy: "Check the node's access to the image's publisher, or set "
                    + "LAUNCH_IMAGE_MIRROR.")
        }
    }

    /// Waits for a download of the file that an earlier run of this token began. A task for a
    /// template does not say which.
    /// - Returns: whether there was any.
    private func settleDownload(of name: String, for address: Address) async throws -> Bool {
        let running = try await tasks.running(on: node, type: "download").filter {
            $0.user == api.connection.tokenName && ["", name].contains($0.id)
        }
        guard !running.isEmpty else { return false }
        tasks.progress.progress(address, "waiting for the download of \(name)")
        try await tasks.settle(running, for: address, deadline: .seconds(1800))
        return true
    }

    /// Puts an ISO there, in place of what has that name.
    func upload(_ bytes: [UInt8], as name: String, for address: Address) async throws {
        let digest = digests.sha256(bytes).hexadecimal
        try await tasks.run(for: address, deadline: .seconds(600)) {
            try await api.upload(
                bytes, as: name, content: "iso", sha256: digest, to: "\(path)/upload")
        } isDone: {
            false
        }
    }

    /// Removes an ISO; without the right to, writes `blank` over it. Gone is fine.
    func remove(_ volume: String, blank: [UInt8], for address: Address) async throws {
        guard let name = volume.split(separator: "/").last.map(String.init),
            try await self.volume(named: name, content: "iso") != nil
        else { return }
        do {
            try await tasks.run(for: address, deadline: .seconds(120)) {
                try await api.delete("\(path)/content/\(volume)")
            } isDone: {
                try await self.volume(named: name, content: "iso") == nil
            }
        } catch let failure as ProxmoxFailure {
            switch failure.reason {
            case .notFound: return
            case .forbidden: try await upload(blank, as: name, for: address)
            default: throw failure
            }
        }
    }

    private func volumes(_ content: String) async throws -> [String] {
        (try await api.get("\(path)/content", ["content": content]).list ?? [])
            .compactMap { $0["volid"]?.string }
    }

    private func volume(named name: String, content: String) async throws -> String? {
        try await volumes(content).first { $0.hasSuffix("/\(name)") }
    }

    private func newestTemplate(_ image: CloudImage) async throws -> String? {
        let names = try await volumes("vztmpl").compactMap { $0.split(separator: "/").last }
        return Self.newest(names.map(String.init), image).map { "\(storage):vztmpl/\($0)" }
    }

    /// `…_24.04-10_…` comes after `…_24.04-9_…`.
    static func newest(_ names: [String], _ image: CloudImage) -> String? {
        names.filter { $0.hasPrefix(image.templatePrefix) }
            .max { versionNumbers($0).lexicographicallyPrecedes(versionNumbers($1)) }
    }

    private static func versionNumbers(_ name: String) -> [Int] {
        name.split { !$0.isASCII || !$0.isNumber }.compactMap { Int($0) }
    }

    /// Says in time that the storage does not take such files; Launch does not change that.
    private func requireContent(_ content: String) async throws {
        let row = (try await api.get("/nodes/\(node)/storage").list ?? [])
            .first { $0["storage"]?.string == storage }
        guard let row else {
            throw ProxmoxFailure(
                .notFound, "node \(node) has no storage \"\(storage)\" that the token may use",
                remedy: "Correct `targets.proxmox.image_storage`, or grant Datastore.Audit on it.")
        }
        let contents = (row["content"]?.string ?? "").split(separator: ",").map(String.init)
        guard contents.contains(content) else {
            throw ProxmoxFailure(
                .unsupported,
                "storage \"\(storage)\" is not enabled for content \"\(content)\"",
                remedy: "Run `pvesm set \(storage) --content "
                    + "\((contents + [content]).joined(separator: ","))` on a node.")
        }
    }
}
