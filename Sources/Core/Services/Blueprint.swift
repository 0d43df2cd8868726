package import Resources

/// Turns a spec into the objects of one vendor that it needs. Pure: asks nobody.
package protocol Blueprint: Sendable {
    func resources(for service: ServiceSpec, in project: ProjectSpec) -> [Resource]
}

extension [any Blueprint] {
    /// Every object that the services need, in order of address.
    package func resources(for services: [ServiceSpec], in project: ProjectSpec) -> [Resource] {
        services.flatMap { service in flatMap { $0.resources(for: service, in: project) } }
            .sorted { $0.address < $1.address }
    }
}
