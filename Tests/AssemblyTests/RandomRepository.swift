import Resources
import ServiceFiles
import Services
import Simulation

extension Repository {
    /// Up to four services with whatever settings the seed says.
    static func random(seed: UInt64) -> Repository {
        let dice = Dice(seed: seed)
        let names = ["api", "blog", "cache-2", "d"].prefix(dice.roll(1...4))
        return Repository(
            project: ProjectSpec(
                project: "example", domain: "example.com", repository: "example/services"),
            services: names.map { dice.service(named: $0) })
    }
}

/// Choices that a seed makes.
private struct Dice {
    private let random: SeededRandom

    init(seed: UInt64) { random = SeededRandom(seed: seed) }

    func roll(_ range: ClosedRange<Int>) -> Int {
        range.lowerBound + Int(random.next() % UInt64(range.count))
    }

    private func one<Element>(of elements: [Element]) -> Element {
        elements[roll(0...elements.count - 1)]
    }

    private func maybe<Element>(_ element: Element) -> Element? {
        roll(0...1) == 0 ? nil : element
    }

    func service(named name: String) -> ServiceSpec {
        let target = one(of: ServiceSpec.Target.allCases)
        let port = roll(1024...9000)
        return ServiceSpec(
            name: name, target: target, size: .named(one(of: [.small, .medium, .large])),
            publicAccess: maybe(PublicAccess(hostname: "\(name).example.com", port: port)),
            port: port, kind: one(of: ServiceSpec.Kind.allCases),
            spot: target == .aws && roll(0...1) == 1, guest: one(of: GuestKind.allCases),
            data: maybe(DataVolume(gibibytes: roll(1...40))),
            exposure: target == .aws ? one(of: ServiceSpec.Exposure.allCases) : .tunnel,
            ingress: (0..<roll(0...3)).map { rule(number: $0) },
            environment: one(of: ["production", "staging"]),
            protect: target == .proxmox && roll(0...1) == 1)
    }

    private func rule(number: Int) -> IngressRule {
        IngressRule(
            port: 100 * (number + 1) + roll(0...99),
            sources: one(of: [
                ["10.0.0.0/8"], ["192.0.2.0/24", "2001:db8::/32"], ["198.51.100.7/32"],
            ]),
            transport: one(of: IngressRule.TransportProtocol.allCases))
    }
}
