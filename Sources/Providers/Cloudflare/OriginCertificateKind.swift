package import Resources

extension ResourceKind {
    /// A certificate that Cloudflare trusts an origin by. It cannot be changed, so another one is
    /// issued in its place; it is not `current` any more when it soon runs out.
    package static let cloudflareOriginCertificate = ResourceKind(
        OriginCertificates.kind, title: "Cloudflare origin certificate",
        fields: [
            Field("hostnames", .list, [.unordered, .reissuing], canonical: canonicalNames),
            Field("current", .boolean, [.reissuing], fallback: true),
            Field("id", .string, [.computed]),
            Field("expires_on", .string, [.computed]),
        ])
}

private func canonicalNames(_ value: Value) -> Value {
    guard let names = value.list else { return value }
    return .list(names.map { $0.mapText(canonicalHostname) })
}
