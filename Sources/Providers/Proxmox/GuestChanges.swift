import Resources

/// The options that bring a guest from what it is to what is desired.
struct GuestChanges {
    let type: GuestType
    let kind: ResourceKind
    let desired: Resource
    let configuration: GuestConfiguration
    let observed: ObservedResource

    init(_ guest: Guest, _ desired: Resource, _ configuration: GuestConfiguration) {
        type = guest.type
        kind = guest.type == .qemu ? .proxmoxVM : .proxmoxContainer
        self.desired = desired
        self.configuration = configuration
        observed = GuestReading(guest: guest, status: guest.status, configuration: configuration)
            .observed(at: desired.address)
    }

    /// - Throws: `ProxmoxFailure` for what Proxmox cannot do in place.
    func parameters() throws -> Parameters {
        try requireGrowth("disk", type.rootDisk)
        try requireGrowth("data_disk", type.dataDisk)
        var parameters: Parameters = [:]
        for field in kind.fields where field.isComparable && differs(field) {
            parameters.merge(options(for: field.name)) { $1 }
        }
        return parameters
    }

    private func differs(_ field: Field) -> Bool {
        field.normalised(desired[field.name]) != field.normalised(observed[field.name])
    }

    private func options(for field: String) -> Parameters {
        let value = kind[field]?.normalised(desired[field]) ?? .null
        switch field {
        case "name": return [type.nameOption: value.plainText]
        case "cpu": return processors(value)
        case "memory", "swap": return [field: value.plainText]
        case "protect": return ["protection": flag(value)]
        case "onboot": return ["onboot": flag(value)]
        case "agent": return ["agent": property("agent", "enabled", flag(value))]
        case "nesting": return ["features": property("features", "nesting", flag(value))]
        case "bridge", "firewall", "ip": return ["net0": network()]
        case "tags": return ["tags": tags()]
        case "owner", "exposed": return ["description": notes()]
        case "data_disk": return newDataDisk()
        default: return [:]
        }
    }

    /// Plugged in where the running machine takes so many, else as many as it begins with.
    private func processors(_ wanted: Value) -> Parameters {
        let number = wanted.plainText
        guard type == .qemu else { return ["cores": number] }
        if HotPlugging.takesProcessors(wanted, observed) { return ["vcpus": number] }
        var parameters = ["cores": number]
        if configuration["sockets"] != nil { parameters["sockets"] = "1" }
        if configuration.settled("vcpus") != nil { parameters["delete"] = "vcpus" }
        return parameters
    }

    private func flag(_ value: Value) -> String { value.boolean == true ? "1" : "0" }

    /// The option with one property set and the others kept.
    private func property(_ option: String, _ key: String, _ value: String) -> String {
        var properties = PropertyString(configuration.settled(option) ?? "", defaultKey: key)
        properties[key] = nil
        let rest = properties.text
        return "\(key)=\(value)" + (rest.isEmpty ? "" : ",\(rest)")
    }

    /// The interface with its MAC and whatever else people gave it.
    private func network() -> String {
        let text = configuration.settled("net0") ?? GuestForm(type, desired).newInterface
        var network = NetworkInterface(text)
        if let bridge = desired["bridge"]?.string { network["bridge"] = bridge }
        if let ip = desired["ip"]?.string { network["ip"] = ip }
        network["firewall"] = desired["firewall"]?.boolean == true ? "1" : nil
        return network.text
    }

    private func tags() -> String {
        let foreign = configuration.foreignTags
        let own = (desired["tags"]?.list ?? []).compactMap(\.string)
        return Set(foreign + own).sorted().joined(separator: ";")
    }

    private func notes() -> String {
        var mark = GuestForm(type, desired).mark
        mark.seed = configuration.mark?.seed ?? configuration.seedVolume
        return mark.written(into: configuration.notes)
    }

    /// Only when there is none: writing the form of creation again would allocate another disk.
    private func newDataDisk() -> Parameters {
        guard configuration.settled(type.dataDisk) == nil,
            let disk = GuestForm(type, desired).dataDisk
        else { return [:] }
        return [type.dataDisk: disk]
    }

    /// Proxmox cannot make a disk smaller, and taking one away would lose what is on it.
    private func requireGrowth(_ field: String, _ disk: String) throws {
        guard let size = configuration.gibibytes(disk) else { return }
        let wanted = desired[field]?.integer
        if let wanted, wanted >= size { return }
        let wish = wanted.map { "\($0) GiB" } ?? "none"
        throw ProxmoxFailure(
            .invalid, "\(field) is \(size) GiB and cannot become \(wish) without losing data",
            remedy: "Set it back to \(size)GiB, or destroy the service and converge it anew.")
    }
}
