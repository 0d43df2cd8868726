import Foundation

/// A storage, present on every node with content of its own there.
package struct PVEStorage: Hashable, Sendable {
    package let id: String
    package let type: String
    /// `iso`, `vztmpl`, `import`, `images`, `rootdir`…
    package var content: [String]
    /// Bytes on each node.
    package var total: Int

    package init(id: String, type: String, content: [String], total: Int) {
        self.id = id
        self.type = type
        self.content = content
        self.total = total
    }

    /// A fresh installation's storages, with `import` enabled.
    package static let fresh = [
        PVEStorage(
            id: "local", type: "dir", content: ["iso", "vztmpl", "import", "backup", "snippets"],
            total: 100 << 30),
        PVEStorage(
            id: "local-lvm", type: "lvmthin", content: ["images", "rootdir"], total: 800 << 30),
    ]

    var isFileBased: Bool { type == "dir" }
}

/// One volume on one node.
struct PVEVolume: Hashable {
    var node: String
    let storage: String
    /// `vm-200-disk-0`, `iso/seed.iso`.
    let name: String
    /// `images`, `rootdir`, `iso`, `vztmpl`, `import`.
    let content: String
    /// The guest whose id is in its name.
    var owner: Int?
    var size: PVESize
    /// What a disk made from it has.
    var diskSize: PVESize?
    /// What was uploaded.
    var bytes: [UInt8]?
    let created: Date

    var id: String { "\(storage):\(name)" }
}

/// All volumes of all nodes.
struct PVEVolumes {
    private struct Key: Hashable {
        let node: String
        let id: String
    }

    private var volumes: [Key: PVEVolume] = [:]

    var all: [PVEVolume] {
        volumes.values.sorted { ($0.node, $0.id) < ($1.node, $1.id) }
    }

    subscript(_ id: String, on node: String) -> PVEVolume? {
        get { volumes[Key(node: node, id: id)] }
        set { volumes[Key(node: node, id: id)] = newValue }
    }

    func used(_ storage: String, on node: String) -> Int {
        volumes.values.filter { $0.node == node && $0.storage == storage }
            .reduce(0) { $0 + $1.size.bytes }
    }

    /// The first free `vm-200-disk-n`.
    func freeDiskName(for vmid: Int, storage: String, on node: String) -> String {
        let names = (0...).lazy.map { "vm-\(vmid)-disk-\($0)" }
        return names.first { self["\(storage):\($0)", on: node] == nil } ?? ""
    }
}
