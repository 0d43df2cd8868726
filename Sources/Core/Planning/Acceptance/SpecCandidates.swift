package import Resources
package import Services

/// Specs that differ from one in a single key, in the order in which they are to be tried.
///
/// Nothing here knows what a provider makes of a key: the values that are tried come from what is
/// real, and the plan tells whether one of them is right.
package struct SpecCandidates {
    private let spec: ServiceSpec
    private let actual: [Value]

    /// - Parameter actual: what is real of the fields that the key is behind.
    package init(from spec: ServiceSpec, actual: [Value]) {
        self.spec = spec
        self.actual = actual
    }

    /// The key of `service.yaml` that says a field; `nil` when none does.
    package static func key(of field: String, in resource: Resource) -> String? {
        [resource.origins[field]?.key, field].compactMap(\.self).first(where: keys.contains)
    }

    private static let keys: Set = [
        "size", "data", "public", "expose", "spot", "ingress", "environment", "protect",
    ]

    /// The spec as it is comes first: it may say so already.
    package func specs(for key: String) -> [ServiceSpec] {
        [spec] + others(for: key).filter { $0 != spec }
    }

    private func others(for key: String) -> [ServiceSpec] {
        switch key {
        case "size": sizes.map { with(\.size, $0) }
        case "data": numbers.map { with(\.data, DataVolume(gibibytes: $0)) }
        case "public": accesses.map { with(\.publicAccess, $0) }
        case "expose": ServiceSpec.Exposure.allCases.map { with(\.exposure, $0) }
        case "spot": [with(\.spot, !spec.spot)]
        case "ingress": IngressReading(actual)?.rules(like: spec.ingress).map(withRules) ?? []
        case "environment": texts.map { with(\.environment, $0) }
        case "protect": [with(\.protect, !spec.protect)]
        default: []
        }
    }

    private func with<Field>(
        _ field: WritableKeyPath<ServiceSpec, Field>, _ value: Field
    ) -> ServiceSpec {
        var spec = spec
        spec[keyPath: field] = value
        return spec
    }

    private func withRules(_ rules: [IngressRule]) -> ServiceSpec { with(\.ingress, rules) }

    // MARK: - Values

    private var numbers: [Int] { actual.compactMap(\.integer) }

    private var texts: [String] { actual.flatMap(\.texts) }

    /// The same name with another port, out of whatever text has one.
    private var accesses: [PublicAccess] {
        guard let access = spec.publicAccess else { return [] }
        let ports = texts.flatMap { $0.split { !$0.isNumber } }.compactMap { Int($0) }
        return ports.filter((1...65535).contains)
            .map { PublicAccess(hostname: access.hostname, port: $0) }
    }

    /// A size that has a name, unless the spec gives numbers by itself.
    private var sizes: [Size] {
        let shapes = shapes.map(Size.custom)
        if case .custom = spec.size { return shapes }
        return Size.Name.allCases.map(Size.named) + shapes
    }

    /// A machine's type is known by its name alone, so for one every usual shape is tried, the
    /// largest first: the type's own is the largest that is mapped to it.
    private var shapes: [MachineShape] {
        let now = spec.size.shape
        let isNamed = actual.contains { $0.string != nil }
        let cpus = isNamed ? Self.usualCPUs : [now.cpu] + numbers
        let memories = isNamed ? Self.usualMemories : [now.memoryMebibytes] + numbers
        return cpus.flatMap { cpu in
            memories.flatMap { memory in
                ([now.diskGibibytes] + numbers).map {
                    MachineShape(cpu: cpu, memoryMebibytes: memory, diskGibibytes: $0)
                }
            }
        }
    }

    private static let usualCPUs = (0...7).reversed().map { 1 << $0 }
    private static let usualMemories = (-1...10).reversed().map { $0 < 0 ? 512 : 1024 << $0 }
}

extension Value {
    /// Every text inside, at any depth.
    fileprivate var texts: [String] {
        switch self {
        case .string(let text): [text]
        case .list(let values): values.flatMap(\.texts)
        case .object(let members): members.sorted { $0.key < $1.key }.flatMap(\.value.texts)
        default: []
        }
    }
}
