import Resources
import Services

/// One change of a `service.yaml`.
enum SpecStep {
    case set([String], Value)
    case append([String], Value)
    case remove([String], Int, Value)

    var path: [String] {
        switch self {
        case .set(let path, _), .append(let path, _), .remove(let path, _, _): path
        }
    }

    /// `ingress.0.from`
    var key: String { path.joined(separator: ".") }

    /// What a person is to do where the file is not edited.
    func byHand(in language: SpecLanguage = .yaml) -> String {
        switch self {
        case .set(let path, let value):
            "\(key)\(language.assignment)\(value.text(at: path, in: language))"
        case .append(let path, let value):
            "one more of \(key): \(value.text(at: path + ["0"], in: language))"
        case .remove(let path, _, let value):
            "\(key) without \(value.text(at: path + ["0"], in: language))"
        }
    }
}

extension SpecStep {
    /// What leads from one spec to another, in the order of the keys.
    static func steps(
        from old: ServiceSpec, to new: ServiceSpec, in text: YAMLEditor
    ) -> [SpecStep] {
        var steps: [SpecStep] = []
        if old.size != new.size { steps += sizes(from: old.size.shape, to: new.size, text) }
        if let access = new.publicAccess, access != old.publicAccess {
            let port = Value.integer(access.port)
            steps.append(
                text.isMapping(["public"])
                    ? .set(["public", "port"], port) : .set(["public"], ["port": port]))
        }
        if old.spot != new.spot { steps.append(.set(["spot"], .boolean(new.spot))) }
        if let data = new.data, data != old.data {
            steps.append(.set(["data", "size"], .gibibytes(data.gibibytes)))
        }
        if old.exposure != new.exposure {
            steps.append(.set(["expose"], .string(new.exposure.rawValue)))
        }
        if old.ingress != new.ingress { steps += rules(from: old.ingress, to: new.ingress, text) }
        if old.environment != new.environment {
            steps.append(.set(["environment"], .string(new.environment)))
        }
        if old.protect != new.protect { steps.append(.set(["protect"], .boolean(new.protect))) }
        return steps
    }

    private static func sizes(
        from old: MachineShape, to new: Size, _ text: YAMLEditor
    ) -> [SpecStep] {
        if case .named(let name) = new { return [.set(["size"], .string(name.rawValue))] }
        let members: [(String, old: Value, new: Value)] = [
            ("cpu", .integer(old.cpu), .integer(new.shape.cpu)),
            ("memory", .mebibytes(old.memoryMebibytes), .mebibytes(new.shape.memoryMebibytes)),
            ("disk", .gibibytes(old.diskGibibytes), .gibibytes(new.shape.diskGibibytes)),
        ]
        guard text.isMapping(["size"]) else {
            return [.set(["size"], .object(members.reduce(into: [:]) { $0[$1.0] = $1.new }))]
        }
        return members.filter { $0.old != $0.new }.map { .set(["size", $0.0], $0.new) }
    }

    /// Rules of the same port stay where they are, and new ones come last.
    private static func rules(
        from old: [IngressRule], to new: [IngressRule], _ text: YAMLEditor
    ) -> [SpecStep] {
        guard text.node(at: ["ingress"]) != nil else {
            return [.set(["ingress"], .list(new.map(\.value)))]
        }
        var (steps, left, gone) = ([SpecStep](), new, [Int]())
        for (index, rule) in old.enumerated() {
            let match = left.firstIndex { $0.port == rule.port && $0.transport == rule.transport }
            if let match {
                let path = ["ingress", String(index), "from"]
                steps += sources(from: rule.sources, to: left.remove(at: match).sources, path)
            } else {
                gone.append(index)
            }
        }
        return steps + left.map { .append(["ingress"], $0.value) }
            + gone.reversed().map { .remove(["ingress"], $0, old[$0].value) }
    }

    private static func sources(
        from old: [String], to new: [String], _ path: [String]
    ) -> [SpecStep] {
        new.filter { !old.contains($0) }.map { .append(path, .string($0)) }
            + old.indices.reversed().filter { !new.contains(old[$0]) }
            .map { .remove(path, $0, .string(old[$0])) }
    }
}

extension IngressRule {
    fileprivate var value: Value {
        var members: [String: Value] = [
            "port": .integer(port), "from": .list(sources.map(Value.string)),
        ]
        if transport != .tcp { members["protocol"] = .string(transport.rawValue) }
        return .object(members)
    }
}

extension Value {
    fileprivate static func gibibytes(_ number: Int) -> Value { "\(number)GiB" }

    fileprivate static func mebibytes(_ number: Int) -> Value {
        number % 1024 == 0 ? gibibytes(number / 1024) : "\(number)MiB"
    }
}
