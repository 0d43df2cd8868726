/// The keys of a property string such as `virtio,bridge=vmbr0,firewall=1`.
struct PVEPropertySchema: Sendable {
    let keys: PVESchema
    /// The keys that are printed first, in this order; the others follow by name.
    var leading: [String] = []

    private struct Malformed: Error {
        let text: String
    }

    /// What is wrong with the string; `nil` when nothing is.
    func error(in text: String, at name: String, version: PVEVersion) -> String? {
        do {
            let properties = try parsed(text)
            let errors = keys.errors(in: properties.mapValues { [$0] }, version: version)
            if errors.isEmpty { return nil }
            let lines = errors.sorted { $0.key < $1.key }.map { "\(name).\($0.key): \($0.value)" }
            return "format error\n" + lines.joined(separator: "\n")
        } catch {
            return (error as? Malformed)?.text ?? "\(error)"
        }
    }

    /// The keys and values of a string, aliases resolved; `nil` when it is malformed.
    func parse(_ text: String) -> [String: String]? { try? parsed(text) }

    private func parsed(_ text: String) throws -> [String: String] {
        var properties: [String: String] = [:]
        for part in text.split(separator: ",") {
            let pieces = part.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard pieces.count == 2 else {
                guard let key = defaultKey else {
                    throw Malformed(
                        text: "value without key, but schema does not define a default key")
                }
                try add(key, String(part), to: &properties)
                continue
            }
            let (key, value) = (String(pieces[0]), String(pieces[1]))
            let parameter = keys.parameters[key]
            if let keyAlias = parameter?.keyAlias { try add(keyAlias, key, to: &properties) }
            try add(parameter?.alias ?? key, value, to: &properties)
        }
        return properties
    }

    private func add(_ key: String, _ value: String, to properties: inout [String: String]) throws {
        guard properties.updateValue(value, forKey: key) == nil else {
            throw Malformed(text: "duplicate key in comma-separated list property: \(key)")
        }
    }

    var defaultKey: String? { keys.parameters.first { $0.value.isDefaultKey }?.key }

    /// The string that the server stores for these properties.
    func print(_ properties: [String: String]) -> String {
        var rest = properties
        var parts: [String] = []
        if let key = defaultKey, let value = rest.removeValue(forKey: key) {
            let owner = keys.parameters[value]
            if let target = owner?.alias, owner?.keyAlias == key,
                let aliased = rest.removeValue(forKey: target)
            {
                parts.append("\(value)=\(aliased)")
            } else {
                parts.append(value)
            }
        }
        for key in leading {
            if let value = rest.removeValue(forKey: key) { parts.append("\(key)=\(value)") }
        }
        parts += rest.sorted { $0.key < $1.key }.map {
            "\($0.key)=\(printed($0.value, as: $0.key))"
        }
        return parts.joined(separator: ",")
    }

    /// A disk size is printed in its largest exact unit.
    private func printed(_ value: String, as key: String) -> String {
        guard case .diskSize? = keys.parameters[key]?.format else { return value }
        return PVESize(value)?.description ?? value
    }
}
