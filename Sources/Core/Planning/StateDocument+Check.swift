package import Resources

extension StateDocument {
    /// Checks what the form alone does not: that each record stands once, under its own service,
    /// and holds no secret. Errors show no value.
    /// - Throws: `StateError.corrupt` at `location`.
    package func check(_ kinds: KindCatalogue, location: String) throws {
        for (service, state) in services.sorted(by: { $0.key < $1.key }) {
            var seen: Set<Address> = []
            for (index, record) in state.resources.enumerated() {
                guard let problem = problem(of: record, in: service, after: seen, kinds) else {
                    seen.insert(record.address)
                    continue
                }
                throw StateError.corrupt(
                    location: location, detail: "services.\(service).resources[\(index)]\(problem)")
            }
        }
    }

    private func problem(
        of record: RecordedResource, in service: String, after seen: Set<Address>,
        _ kinds: KindCatalogue
    ) -> String? {
        let address = record.address
        if address.service != service {
            return ".address is of another service, \(address.service)"
        }
        if seen.contains(address) { return " records \(address) a second time" }
        let secrets = kinds.kind(of: address).fields.filter { $0.traits.contains(.secret) }
        return secrets.first { record.attributes[$0.name] != nil }.map {
            ".attributes.\($0.name) is a secret, which no state holds"
        }
    }
}
