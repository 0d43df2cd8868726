package import Resources

extension ResourceKind {
    /// A secret of the repository's Actions, or of one of its environments. GitHub never shows its
    /// value, only when it was written: after a write by a stranger it is not `intact`.
    package static let githubSecret = ResourceKind(
        KindName(.github, "secret"), title: "GitHub Actions secret",
        requires: [
            KindName(.cloudflare, "tunnel"), KindName(.cloudflare, "origin_certificate"),
        ],
        losses: [.secret("name")],
        fields: [
            Field("name", .string, [.immutable]),
            Field("environment", .string, [.immutable]),
            Field("source", .string, [.unobservable]),
            Field("intact", .boolean, fallback: true),
            Field("value", .string, [.secret]),
            Field("updated_at", .string, [.computed]),
            Field("expires_at", .string, [.computed]),
        ])
}
