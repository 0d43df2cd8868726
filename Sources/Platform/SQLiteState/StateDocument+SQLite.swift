import GRDB
import Resources

extension StateDocument {
    /// Assembles the document from its rows.
    init(in database: Database, header: Header) throws {
        var services: [String: ServiceState] = [:]
        for (name, state) in try Tables.services.entries(in: database) { services[name] = state }
        for resource in try Tables.resources.all(in: database, order: "key") {
            services[resource.address.service, default: ServiceState()].resources.append(resource)
        }
        self.init(
            lineage: header.lineage, serial: header.serial, project: header.project,
            services: services, intents: try Tables.intents.all(in: database))
    }
}

extension ServiceSlice {
    init(of service: String, in database: Database) throws {
        var state = try Tables.services.all(in: database, of: service).first ?? ServiceState()
        state.resources = try Tables.resources.all(in: database, of: service, order: "key")
        self.init(
            service: service, state: state,
            intents: try Tables.intents.all(in: database, of: service))
    }

    /// Writes the rows in which this differs from `old`, and no others.
    func save(insteadOf old: ServiceSlice, in database: Database) throws {
        try saveDescription(insteadOf: old, in: database)
        try Self.save(
            state.resources, insteadOf: old.state.resources, in: database, Tables.resources,
            service: service, key: \.address.description)
        try Self.save(
            intents, insteadOf: old.intents, in: database, Tables.intents, service: service,
            key: \.id)
    }

    private func saveDescription(insteadOf old: ServiceSlice, in database: Database) throws {
        let description = state.withoutResources
        if description == ServiceState() {
            try Tables.services.remove(service, from: database)
        } else if description != old.state.withoutResources {
            try Tables.services.put(description, key: service, service: service, in: database)
        }
    }

    private static func save<Document: Hashable & JSONCodable>(
        _ new: [Document], insteadOf old: [Document], in database: Database,
        _ table: DocumentTable<Document>, service: String, key: (Document) -> String
    ) throws {
        for document in Set(new).subtracting(old) {
            try table.put(document, key: key(document), service: service, in: database)
        }
        for gone in Set(old.map(key)).subtracting(new.map(key)) {
            try table.remove(gone, from: database)
        }
    }
}

extension ServiceState {
    fileprivate var withoutResources: ServiceState {
        var state = self
        state.resources = []
        return state
    }
}
