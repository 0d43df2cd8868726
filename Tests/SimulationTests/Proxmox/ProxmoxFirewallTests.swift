import HTTP
import Resources
import Testing

@testable import Simulation

@Suite struct ProxmoxFirewallTests {
    private let firewall = "/nodes/pve1/lxc/105/firewall"

    private func bench() throws -> ProxmoxBench {
        let bench = try ProxmoxBench()
        try bench.createContainer()
        return bench
    }

    private func addRule(_ bench: ProxmoxBench, _ comment: String, _ more: [String: String] = [:]) {
        let rule = ["type": "in", "action": "ACCEPT", "comment": comment]
        bench.send("POST", firewall + "/rules", rule.merging(more) { $1 })
    }

    private func comments(_ bench: ProxmoxBench) throws -> [String] {
        try bench.get(firewall + "/rules").list?.compactMap { $0["comment"]?.string } ?? []
    }

    @Test func aNewRuleComesFirstAndIsOff() throws {
        let bench = try bench()
        addRule(bench, "a", ["enable": "1", "pos": "7"])
        addRule(bench, "b")
        addRule(bench, "c")
        #expect(try comments(bench) == ["c", "b", "a"])
        let rules = try bench.get(firewall + "/rules").list ?? []
        #expect(rules.map { $0["enable"] } == [0, 0, 1])
        #expect(rules.map { $0["pos"] } == [0, 1, 2])
    }

    @Test(arguments: [(0, 2, "bac"), (0, 3, "bca"), (2, 0, "cab"), (1, 9, "acb")])
    func rulesAreMoved(_ from: Int, _ to: Int, _ expected: String) throws {
        let bench = try bench()
        for comment in ["c", "b", "a"] { addRule(bench, comment) }
        bench.send("PUT", firewall + "/rules/\(from)", ["moveto": String(to)])
        #expect(try comments(bench).joined() == expected)
    }

    @Test func aStaleDigestIsRefused() throws {
        let bench = try bench()
        addRule(bench, "a")
        let digest = try #require(try bench.get(firewall + "/rules/0")["digest"]?.string)
        addRule(bench, "b")
        let response = bench.send("DELETE", firewall + "/rules/0", ["digest": digest])
        #expect(response.reason.hasPrefix("detected modified configuration"))
        #expect(bench.send("DELETE", firewall + "/rules/0").status == 200)
        #expect(try comments(bench) == ["a"])
        #expect(bench.send("DELETE", firewall + "/rules/1").reason == "no rule at position 1")
    }

    @Test(arguments: [
        (["dport": "80"], "proto"), (["source": "+lan"], "source"), (["iface": "eth0"], "iface"),
        (["dport": "70000", "proto": "tcp"], "dport"), (["type": "group"], "action"),
    ])
    func wrongRulesAreRefused(_ fields: [String: String], _ parameter: String) throws {
        let rule = ["type": "in", "action": "ACCEPT"].merging(fields) { $1 }
        let response = try bench().send("POST", firewall + "/rules", rule)
        #expect(response.status == 400)
        #expect(Array(response.parameterErrors.keys) == [parameter])
    }

    @Test func optionsAreSetAndUnset() throws {
        let bench = try bench()
        bench.send("PUT", firewall + "/options", ["enable": "1", "policy_in": "DROP"])
        let options = try bench.get(firewall + "/options")
        #expect(options["enable"] == 1)
        #expect(options["policy_in"] == "DROP")
        bench.send("PUT", firewall + "/options", ["delete": "policy_in"])
        #expect(try bench.get(firewall + "/options")["policy_in"] == nil)
        #expect(try bench.get("/cluster/firewall/options")["enable"] == nil)
    }

    @Test func aFullSetIsDeletedByForce() throws {
        let bench = try bench()
        bench.send("POST", firewall + "/ipset", ["name": "lan"])
        bench.send("POST", firewall + "/ipset/lan", ["cidr": "10.0.0.0/24", "comment": "office"])
        let entries = try bench.get(firewall + "/ipset/lan").list
        #expect(entries?.first?["cidr"] == "10.0.0.0/24")
        addRule(bench, "a", ["source": "+lan"])
        #expect(try comments(bench) == ["a"])
        #expect(bench.send("DELETE", firewall + "/ipset/lan").status == 500)
        #expect(bench.send("DELETE", firewall + "/ipset/lan/10.0.0.0/24").status == 200)
        #expect(bench.send("DELETE", firewall + "/ipset/lan").status == 200)
        #expect(try bench.get(firewall + "/ipset") == [])
    }

    @Test(arguments: [
        ("192.0.2.7/32", "192.0.2.7"), ("2001:db8::1/128", "2001:db8::1"),
        ("2001:db8::/32", "2001:db8::/32"),
    ])
    func aSingleAddressIsKeptWithoutItsLength(sent: String, kept: String) throws {
        let bench = try bench()
        bench.send("POST", firewall + "/ipset", ["name": "lan"])
        bench.send("POST", firewall + "/ipset/lan", ["cidr": sent])
        #expect(
            try bench.get(firewall + "/ipset/lan").list?.map { $0["cidr"] } == [.string(kept)])
    }

    /// A rule may name a whole family, a set may not.
    @Test(arguments: ["0.0.0.0/0", "::/0"]) func aSetHoldsNoWholeFamily(network: String) throws {
        let bench = try bench()
        addRule(bench, "a", ["source": network])
        #expect(try comments(bench) == ["a"])
        bench.send("POST", firewall + "/ipset", ["name": "lan"])
        let response = bench.send("POST", firewall + "/ipset/lan", ["cidr": network])
        #expect(response.status == 400)
    }

    @Test func theRulesGoWithTheGuest() throws {
        let bench = try bench()
        addRule(bench, "a")
        try bench.run("DELETE", "/nodes/pve1/lxc/105")
        try bench.createContainer()
        #expect(try comments(bench) == [])
    }
}
