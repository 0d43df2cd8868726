import Resources
import Services

/// Finds each object's place among what the specs want.
struct TerraformFit {
    enum Place {
        case wanted(Resource, id: String)
        /// Of the object with that identifier.
        case part(of: String)
        case stranger(String)
    }

    private let services: [ServiceSpec]
    private let desired: [Resource]
    private let choices: TerraformChoices

    init(_ services: [ServiceSpec], _ desired: [Resource], _ choices: TerraformChoices) {
        self.services = services
        self.desired = desired
        self.choices = choices
    }

    func place(of object: TerraformObject) -> Place {
        guard let type = TerraformType.named(object.address.type) else {
            return .stranger("Launch does not manage \(object.address.type)")
        }
        if choices.leaves(object) { return .stranger("it is left out, as you asked for") }
        if let key = object.deposed {
            return .stranger(
                "deposed (\(key)): its replacement stands already, and Terraform was to delete it; "
                    + "delete it by hand, or with `terraform apply`")
        }
        switch type.role {
        case .part: return object.whole.map(Place.part) ?? .stranger("it is a part of nothing")
        case .used: return .stranger(used(object))
        case .object(let kind):
            guard let id = object.id else {
                return .stranger("the state shows no identifier of it, or holds it for sensitive")
            }
            return place(of: object, kind: kind, id: id)
        }
    }

    private func used(_ object: TerraformObject) -> String {
        let users = services.filter { object.names.contains($0.environment) }.map(\.name).sorted()
        return users.isEmpty
            ? "no service has that environment"
            : "\(users.joined(separator: ", ")) goes on to use it by its name; Launch owns none"
    }

    // MARK: - Objects of their own

    private func place(of object: TerraformObject, kind: KindName, id: String) -> Place {
        let candidates = desired.filter { $0.address.kind == kind }
        if kind == KindName(.cloudflare, "dns_record") {
            return record(object, id: id, among: candidates)
        }
        guard let service = service(of: object, candidates) else {
            return .stranger("no service is called like its module, name or tags")
        }
        guard let wanted = candidates.first(where: { $0.address.service == service.name }) else {
            return .stranger("\(service.file) asks for no \(kind)")
        }
        if let complaint = complaint(about: object, as: wanted) { return .stranger(complaint) }
        return .wanted(wanted, id: id)
    }

    /// A record is told by its host name and type, wherever it stands.
    private func record(
        _ object: TerraformObject, id: String, among candidates: [Resource]
    ) -> Place {
        let names = object.names.map { $0.lowercased() }
        // Up to version 4 a name is the label alone, beside the zone's identifier.
        let wanted = candidates.first { candidate in
            let host = candidate.address.key?.split(separator: "/").first.map(String.init) ?? ""
            let hasName = names.contains { $0 == host || host.hasPrefix("\($0).") }
            return hasName && (object.recordType ?? "").uppercased() == candidate["type"]?.string
        }
        return wanted.map { .wanted($0, id: id) }
            ?? .stranger("no service has a \(object.recordType ?? "") record of that name")
    }

    /// A role is known by its name alone: under another one, Launch makes its own.
    private func complaint(about object: TerraformObject, as wanted: Resource) -> String? {
        guard wanted.address.kind == KindName(.aws, "instance_profile"),
            let name = wanted["name"]?.string, !object.names.contains(name)
        else { return nil }
        return "a role is known by its name, which would be \(name), and cannot be renamed: "
            + "Launch makes one"
    }

    // MARK: - Services

    /// By what a person says, by the module, by its names and tags, and last by what the
    /// configuration calls it.
    private func service(of object: TerraformObject, _ candidates: [Resource]) -> ServiceSpec? {
        if let chosen = choices.service(of: object) { return services.first { $0.name == chosen } }
        let address = object.address
        let modules = address.modules.reversed().flatMap { [$0.key?.text, $0.name] }
        let wordings: [[String?]] = [
            modules, object.names.sorted(), object.tags.sorted(),
            [address.key?.text, address.name],
        ]
        let words = wordings.joined().compactMap { $0.map(plain) }
        return words.lazy.compactMap { word in
            services.first { service in
                plain(service.name) == word
                    || candidates.contains {
                        $0.address.service == service.name
                            && $0["name"]?.string.map(plain) == word
                    }
            }
        }.first
    }

    /// Terraform's names seldom have hyphens.
    private func plain(_ name: String) -> String {
        name.lowercased().replacing("_", with: "-")
    }
}
