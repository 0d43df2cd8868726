import Resources

/// The options with which a guest is made.
struct GuestForm {
    let type: GuestType
    let desired: Resource

    init(_ type: GuestType, _ desired: Resource) {
        self.type = type
        self.desired = desired
    }

    var mark: OwnershipMark {
        OwnershipMark(
            project: desired["owner"]?["project"]?.string ?? "",
            environment: desired["owner"]?["environment"]?.string ?? "",
            address: desired.address, image: text("image"),
            isExposed: desired["exposed"]?.boolean == true)
    }

    /// The name of the ISO with the seed of guest `id`.
    func seedName(_ id: Int) -> String {
        let parts = [mark.project, desired.address.service].map {
            $0.map { $0.isASCII && ($0.isLetter || $0.isNumber) ? $0 : "_" }.map(String.init)
                .joined()
        }
        return "launch-\(parts[0])-\(parts[1])-\(id).iso"
    }

    func seedVolume(_ id: Int) -> String { "\(text("image_storage")):iso/\(seedName(id))" }

    /// The notes of a new guest: they name the seed from the beginning, so that a guest without
    /// one is known to be half made.
    private func notes(seed: String) -> String {
        var mark = mark
        mark.seed = seed
        return mark.written(into: "")
    }

    /// - Parameter image: the volume to begin from: a cloud image, or a template.
    func parameters(id: Int, image: String) -> Parameters {
        var parameters = common
        parameters["vmid"] = String(id)
        parameters.merge(type == .qemu ? machine(id, image) : container(image)) { $1 }
        parameters[type.dataDisk] = dataDisk
        return parameters
    }

    private var common: Parameters {
        [
            type.nameOption: text("name"), "cores": text("cpu"), "memory": text("memory"),
            "net0": newInterface, "tags": mark.tags.joined(separator: ";"),
            "onboot": flag("onboot"), "protection": flag("protect"),
        ]
    }

    private func machine(_ id: Int, _ image: String) -> Parameters {
        [
            "description": notes(seed: seedVolume(id)), "cpu": "host", "ostype": "l26",
            "scsihw": "virtio-scsi-single", "serial0": "socket", "boot": "order=scsi0",
            "agent": "enabled=" + flag("agent"),
            "scsi0": "\(text("storage")):0,import-from=\(image),discard=on,ssd=1",
        ]
    }

    private func container(_ image: String) -> Parameters {
        [
            "description": notes(seed: OwnershipMark.inOptions), "ostemplate": image,
            "unprivileged": flag("unprivileged"), "features": "nesting=" + flag("nesting"),
            "rootfs": "\(text("storage")):\(text("disk"))", "swap": text("swap"),
        ]
    }

    /// An interface to which Proxmox gives a MAC.
    var newInterface: String {
        var network = NetworkInterface(type == .qemu ? "virtio" : "name=eth0,type=veth")
        network["bridge"] = text("bridge")
        if desired["firewall"]?.boolean == true { network["firewall"] = "1" }
        if type == .lxc { network["ip"] = desired["ip"]?.string ?? "dhcp" }
        return network.text
    }

    /// The bare number is GiB, and allocates a volume.
    var dataDisk: String? {
        guard let gibibytes = desired["data_disk"]?.integer else { return nil }
        let volume = "\(text("storage")):\(gibibytes)"
        return type == .qemu
            ? "\(volume),discard=on,ssd=1"
            : "\(volume),mp=/srv/\(desired.address.service)/data,backup=1"
    }

    private func text(_ attribute: String) -> String { desired[attribute]?.plainText ?? "" }
    private func flag(_ attribute: String) -> String {
        desired[attribute]?.boolean == true ? "1" : "0"
    }
}
