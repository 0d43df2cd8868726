package import Resources

extension ResourceKind {
    /// A remotely managed tunnel with its rules; its token is never read.
    package static let cloudflareTunnel = ResourceKind(
        KindName(.cloudflare, "tunnel"), title: "Cloudflare tunnel",
        survivesRename: true,
        fields: [
            Field("name", .string),
            Field("ingress", .list, fallback: [], canonical: canonicalRules),
            Field("id", .string, [.computed]),
            Field("status", .string, [.computed]),
            Field("account_id", .string, [.computed]),
        ])
}

/// The rules with what Launch declares of them: `hostname`, `path`, `service`.
private func canonicalRules(_ value: Value) -> Value {
    guard let rules = value.list else { return value }
    return .list(
        rules.map { rule in
            guard let members = rule.object else { return rule }
            var declared = members.filter {
                ["hostname", "path", "service"].contains($0.key) && !$0.value.isNull
                    && $0.value != ""
            }
            declared["hostname"] = declared["hostname"]?.mapText(canonicalHostname)
            return .object(declared)
        })
}
