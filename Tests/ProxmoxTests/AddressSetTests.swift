import HTTP
import Resources
import Services
import Simulation
import Synchronization
import TestSupport
import Testing

@testable import Proxmox

/// Rules for several networks, each with an IP set of the guest's own.
@Suite struct AddressSetTests {
    private static func service(_ rules: [IngressRule]) -> ServiceSpec {
        ServiceSpec(name: "web", target: .proxmox, guest: .lxc, ingress: rules)
    }

    private static let several = IngressRule(
        port: 22, sources: ["192.168.0.0/16", "10.0.0.0/8", "2001:db8::/32", "192.0.2.7/32"])

    /// A container with its firewall, and what a converge of other rules would begin with.
    private struct Bench {
        let cluster: Cluster
        let machine: ObservedResource
        let first: ObservedResource

        init(_ cluster: Cluster, _ rules: [IngressRule]) async throws {
            self.cluster = cluster
            let service = AddressSetTests.service(rules)
            machine = try await cluster.provider()
                .create(Cluster.machine(service), key: Cluster.key)
            first = try await cluster.provider()
                .create(Cluster.firewall(service, of: machine), key: Cluster.key)
        }

        func wanted(_ rules: [IngressRule]) -> Resource {
            Cluster.firewall(AddressSetTests.service(rules), of: machine)
        }

        func observed() async throws -> ObservedResource? {
            try await cluster.provider().observe(Cluster.scope)
                .first { $0.address.kind == ResourceKind.proxmoxFirewall.name }
        }

        func get(_ path: String) async throws -> Value {
            let api = try cluster.provider().api
            return try await api.get(Path(stringLiteral: "/nodes/pve1/lxc/100/firewall\(path)"))
        }

        func sets() async throws -> [String] {
            try await get("/ipset").list?.compactMap { $0["name"]?.string } ?? []
        }
    }

    @Test(arguments: ["8.4", "9.0", "9.1", "9.2"])
    func aRuleForSeveralNetworksIsOneRuleWithASet(version: String) async throws {
        try await withVirtualTime { clock in
            let guest: GuestKind = version < "9.1" ? .vm : .lxc
            let cluster = try Cluster(clock, version: version)
            let service = ServiceSpec(
                name: "web", target: .proxmox, guest: guest, ingress: [Self.several])
            let machine = try await cluster.provider()
                .create(Cluster.machine(service), key: Cluster.key)
            let firewall = Cluster.firewall(service, of: machine)
            let made = try await cluster.provider().create(firewall, key: Cluster.key)
            #expect(firewall.differences(from: made) == [])
            #expect(made["rules"]?.list?.count == 1)
            #expect(
                made["rules"]?.list?.first?["sources"]
                    == ["10.0.0.0/8", "192.0.2.7", "192.168.0.0/16", "2001:db8::/32"])
            #expect(cluster.faults == [])
        }
    }

    @Test func theSetBearsTheMarkOfItsService() async throws {
        try await withVirtualTime { clock in
            let bench = try await Bench(try Cluster(clock), [Self.several])
            let sets = try await bench.get("/ipset").list ?? []
            #expect(sets.map { $0["comment"] } == ["launch:web/set"])
            let name = try #require(sets.first?["name"]?.string)
            #expect(name.wholeMatch(of: /launch-[0-9a-f]{12}/) != nil)
            let rules = try await bench.get("/rules").list ?? []
            #expect(rules.map { $0["source"] } == [.string("+guest/\(name)")])
        }
    }

    @Test func otherNetworksAreAnotherSetAndTheOldOneGoes() async throws {
        try await withVirtualTime { clock in
            let bench = try await Bench(
                try Cluster(clock), [Self.several, IngressRule(port: 80, sources: ["10.0.0.0/8"])])
            let before = try await bench.sets()
            var fewer = Self.several
            fewer.sources.removeLast(2)
            let wanted = bench.wanted([IngressRule(port: 80, sources: ["10.0.0.0/8"]), fewer])
            let changed = try await bench.cluster.provider().update(bench.first, to: wanted)
            #expect(wanted.differences(from: changed) == [])
            let after = try await bench.sets()
            #expect(after.count == 1 && Set(after).isDisjoint(with: before))

            let none = bench.wanted([])
            _ = try await bench.cluster.provider().update(changed, to: none)
            #expect(try await bench.sets() == [])
            #expect(try await bench.get("/rules") == [])
            #expect(bench.cluster.faults == [])
        }
    }

    @Test func aSetThatSomebodyEditedIsSeenAndMended() async throws {
        try await withVirtualTime { clock in
            let bench = try await Bench(try Cluster(clock), [Self.several])
            let wanted = bench.wanted([Self.several])
            let api = try bench.cluster.provider().api
            let name = try #require(try await bench.sets().first)
            let set: Path = "/nodes/pve1/lxc/100/firewall/ipset/\(name)"
            try await api.delete("\(set)/\("10.0.0.0/8")")
            try await api.post(set, ["cidr": "203.0.113.0/24"])
            try await api.post(set, ["cidr": "198.51.100.0/24"])
            let drifted = try #require(try await bench.observed())
            #expect(wanted.differences(from: drifted) == ["rules"])

            let mended = try await bench.cluster.provider().update(drifted, to: wanted)
            #expect(wanted.differences(from: mended) == [])
            #expect(try await bench.sets() == [name])
            try await api.delete(set, ["force": "1"])
            let gone = try #require(try await bench.observed())
            #expect(wanted.differences(from: gone) == ["rules"])
            let restored = try await bench.cluster.provider().update(gone, to: wanted)
            #expect(wanted.differences(from: restored) == [])
        }
    }

    @Test func setsOfOthersStay() async throws {
        try await withVirtualTime { clock in
            let bench = try await Bench(try Cluster(clock), [Self.several])
            let api = try bench.cluster.provider().api
            let sets: Path = "/nodes/pve1/lxc/100/firewall/ipset"
            try await api.post(sets, ["name": "office", "comment": "launch:web/set"])
            try await api.post(sets, ["name": "launch-mine", "comment": "people's"])
            try await bench.cluster.provider().delete(bench.first)
            #expect(try await bench.sets() == ["launch-mine", "office"])
        }
    }

    /// An answer is lost at each change in turn, after it had its effect.
    @Test func lostAnswersLeaveEachNetworkOnce() async throws {
        for number in 0..<8 {
            try await withVirtualTime { clock in
                let cluster = try Cluster(clock)
                let bench = try await Bench(cluster, [])
                let wanted = bench.wanted([Self.several])
                let forgetful = Forgetful(cluster.client, losing: number)
                let made = try await cluster.provider(forgetful).update(bench.first, to: wanted)
                #expect(wanted.differences(from: made) == [], "lost \(number)")
                #expect(try await bench.sets().count == 1)
            }
        }
    }

    /// Loses the answer to one change.
    private final class Forgetful: HTTPClient {
        private let base: any HTTPClient
        private let left: Mutex<Int>

        init(_ base: any HTTPClient, losing number: Int) {
            self.base = base
            left = Mutex(number)
        }

        func send(_ request: HTTPRequest) async throws -> HTTPResponse {
            let response = try await base.send(request)
            guard !request.isRead else { return response }
            let isLost = left.withLock { left in
                left -= 1
                return left == -1
            }
            if isLost {
                throw HTTPError(.interrupted, origin: "https://pve.lan:8006", detail: "lost")
            }
            return response
        }
    }

    // MARK: - From the spec

    private static func rules(_ service: ServiceSpec) -> [Value] {
        Cluster.resources(service)[1]["rules"]?.list ?? []
    }

    @Test(
        arguments: [
            (["10.0.0.0/8"], [["source": "10.0.0.0/8"]]),
            (["10.0.0.0/8", "10.0.0.0/8"], [["sources": ["10.0.0.0/8"]]]),
            (["fd00::/8", "10.0.0.0/8"], [["sources": ["10.0.0.0/8", "fd00::/8"]]]),
            // Nobody is named when everybody is meant; a set holds no whole family.
            (["::/0", "0.0.0.0/0"], [[:]]),
            (["::/0", "10.0.0.0/8", "0.0.0.0/0"], [[:]]),
            (["0.0.0.0/0"], [["source": "0.0.0.0/0"]]),
            (["0.0.0.0/0", "10.0.0.0/8"], [["source": "0.0.0.0/0"]]),
            (["0.0.0.0/0", "fd00::/8"], [["source": "0.0.0.0/0"], ["source": "fd00::/8"]]),
        ] as [([String], [[String: Value]])])
    func sourcesBecomeRules(sources: [String], expected: [[String: Value]]) {
        let rules = Self.rules(Self.service([IngressRule(port: 22, sources: sources)]))
        let common: [String: Value] = [
            "type": "in", "action": "ACCEPT", "proto": "tcp", "dport": "22", "enable": "1",
        ]
        #expect(rules == expected.map { .object(common.merging($0) { $1 }) })
    }
}
