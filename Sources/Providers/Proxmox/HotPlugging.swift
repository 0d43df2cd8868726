import Resources

/// What a running VM takes without a restart: its `hotplug` option says so, with `numa` for memory
/// (qemu-server, `PVE/QemuServer.pm`, `vmconfig_hotplug_pending`).
///
/// Launch does not switch it on, for many guests do not bear it; where people did, it is used.
struct HotPlugging {
    /// Up to so many processors can be plugged: those that the VM was started with room for.
    private let processors: Int
    private let takesMemory: Bool

    init(_ configuration: GuestConfiguration) {
        let features = Set(
            (configuration["hotplug"] ?? "").split { ",; ".contains($0) }.map(String.init))
        processors = features.contains("cpu") ? configuration.mostProcessors : 0
        takesMemory = features.contains("memory") && configuration.flag("numa")
    }

    /// The computed field `hotplug`; `nil` when only a restart applies anything.
    var attribute: Value? {
        guard processors > 0 || takesMemory else { return nil }
        return ["processors": .integer(processors), "memory": .boolean(takesMemory)]
    }

    /// Processors are plugged as `vcpus`, below the limit that `cores` and `sockets` set.
    static func takesProcessors(_ wanted: Value, _ machine: ObservedResource) -> Bool {
        guard let wanted = wanted.integer else { return false }
        return wanted <= machine["hotplug"]?["processors"]?.integer ?? 0
    }

    /// Memory is plugged in modules of 512 MiB at least; hardly any guest gives one back.
    static func takesMemory(_ wanted: Value, _ machine: ObservedResource) -> Bool {
        guard let wanted = wanted.integer, let current = machine["memory"]?.integer else {
            return false
        }
        return machine["hotplug"]?["memory"]?.boolean == true && wanted > current
            && wanted.isMultiple(of: 512)
    }
}

extension GuestConfiguration {
    /// What the VM may have of them without a restart.
    var mostProcessors: Int { number("cores") * number("sockets") }

    /// What the VM has of them.
    var processors: Int { self["vcpus"].flatMap(Int.init) ?? mostProcessors }

    private func number(_ option: String) -> Int { self[option].flatMap(Int.init) ?? 1 }
}
