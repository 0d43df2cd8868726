package import Resources

/// What in the accounts the specs may mean, for people and for programs.
package struct DiscoveryReport: Sendable {
    private let project: String
    private let found: [Lookalike]

    package init(_ found: [Lookalike], project: String) {
        self.found = found.sorted { ($0.address, $0.id) < ($1.address, $1.id) }
        self.project = project
    }

    package func text(_ style: Style = .plain) -> String {
        guard !found.isEmpty else {
            return "Nothing that is nobody's is called like an object that the specs want.\n"
        }
        let lines = found.flatMap { object in
            [
                "\(style.bold(object.address.description)): \(object.id), called \(object.name)",
                "  \(command(for: object))",
            ]
        }
        return (lines + ["", total]).joined(separator: "\n") + "\n"
    }

    private var total: String {
        let count = found.count == 1 ? "1 object" : "\(found.count) objects"
        return "\(count) may be meant; nothing was changed."
    }

    private func command(for object: Lookalike) -> String {
        "launch adopt \(object.address.service) \(object.address) \(object.id)"
    }

    /// One document as `schemas/discovery.schema.json` describes it.
    package var json: String {
        let document: Value = [
            "format_version": reportFormat, "project": .string(project),
            "objects": .list(
                found.map { object in
                    [
                        "address": .string(object.address.description),
                        "service": .string(object.address.service), "id": .string(object.id),
                        "name": .string(object.name), "command": .string(command(for: object)),
                    ]
                }),
        ]
        return document.document
    }
}
