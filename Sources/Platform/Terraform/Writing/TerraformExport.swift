package import Resources

/// What Launch holds, as `import` and `resource` blocks of Terraform 1.5 and newer. Pure.
///
/// <https://developer.hashicorp.com/terraform/language/import>
package struct TerraformExport {
    /// The blocks' text, formatted as `terraform fmt` does.
    package let text: String

    /// - Parameters:
    ///   - resources: as the state records them.
    ///   - project: as launch.yaml calls it.
    ///   - repository: GitHub's `owner/name`.
    ///   - zones: the identifier of Cloudflare's zone, by the host names of the DNS records.
    package init(
        _ resources: [RecordedResource], project: String, repository: String?,
        zones: [String: String]
    ) {
        let resources = resources.sorted { $0.address < $1.address }
        let names = TerraformNames(resources)
        let context = TerraformContext(names: names, repository: repository, zones: zones)
        var sections: [String] = []
        var left: [String] = []
        for resource in resources {
            let blocks = context.blocks(for: resource)
            sections += blocks.map(\.text)
            if let complaint = context.complaint(about: resource) {
                left.append("#   \(resource.address): \(complaint)")
            }
        }
        sections += context.environments(of: resources).map(\.text)
        text =
            ([Self.heading(project)] + sections + Self.closing(left)).joined(separator: "\n\n")
            + "\n"
    }

    private static func heading(_ project: String) -> String {
        """
        # What Launch holds of the project \(project), for Terraform 1.5 and newer.
        # Providers: hashicorp/aws ~> 6.0, cloudflare/cloudflare ~> 5.0, bpg/proxmox ~> 0.80,
        # integrations/github ~> 6.0.
        """
    }

    private static func closing(_ left: [String]) -> [String] {
        left.isEmpty ? [] : [(["# Without a counterpart here:"] + left).joined(separator: "\n")]
    }
}

/// One object for Terraform: how it is imported, and what it is.
struct TerraformBlocks {
    let type: String
    let name: String
    /// As the provider's documentation of its import says.
    let id: String
    let attributes: [HCLAttribute]
    var blocks: [HCLBlock] = []
    /// What nobody compares: Launch does not record it, or it is only of use at its creation.
    var ignored: [String] = []

    var text: String {
        let lifecycle =
            ignored.isEmpty
            ? []
            : [
                HCLBlock(
                    "lifecycle",
                    attributes: [
                        HCLAttribute("ignore_changes", .list(ignored.map(HCLExpression.reference)))
                    ])
            ]
        return [
            HCLBlock(
                "import",
                attributes: [
                    HCLAttribute("to", .reference("\(type).\(name)")),
                    HCLAttribute("id", .string(id)),
                ]),
            HCLBlock("resource", type, name, attributes: attributes, blocks: blocks + lifecycle),
        ].map(HCLWriter.text).joined(separator: "\n\n")
    }
}

/// What blocks are called, and how they refer to each other.
struct TerraformNames {
    private let names: [Address: String]
    private let addresses: [String: Address]

    init(_ resources: [RecordedResource]) {
        let groups = Dictionary(grouping: resources.map(\.address)) {
            "\($0.service) \($0.kind)"
        }
        var names: [Address: String] = [:]
        for group in groups.values {
            for address in group {
                let parts =
                    group.count == 1 ? [address.service] : [address.service, address.key ?? ""]
                names[address] = Self.identifier(parts.joined(separator: "_"))
            }
        }
        self.names = names
        addresses = Dictionary(resources.map { ($0.id, $0.address) }) { first, _ in first }
    }

    subscript(_ address: Address) -> String {
        names[address] ?? Self.identifier(address.service)
    }

    /// A reference where the object is among those that are written, otherwise the text itself.
    func reference(to id: String, type: String, _ attribute: String) -> HCLExpression {
        addresses[id].map { .reference("\(type).\(self[$0]).\(attribute)") } ?? .string(id)
    }

    /// A letter or `_`, then letters, digits, `_` and `-`.
    static func identifier(_ text: String) -> String {
        let name = String(
            text.map { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-") ? $0 : "_" })
        return name.first?.isLetter == true ? name : "_\(name)"
    }
}
