package import Resources

extension ResourceKind {
    /// A record that leads a service's public name to it; the address's key is the hostname.
    package static let cloudflareDNSRecord = ResourceKind(
        KindName(.cloudflare, "dns_record"), title: "DNS record",
        requires: [
            KindName(.cloudflare, "tunnel"), KindName(.aws, "instance"),
            KindName(.aws, "elastic_ip"), KindName(.proxmox, "vm"), KindName(.proxmox, "lxc"),
        ],
        losses: [.hostname],
        survivesRename: true, leadsToService: true,
        fields: [
            Field("type", .string) { $0.mapText { $0.uppercased() } },
            Field("content", .string) { $0.mapText(canonicalHostname) },
            Field("proxied", .boolean, fallback: false),
            Field("ttl", .integer, fallback: 1),
            Field("comment", .string, fallback: ""),
            Field("id", .string, [.computed]),
        ])
}

extension Value {
    /// Changes known text; everything else, also text that is not known yet, stays.
    func mapText(_ change: (String) -> String) -> Value {
        if case .string(let text) = self { .string(change(text)) } else { self }
    }
}
