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
    /// "size" as "size in services/web/service.yaml:3"; a key left to its default has no line.
    fileprivate func located(by service: ServiceSpec) -> Resource {
        var located = self
        located.origins = origins.mapValues { key in
            service.places[key].map { "\(key) in \(service.file):\($0.line)" } ?? key
        }
        return located
    }
}
