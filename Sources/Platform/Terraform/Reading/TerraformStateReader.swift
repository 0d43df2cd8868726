import Resources

/// Reads a state file of Terraform 0.12 and newer, or of OpenTofu: format 4. Asks nobody.
///
/// <https://github.com/hashicorp/terraform/blob/main/internal/states/statefile/version4.go>
package struct TerraformStateReader {
    private static let format = 4

    private let location: String
    private var problems: [InvalidTerraformState.Problem] = []
    private var objects: [TerraformObject] = []
    private var dataSources = 0

    private init(_ location: String) { self.location = location }

    /// - Parameter location: what errors call the file.
    /// - Throws: `InvalidTerraformState` with everything that is wrong.
    package static func read(_ bytes: [UInt8], from location: String) throws -> TerraformState {
        var reader = TerraformStateReader(location)
        let document = try reader.document(bytes)
        for (index, resource) in (document["resources"]?.list ?? []).enumerated() {
            reader.read(resource, at: "resources[\(index)]")
        }
        guard reader.problems.isEmpty else { throw reader.invalid(reader.problems) }
        return TerraformState(
            writer: document["terraform_version"]?.string ?? "unknown",
            serial: document["serial"]?.integer ?? 0, objects: reader.objects,
            dataSources: reader.dataSources)
    }

    /// - Throws: `InvalidTerraformState` for what is no state of this format.
    private func document(_ bytes: [UInt8]) throws -> Value {
        guard let document = Value(json: bytes), document.object != nil else {
            throw invalid([.notJSON])
        }
        if document["encrypted_data"] != nil { throw invalid([.encrypted]) }
        guard let version = document["version"]?.integer, document["lineage"] != nil else {
            throw invalid([.notAState])
        }
        if version < Self.format { throw invalid([.older(version)]) }
        if version > Self.format {
            throw invalid([.newer(version, writer: document["terraform_version"]?.string)])
        }
        return document
    }

    private func invalid(_ problems: [InvalidTerraformState.Problem]) -> InvalidTerraformState {
        InvalidTerraformState(location: location, problems: problems)
    }

    private mutating func read(_ resource: Value, at place: String) {
        guard let type = resource["type"]?.string, let name = resource["name"]?.string,
            let mode = resource["mode"]?.string, ["managed", "data"].contains(mode)
        else { return problems.append(.malformed(place, "it has no mode, type or name")) }
        guard let modules = TerraformAddress.Step.path(resource["module"]?.string ?? "") else {
            return problems.append(.malformed(place, "its module is no path of modules"))
        }
        let instances = resource["instances"]?.list ?? []
        if mode == "data" {
            dataSources += instances.count
            return
        }
        for (index, instance) in instances.enumerated() {
            let key: TerraformAddress.Key?
            switch instance["index_key"] {
            case nil, .null?: key = nil
            case .integer(let number)?: key = .index(number)
            case .string(let text)?: key = .name(text)
            default:
                problems.append(
                    .malformed("\(place).instances[\(index)]", "its key is no number and no text"))
                continue
            }
            let address = TerraformAddress(modules: modules, type: type, name: name, key: key)
            objects.append(TerraformInstance(instance).object(at: address))
        }
    }
}

/// One entry of `instances`.
private struct TerraformInstance {
    private let value: Value
    private let hidden: Set<String>

    init(_ value: Value) {
        self.value = value
        // A path begins with the attribute: [{"type": "get_attr", "value": "password"}, …].
        hidden = Set(
            (value["sensitive_attributes"]?.list ?? []).compactMap {
                $0.list?.first?["value"]?.string
            })
    }

    func object(at address: TerraformAddress) -> TerraformObject {
        let type = TerraformType.named(address.type)
        var whole: String?
        if case .part(let attribute)? = type?.role { whole = text(attribute).map(lastPart) }
        let tags = (type?.tags ?? []).compactMap(attribute)
        return TerraformObject(
            address,
            id: (type?.identifiers ?? []).lazy.compactMap(text).first.map(lastPart),
            names: Set(
                (type?.names ?? []).compactMap(name) + tags.compactMap { $0["Name"]?.string }),
            tags: Set(tags.flatMap(words)), recordType: text("type"), whole: whole,
            deposed: value["deposed"]?.string.flatMap { $0.isEmpty ? nil : $0 },
            isTainted: value["status"] == "tainted")
    }

    /// `nil` for one that is sensitive.
    private func attribute(_ name: String) -> Value? {
        hidden.contains(name) ? nil : value["attributes"]?[name]
    }

    private func text(_ name: String) -> String? {
        guard let value = attribute(name) else { return nil }
        let text = value.integer.map(String.init) ?? value.string
        return text.flatMap { $0.isEmpty || $0 == "0" ? nil : $0 }
    }

    /// A block is a list of one.
    private func name(_ path: [String]) -> String? {
        guard let first = path.first, var value = attribute(first) else { return nil }
        for step in path.dropFirst() { value = (value.list?.first ?? value)[step] ?? .null }
        return value.string.flatMap { $0.isEmpty ? nil : $0 }
    }

    /// `node/qemu/100` is 100.
    private func lastPart(_ identifier: String) -> String {
        identifier.split(separator: "/").last.map(String.init) ?? identifier
    }

    /// AWS has an object of tags, bpg's Proxmox a list, Telmate's one text.
    private func words(_ tags: Value) -> [String] {
        tags.object?.values.compactMap(\.string) ?? tags.list?.compactMap(\.string)
            ?? tags.string?.split { ";, ".contains($0) }.map(String.init) ?? []
    }
}
