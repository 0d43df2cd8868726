import Resources

/// How a guest says whose it is: tags, and lines `launch:<name>=<value>` in its notes.
///
/// Text of people around those lines is left as it is.
struct OwnershipMark: Hashable, Sendable {
    let project: String
    let environment: String
    let address: Address
    /// What the guest was made from.
    let image: String
    /// Where the seed is, or is to be, until the guest has booted: a VM's volume, so that it can
    /// be removed with the guest, or `inOptions`.
    var seed: String?
    /// A public name leads to the guest's own address.
    var isExposed: Bool

    /// A container's seed is among its own options.
    static let inOptions = "options"

    /// The guest is out of use, and keeps its data for the one that replaces it.
    static let vacated = "vacated"

    var isVacated: Bool { seed == Self.vacated }

    private static let prefix = "launch:"

    init(
        project: String, environment: String, address: Address, image: String,
        seed: String? = nil, isExposed: Bool = false
    ) {
        self.project = project
        self.environment = environment
        self.address = address
        self.image = image
        self.seed = seed
        self.isExposed = isExposed
    }

    /// Reads the notes; `nil` when they hold no whole mark.
    init?(notes: String) {
        var values: [String: String] = [:]
        for line in notes.split(whereSeparator: \.isNewline) where line.hasPrefix(Self.prefix) {
            let parts = line.dropFirst(Self.prefix.count).split(separator: "=", maxSplits: 1)
            if parts.count == 2 { values[String(parts[0])] = trimmed(parts[1]) }
        }
        guard let project = values["project"], let environment = values["environment"],
            let address = values["address"].flatMap(Address.init)
        else { return nil }
        self.init(
            project: project, environment: environment, address: address,
            image: values["image"] ?? "", seed: values["seed"], isExposed: values["exposed"] == "1")
    }

    /// `notes` with this mark in place of the one that was there.
    func written(into notes: String) -> String {
        let lines =
            [
                ("project", project), ("service", address.service), ("environment", environment),
                ("address", address.description), ("image", image), ("seed", seed ?? ""),
                ("exposed", isExposed ? "1" : ""),
            ].filter { !$0.1.isEmpty }.map { "\(Self.prefix)\($0.0)=\($0.1)" }
        return trimmed((lines + [Self.removed(from: notes)]).joined(separator: "\n"))
    }

    /// What people wrote into the notes.
    static func removed(from notes: String) -> String {
        notes.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
            .filter { !$0.hasPrefix(prefix) }.joined(separator: "\n")
    }

    var tags: [String] { Self.tags(project: project, service: address.service) }

    /// Sorted, lower-case, without characters that Proxmox refuses.
    static func tags(project: String, service: String) -> [String] {
        ["launch", tag(project), tag(service)].sorted()
    }

    static func isTag(_ tag: String) -> Bool { tag == "launch" || tag.hasPrefix("launch-") }

    /// The tag of a project or of a service.
    static func tag(_ name: String) -> String {
        let allowed = Set("abcdefghijklmnopqrstuvwxyz0123456789_.+-")
        return "launch-"
            + name.lowercased().map { allowed.contains($0) ? String($0) : "_" }.joined()
    }
}

/// A guest's tags, split at whatever Proxmox takes for a separator.
func tagList(_ text: String) -> [String] {
    text.split { ";, \t\n\0".contains($0) }.map { $0.lowercased() }
}
