import Resources

import Foundation

/// How the server rewrites values before it stores them.
struct PVECanonical {
    let kind: PVEGuest.Kind
    let random: any RandomSource

    func value(_ value: String, of option: String) -> String {
        switch option.pveIndexed?.stem ?? option {
        case "net": network(value)
        case "tags": Self.tags(value)
        case "description" where kind == .lxc: value.hasSuffix("\n") ? value : value + "\n"
        case _ where kind.volumeSchema(option) != nil:
            reprinted(value, by: kind.volumeSchema(option))
        default: value
        }
    }

    /// Lower-case, each once, sorted.
    static func tags(_ value: String) -> String {
        Set(value.lowercased().pveList).sorted().joined(separator: ";")
    }

    /// A missing MAC address is replaced by a random one at every write.
    private func network(_ value: String) -> String {
        let schema: PVEPropertySchema = kind == .qemu ? .qemuNet : .lxcNet
        guard var properties = schema.parse(value) else { return value }
        let key = kind == .qemu ? "macaddr" : "hwaddr"
        properties[key] = properties[key] ?? randomMAC()
        if kind == .lxc { properties["type"] = "veth" }
        return schema.print(properties)
    }

    private func reprinted(_ value: String, by schema: PVEPropertySchema?) -> String {
        guard let schema, let properties = schema.parse(value) else { return value }
        return schema.print(properties)
    }

    /// In Proxmox's own range.
    private func randomMAC() -> String {
        let digits = random.hexadecimal(6).uppercased()
        let bytes = stride(from: 0, to: 6, by: 2).map { String(digits.dropFirst($0).prefix(2)) }
        return (["BC", "24", "11"] + bytes).joined(separator: ":")
    }
}
