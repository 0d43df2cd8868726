import Resources

extension ServiceSpec {
    /// The spec as one line of JSON, for hashing: two specs that mean the same have the same text,
    /// wherever their fields stand in their files.
    package var canonicalText: String { document.jsonText() }

    private var document: Value {
        let shape = size.shape
        return [
            "name": .string(name),
            "target": .string(target.rawValue),
            "size": [
                "cpu": .integer(shape.cpu), "memory_mib": .integer(shape.memoryMebibytes),
                "disk_gib": .integer(shape.diskGibibytes),
            ],
            "public": publicAccess.map {
                [
                    "hostname": .string($0.hostname), "port": .integer($0.port),
                    "certificate": .string($0.certificate.rawValue),
                ]
            } ?? .null,
            "port": port.map(Value.integer) ?? .null,
            "secrets": .list(secrets.sorted().map(Value.string)),
            "kind": .string(kind.rawValue),
            "health": health.map(Value.string) ?? .null,
            "spot": .boolean(spot),
            "guest": .string(guest.rawValue),
            "runner": .string(runnerLife.rawValue),
            "data_gib": data.map { .integer($0.gibibytes) } ?? .null,
            "expose": .string(exposure.rawValue),
            "ingress": .list(ingress.map(\.document).sortedByText),
            "environment": .string(environment),
            "protect": .boolean(protect),
            "was": formerName.map(Value.string) ?? .null,
        ]
    }
}

extension IngressRule {
    fileprivate var document: Value {
        [
            "port": .integer(port), "protocol": .string(transport.rawValue),
            "from": .list(sources.sorted().map(Value.string)),
        ]
    }
}
