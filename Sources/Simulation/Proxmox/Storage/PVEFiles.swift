import Resources

import Foundation

/// Files on storages: ISO images, container templates, disk images to import
/// (`pve-storage: src/PVE/API2/Storage/Status.pm`).
extension SimulatedProxmox {
    func upload(_ call: PVECall) throws -> Value {
        guard let bytes = call.file else { throw PVEFailure(400, "missing file in upload") }
        let target = try target(call)
        if let checksum = call["checksum"] {
            try check(checksum, call["checksum-algorithm"] ?? "", of: bytes)
        }
        return tasks.start(
            .init(
                node: call.node, type: "imgcopy", id: "", log: ["starting file import from upload"],
                fault: call.fault
            ) { [self] in
                store(target, on: call.node, bytes: bytes, size: PVESize(bytes: bytes.count))
            })
    }

    func download(_ call: PVECall) throws -> Value {
        let target = try target(call)
        let url = call["url"] ?? ""
        return tasks.start(
            .init(
                node: call.node, type: "download", id: call["filename"] ?? "",
                log: [
                    "downloading \(url) to \(target.id)",
                    "download of '\(url)' to '\(target.id)' finished",
                ], fault: call.fault
            ) { [self] in
                try fetch(PublishedImage.at(url), url: url, to: target, call)
            })
    }

    private func fetch(
        _ image: PublishedImage?, url: String, to target: Target, _ call: PVECall
    ) throws {
        let expected = image.flatMap { checksum(of: $0, call["checksum-algorithm"] ?? "") }
        let isWrong = call["checksum"].map { $0.lowercased() != expected } ?? false
        if volumes[target.id, on: call.node] != nil {
            guard call["checksum"] != nil else {
                throw PVEFailure("refusing to override existing file '\(target.name)'")
            }
            if isWrong {
                throw PVEFailure("mismatching checksum of existing file '\(target.name)'")
            }
            return
        }
        guard let image else { throw PVEFailure("download failed: 404 Not Found (\(url))") }
        if isWrong { throw PVEFailure("checksum mismatch: got \(expected ?? "none")") }
        store(target, on: call.node, bytes: nil, size: image.size, diskSize: image.diskSize)
    }

    private func checksum(of image: PublishedImage, _ algorithm: String) -> String? {
        switch algorithm {
        case "sha256": image.sha256(core.digests)
        case "sha512": image.sha512(core.digests)
        default: nil
        }
    }

    private func check(_ checksum: String, _ algorithm: String, of bytes: [UInt8]) throws {
        guard algorithm == "sha256" else {
            throw PVEFailure(501, "the simulated server computes sha256 only, not \(algorithm)")
        }
        let actual = core.digests.sha256(bytes).hexadecimal
        guard actual == checksum.lowercased() else {
            throw PVEFailure("checksum mismatch: got '\(actual)' != expect '\(checksum)'")
        }
    }

    /// Where a file is to be stored.
    private struct Target {
        let storage: String
        let content: String
        let name: String
        var path: String { "\(content)/\(name)" }
        var id: String { "\(storage):\(path)" }
    }

    private func target(_ call: PVECall) throws -> Target {
        let storage = try storage(call.storage)
        let content = call["content"] ?? ""
        guard storage.isFileBased else {
            throw PVEFailure("can't upload to storage type '\(storage.type)'")
        }
        guard storage.content.contains(content) else {
            throw PVEFailure("storage '\(storage.id)' does not support '\(content)' content")
        }
        let name = Self.normalisedFileName(call["filename"] ?? "")
        guard name.matchesWhole(Self.fileNames[content] ?? "") else {
            throw PVEFailure.parameters(["filename": "wrong file extension"])
        }
        return Target(storage: storage.id, content: content, name: name)
    }

    /// Without its folder, and with `_` for what is not in `[A-Za-z0-9_.-]`.
    static func normalisedFileName(_ name: String) -> String {
        let last = name.split { $0 == "/" || $0 == "\\" }.last ?? ""
        return String(
            last.map { $0.isASCII && ($0.isLetter || $0.isNumber || "_.-".contains($0)) ? $0 : "_" }
        )
    }

    private static let fileNames = [
        "iso": "(?i).+\\.(?:iso|img)", "vztmpl": ".+\\.tar(?:\\.(?:gz|xz|zst|bz2))?",
        "import": ".+\\.(?:qcow2|raw|vmdk|ova)",
    ]

    private func store(
        _ target: Target, on node: String, bytes: [UInt8]?, size: PVESize, diskSize: PVESize? = nil
    ) {
        volumes[target.id, on: node] = PVEVolume(
            node: node, storage: target.storage, name: target.path, content: target.content,
            owner: nil, size: size, diskSize: diskSize, bytes: bytes, created: core.now)
    }

    func listTemplates(_ call: PVECall) -> Value {
        .list(
            templates.map { name in
                let parts = name.split(separator: "_").map(String.init)
                return [
                    "template": .string(name), "type": "lxc", "package": .string(parts[0]),
                    "version": .string(parts[1]), "section": "system", "architecture": "amd64",
                    "os": .string(parts[0].split(separator: "-").prefix(2).joined(separator: "-")),
                    "source": "https://download.proxmox.com/images", "location": .string(url(name)),
                    "headline": .string("\(parts[0]) (simulated)"),
                ]
            })
    }

    private func url(_ template: String) -> String {
        "http://download.proxmox.com/images/system/\(template)"
    }

    func fetchTemplate(_ call: PVECall) throws -> Value {
        let storage = try storage(call.storage)
        let name = call["template"] ?? ""
        guard let image = PublishedImage.at(url(name)) else {
            throw PVEFailure.parameters(["template": "no such template"])
        }
        guard storage.content.contains("vztmpl") else {
            throw PVEFailure("storage '\(storage.id)' does not support templates")
        }
        let target = Target(storage: storage.id, content: "vztmpl", name: name)
        return tasks.start(
            .init(
                node: call.node, type: "download", id: name, log: ["downloading \(url(name))"],
                fault: call.fault
            ) { [self] in
                store(target, on: call.node, bytes: nil, size: image.size)
            })
    }
}
