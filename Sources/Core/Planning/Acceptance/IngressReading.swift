import Resources
import Services

/// Firewall rules as providers show them, read as specs say them.
struct IngressReading {
    fileprivate struct Service: Hashable {
        let port: Int
        let transport: IngressRule.TransportProtocol
    }

    /// One for each rule that is there.
    private let observed: [IngressRule]

    /// - Returns: `nil` when a rule is of a kind that no spec can say.
    init?(_ rules: [Value]) {
        let read = rules.map(IngressRule.init(observed:))
        observed = read.compactMap(\.self)
        guard observed.count == read.count else { return nil }
    }

    /// Ways to say them: with the rules of the spec where they are, each port once, one by one.
    func rules(like present: [IngressRule]) -> [[IngressRule]] {
        [kept(present), grouped, observed]
    }

    private func sources(of service: Service) -> [String] {
        observed.filter { $0.service == service }.flatMap(\.sources).withoutRepetition
    }

    private var services: [Service] { observed.map(\.service).withoutRepetition }

    private var grouped: [IngressRule] { services.map(rule) }

    private func rule(for service: Service) -> IngressRule {
        IngressRule(
            port: service.port, sources: sources(of: service), transport: service.transport)
    }

    private func kept(_ present: [IngressRule]) -> [IngressRule] {
        var rules = present.map { rule in
            let real = sources(of: rule.service)
            var rule = rule
            rule.sources.removeAll { !real.contains($0) }
            return rule
        }
        for service in services {
            let said = rules.filter { $0.service == service }.flatMap(\.sources)
            let new = sources(of: service).filter { !said.contains($0) }
            if let index = rules.lastIndex(where: { $0.service == service }) {
                rules[index].sources += new
            } else {
                rules.append(rule(for: service))
            }
        }
        return rules.filter { !$0.sources.isEmpty }
    }
}

extension IngressRule {
    fileprivate var service: IngressReading.Service { .init(port: port, transport: transport) }

    /// Reads what AWS and Proxmox call a rule; one without a source lets everyone in.
    fileprivate init?(observed rule: Value) {
        let first = rule["from_port"]?.integer ?? rule["dport"]?.string.flatMap { Int($0) }
        let last = rule["to_port"]?.integer ?? first
        let name = (rule["protocol"] ?? rule["proto"])?.string
        guard let port = first, port == last,
            let transport = name.flatMap(TransportProtocol.init)
        else { return nil }
        let sources =
            rule["sources"]?.list?.compactMap(\.string)
            ?? (rule["peer"] ?? rule["source"])?.string.map { [$0] } ?? ["0.0.0.0/0", "::/0"]
        self.init(port: port, sources: sources, transport: transport)
    }
}
