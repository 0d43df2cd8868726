import Services

/// Finds what services have against each other.
struct ServiceConflicts {
    private let services: [ServiceSpec]
    private let project: ProjectSpec

    init(_ services: [ServiceSpec], in project: ProjectSpec) {
        self.services = services
        self.project = project
    }

    var diagnostics: [Diagnostic] { sharedHostnames + formerNames + labelClashes }

    /// All services but the first that claim a hostname. Who has all names of a domain is asked
    /// for by one of them, which must not be another's.
    private var sharedHostnames: [Diagnostic] {
        var owners: [String: ServiceSpec] = [:]
        return services.compactMap { service in
            guard let access = service.publicAccess else { return nil }
            let names = Set([access.hostname, access.hostname(named: service.name)]).sorted()
            guard let hostname = names.first(where: { owners[$0] != nil }),
                let owner = owners[hostname]
            else {
                for name in names { owners[name] = service }
                return nil
            }
            return diagnostic(
                service, at: ["public.hostname", "public"],
                "\(hostname) is already the hostname of \(owner.name) (\(owner.file))")
        }
    }

    private var formerNames: [Diagnostic] {
        var heirs: [String: ServiceSpec] = [:]
        return services.compactMap { service in
            guard let former = service.formerName else { return nil }
            if services.contains(where: { $0.name == former }) {
                return diagnostic(
                    service, at: ["was"],
                    "\"was\" must be a name that is no longer in use; there is a service"
                        + " \(former)")
            }
            guard let heir = heirs[former] else {
                heirs[former] = service
                return nil
            }
            return diagnostic(
                service, at: ["was"],
                "\(heir.name) was \(former) too (\(heir.file)); only one service can be")
        }
    }

    /// Runner labels match as a set, so a service must not be called like an environment.
    private var labelClashes: [Diagnostic] {
        let environments = Set(services.map(\.environment) + [project.environment])
        return services.flatMap { service -> [Diagnostic] in
            var found: [Diagnostic] = []
            if environments.contains(service.name) {
                found.append(
                    diagnostic(
                        service, at: [],
                        "a service cannot be called \(service.name): that is an environment, and"
                            + " runner labels would not tell them apart"))
            }
            if service.places["environment"] != nil,
                let problem = ServiceName.problem(withEnvironment: service.environment)
            {
                found.append(diagnostic(service, at: ["environment"], problem))
            }
            return found
        }
    }

    private func diagnostic(
        _ service: ServiceSpec, at paths: [String], _ message: String
    ) -> Diagnostic {
        let place = (paths + [ServiceSpec.nameKey]).lazy.compactMap { service.places[$0] }.first
        return Diagnostic(file: service.file, place: place ?? .start, message: message)
    }
}
