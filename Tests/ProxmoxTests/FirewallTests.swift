import Resources
import Testing

@testable import Proxmox

@Suite struct FirewallTests {
    private static func rule(_ port: Int, _ number: Int, of service: String = "web") -> FirewallRule
    {
        FirewallRule(
            ResourceKind.canonicalRule([
                "type": "in", "action": "ACCEPT", "proto": "tcp", "dport": .string(String(port)),
            ]), number: number, of: service)
    }

    private static let foreign = FirewallRule(["type": "in", "action": "DROP", "comment": "mine"])

    @Test(arguments: [
        ([], [rule(22, 1)]),
        ([foreign], [rule(22, 1), rule(80, 2), rule(443, 3)]),
        ([rule(80, 1), foreign, rule(22, 2)], [rule(22, 1), rule(80, 2)]),
        ([rule(22, 1), rule(80, 2), rule(443, 3)], [rule(22, 1), rule(81, 2), rule(443, 3)]),
        ([rule(22, 1), rule(80, 2), foreign], [rule(22, 1)]),
        ([rule(22, 1), rule(22, 1)], [rule(22, 1)]),
        ([rule(22, 1), foreign, rule(80, 2)], []),
        ([rule(22, 1, of: "other"), rule(22, 1)], [rule(80, 1)]),
    ])
    func stepsLeadToTheWishedRules(start: [FirewallRule], wished: [FirewallRule]) {
        var rules = start
        var steps = 0
        while let step = FirewallStep.next(from: rules, to: wished), steps < 20 {
            steps += 1
            switch step {
            case .insert(let rule): rules.insert(rule, at: 0)
            case .remove(let position):
                #expect(rules[position].isOwn)
                rules.remove(at: position)
            }
        }
        #expect(rules.filter(\.isOwn) == wished)
        #expect(rules.filter { !$0.isOwn } == start.filter { !$0.isOwn })
        #expect(steps <= start.count + wished.count)
    }

    @Test func aRuleReadsBackAsItWasWritten() {
        let rule = Self.rule(22, 1)
        var row = rule.parameters.mapValues { Value.string($0) }
        row["enable"] = 1
        row["pos"] = 0
        row["digest"] = "abc"
        #expect(FirewallRule(.object(row)) == rule)
    }
}
