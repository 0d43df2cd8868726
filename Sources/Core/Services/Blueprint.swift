package import Resources

/// Turns a spec into the objects of one vendor that it needs. Pure: asks nobody.
package protocol Blueprint: Sendable {
    func resources(for service: ServiceSpec, in project: ProjectSpec) -> [Resource]
    /// What the project needs once, whatever its services are.
    func resources(for project: ProjectSpec) -> [Resource]
}

extension Blueprint {
    package func resources(for project: ProjectSpec) -> [Resource] { [] }
}

extension [any Blueprint] {
    /// Every object that the services need, in order of address, with the lines of the specs that
    /// their fields come from.
    package func resources(for services: [ServiceSpec], in project: ProjectSpec) -> [Resource] {
        services.flatMap { service in
            flatMap { $0.resources(for: service, in: project) }.map { $0.located(by: service) }
        }.sorted { $0.address < $1.address }
    }

    /// What the project needs besides its services' objects.
    package func resources(for project: ProjectSpec) -> [Resource] {
        flatMap { $0.resources(for: project) }
    }
}

extension Resource {
    /// Keys whose attribute is called the same.
    private static let directKeys: Set = ["environment", "ingress", "protect", "spot"]

    /// Says where the keys behind its attributes stand.
    fileprivate func located(by service: ServiceSpec) -> Resource {
        var located = self
        located.file = service.file
        for key in Self.directKeys.intersection(attributes.keys) where origins[key] == nil {
            if service.places[key] != nil { located.origins[key] = Origin(key) }
        }
        located.origins = located.origins.mapValues { origin in
            let place = service.places[origin.key].map {
                Origin.Place(file: service.file, line: $0.line, column: $0.column)
            }
            return Origin(origin.key, at: place)
        }
        return located
    }
}
