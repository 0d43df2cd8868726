/// An option of the form `volume,key=value,…` or `key=value,…`, whose order means nothing.
///
/// Compared as a map: Proxmox sorts the keys and adds some (pve-common, `PVE/JSONSchema.pm`).
struct PropertyString: Hashable, Sendable {
    private(set) var properties: [String: String]
    /// The first key in writing.
    private let leadingKey: String

    /// - Parameter defaultKey: the key of a first piece that has no `=`.
    init(_ text: String, defaultKey: String) {
        leadingKey = defaultKey
        properties = [:]
        for piece in text.split(separator: ",") {
            let parts = piece.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            if parts.count == 2 {
                properties[String(parts[0])] = String(parts[1])
            } else {
                properties[defaultKey] = String(piece)
            }
        }
    }

    subscript(_ key: String) -> String? {
        get { properties[key] }
        set { properties[key] = newValue }
    }

    /// The leading key first, the rest sorted, as Proxmox prints it.
    var text: String {
        let rest = properties.filter { $0.key != leadingKey }.sorted { $0.key < $1.key }
            .map { "\($0.key)=\($0.value)" }
        guard let leading = properties[leadingKey] else { return rest.joined(separator: ",") }
        return ([leading] + rest).joined(separator: ",")
    }
}

/// A network interface, of a VM (`virtio=MAC,bridge=…`) or of a container (`name=eth0,…`).
struct NetworkInterface: Hashable, Sendable {
    /// The NIC models that stand as a key in front of the MAC.
    private static let models: Set = [
        "e1000", "e1000-82540em", "e1000-82544gc", "e1000-82545em", "e1000e", "i82551",
        "i82557b", "i82559er", "ne2k_isa", "ne2k_pci", "pcnet", "rtl8139", "virtio", "vmxnet3",
    ]

    private(set) var properties: [String: String]

    init(_ text: String) {
        properties = PropertyString(text, defaultKey: "model").properties
        if let model = properties["model"], let address = properties.removeValue(forKey: "macaddr")
        {
            properties[model] = address
            properties["model"] = nil
        }
    }

    subscript(_ key: String) -> String? {
        get { properties[key] }
        set { properties[key] = newValue }
    }

    /// The MAC, of a VM's interface after its model.
    var macAddress: String? {
        properties["hwaddr"] ?? properties.first { Self.models.contains($0.key) }?.value
    }

    var hasFirewall: Bool { properties["firewall"] == "1" }

    /// The option's text, its MAC kept: one left out would be replaced by a random one.
    var text: String {
        var rest = properties
        var leading: [String] = []
        for key in ["model", "name"] {
            if let value = rest.removeValue(forKey: key) {
                leading.append(key == "model" ? value : "\(key)=\(value)")
            }
        }
        for key in rest.keys.filter(Self.models.contains).sorted() {
            leading.append("\(key)=\(rest.removeValue(forKey: key) ?? "")")
        }
        if let bridge = rest.removeValue(forKey: "bridge") { leading.append("bridge=\(bridge)") }
        return (leading + rest.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" })
            .joined(separator: ",")
    }
}

/// A size as Proxmox writes it.
enum ProxmoxSize {
    private static let units: [Character: Double] = [
        "K": 1024, "M": 1_048_576, "G": 1_073_741_824, "T": 1_099_511_627_776,
    ]

    /// Bytes, from `8G`, `1.5GiB`, `8192M` or a bare number of bytes; `nil` when it is no size.
    static func bytes(_ text: String) -> Int? {
        let text = text.hasSuffix("iB") ? String(text.dropLast(2)) : text
        guard let last = text.last else { return nil }
        if let unit = units[last] {
            return Double(text.dropLast()).flatMap { Int(exactly: ($0 * unit).rounded()) }
        }
        return Int(text)
    }

    /// GiB, rounded down.
    static func gibibytes(_ text: String) -> Int? { bytes(text).map { $0 >> 30 } }
}
