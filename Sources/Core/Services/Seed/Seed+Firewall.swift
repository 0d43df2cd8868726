extension Seed {
    static let firewallFile = "/etc/launch/firewall.nft"

    /// Lets in answers, the machine's own traffic and what the spec asks for; nothing else. It is
    /// a table of its own, so Docker's rules stay. A port that Docker publishes never reaches
    /// `input`: it is rewritten and forwarded, so `forward` asks which port it was sent to.
    ///
    /// <https://wiki.nftables.org/wiki-nftables/index.php/Netfilter_hooks>
    var firewallRules: String {
        let doors = self.doors
        return """
            table inet launch
            delete table inet launch
            table inet launch {
                chain input {
                    type filter hook input priority filter; policy drop;
                    ct state established,related accept
                    iifname "lo" accept
                    iifname "docker*" accept
                    iifname "br-*" accept
                    meta l4proto { icmp, ipv6-icmp } accept
                    udp dport { 68, 546 } accept
            \(doors.map { "        \($0.source)\($0.transport) dport \($0.port) accept\n" }.joined())\
                }
                chain forward {
                    type filter hook forward priority filter; policy drop;
                    ct state established,related accept
                    iifname "docker*" accept
                    iifname "br-*" accept
            \(doors.map(\.forwarded).map { "        \($0)\n" }.joined())\
                }
            }
            """
    }

    private struct Door {
        /// A match of its own, with a blank behind it; empty for everybody.
        let source: String
        let transport: String
        let port: Int

        var forwarded: String {
            "\(source)meta l4proto \(transport) ct status dnat ct original proto-dst \(port) accept"
        }
    }

    private var doors: [Door] {
        let direct =
            service.publicAccess != nil && service.exposure == .direct
            ? [Door(source: "", transport: "tcp", port: 443)] : []
        return direct
            + service.ingress.flatMap { rule in
                rule.sources.map { source in
                    Door(
                        source: "\(source.contains(":") ? "ip6" : "ip") saddr \(source) ",
                        transport: rule.transport.rawValue, port: rule.port)
                }
            }
    }
}
