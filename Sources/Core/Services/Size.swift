/// How big a machine is.
package enum Size: Hashable, Sendable {
    case named(Name)
    case custom(MachineShape)

    package enum Name: String, Sendable, CaseIterable { case small, medium, large, xlarge }

    package var shape: MachineShape {
        switch self {
        case .custom(let shape): shape
        case .named(.small): MachineShape(cpu: 1, memoryMebibytes: 2048, diskGibibytes: 20)
        case .named(.medium): MachineShape(cpu: 2, memoryMebibytes: 4096, diskGibibytes: 30)
        case .named(.large): MachineShape(cpu: 4, memoryMebibytes: 8192, diskGibibytes: 50)
        case .named(.xlarge): MachineShape(cpu: 8, memoryMebibytes: 16384, diskGibibytes: 100)
        }
    }
}

/// Processors, memory and root disk.
package struct MachineShape: Hashable, Sendable {
    package var cpu: Int
    package var memoryMebibytes: Int
    package var diskGibibytes: Int

    package init(cpu: Int, memoryMebibytes: Int, diskGibibytes: Int) {
        self.cpu = cpu
        self.memoryMebibytes = memoryMebibytes
        self.diskGibibytes = diskGibibytes
    }
}
