package import Resources

extension ResourceKind {
    /// A secret of the repository's Actions. GitHub never shows its value, only when it was
    /// written: a write by a stranger shows as `source` being gone.
    package static let githubSecret = ResourceKind(
        KindName(.github, "secret"), title: "GitHub Actions secret",
        requires: [KindName(.cloudflare, "tunnel")],
        fields: [
            Field("name", .string, [.immutable]),
            Field("source", .string),
            Field("value", .string, [.secret]),
            Field("updated_at", .string, [.computed]),
        ])
}
