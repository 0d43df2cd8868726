package import Resources

extension ResourceKind {
    /// A self-hosted runner. The machine registers it; it exists once it is online.
    package static let githubRunner = ResourceKind(
        KindName(.github, "runner"), title: "GitHub runner",
        requires: [
            KindName(.aws, "instance"), KindName(.proxmox, "vm"), KindName(.proxmox, "lxc"),
        ],
        losses: [.runner("name")],
        survivesRename: true,
        fields: [
            Field("name", .string, [.lasting, .exclusive]),
            Field("labels", .list, [.unordered], fallback: [], canonical: lowerCased),
            Field("online", .boolean, fallback: true),
            Field("ephemeral", .boolean, fallback: false),
            Field("machine", .string, [.immutable, .unobservable]),
            Field("id", .string, [.computed]),
            Field("version", .string, [.computed]),
            Field("os", .string, [.computed]),
        ])
}

/// Labels are compared without regard to case.
private func lowerCased(_ value: Value) -> Value {
    guard let labels = value.list else { return value }
    return .list(labels.map { label in label.string.map { .string($0.lowercased()) } ?? label })
}
