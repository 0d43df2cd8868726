import Resources

/// bpg/proxmox. A guest is imported by `node/number`:
/// <https://registry.terraform.io/providers/bpg/proxmox/latest/docs/resources/virtual_environment_vm#import>,
/// <https://registry.terraform.io/providers/bpg/proxmox/latest/docs/resources/virtual_environment_container#import>
extension TerraformContext {
    func machine(_ machine: RecordedResource) -> TerraformBlocks {
        TerraformBlocks(
            type: "proxmox_virtual_environment_vm", name: names[machine.address],
            id: importID(of: machine),
            attributes: place(machine) + machine.attribute("name", as: "name")
                + machine.attribute("onboot", as: "on_boot") + state(machine),
            blocks: [
                block("agent", machine.attribute("agent", as: "enabled")),
                block("cpu", machine.attribute("cpu", as: "cores")),
                block("memory", machine.attribute("memory", as: "dedicated")),
                block("network_device", network(machine)),
            ].compactMap(\.self),
            ignored: ["cpu", "disk", "network_device", "description", "tags"])
    }

    func container(_ container: RecordedResource) -> TerraformBlocks {
        TerraformBlocks(
            type: "proxmox_virtual_environment_container", name: names[container.address],
            id: importID(of: container),
            attributes: place(container) + container.attribute("onboot", as: "start_on_boot")
                + container.attribute("unprivileged", as: "unprivileged") + state(container),
            blocks: [
                block("cpu", container.attribute("cpu", as: "cores")),
                block(
                    "memory",
                    container.attribute("memory", as: "dedicated")
                        + container.attribute("swap", as: "swap")),
                block("features", container.attribute("nesting", as: "nesting")),
                HCLBlock(
                    "initialization", attributes: container.attribute("name", as: "hostname"),
                    blocks: [
                        HCLBlock(
                            "ip_config", attributes: [],
                            blocks: [
                                HCLBlock(
                                    "ipv4", attributes: container.attribute("ip", as: "address"))
                            ])
                    ]),
                block(
                    "network_interface",
                    [HCLAttribute("name", .string("eth0"))] + network(container)),
                // It must be said, and only counts when the container is made anew.
                HCLBlock(
                    "operating_system",
                    attributes: [
                        HCLAttribute(
                            "template_file_id",
                            .string("local:vztmpl/\(container.text("image") ?? "image").tar.zst"))
                    ]),
            ].compactMap(\.self),
            ignored: [
                "operating_system", "disk", "mount_point", "network_interface", "description",
                "tags",
            ])
    }

    private func importID(of guest: RecordedResource) -> String {
        "\(guest.text("node") ?? "")/\(guest.id)"
    }

    private func place(_ guest: RecordedResource) -> [HCLAttribute] {
        guest.attribute("node", as: "node_name")
            + (Int(guest.id).map { [HCLAttribute("vm_id", .integer($0))] } ?? [])
    }

    private func state(_ guest: RecordedResource) -> [HCLAttribute] {
        guest.attribute("running", as: "started") + guest.attribute("protect", as: "protection")
    }

    private func network(_ guest: RecordedResource) -> [HCLAttribute] {
        guest.attribute("bridge", as: "bridge") + guest.attribute("firewall", as: "firewall")
    }

    private func block(_ type: String, _ attributes: [HCLAttribute]) -> HCLBlock? {
        attributes.isEmpty ? nil : HCLBlock(type, attributes: attributes)
    }
}
