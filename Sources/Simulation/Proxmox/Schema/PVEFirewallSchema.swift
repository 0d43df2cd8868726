/// Parameters of the firewall (`pve-firewall: src/PVE/API2/Firewall/*.pm`).
extension PVESchema {
    static let firewallOptions: PVESchema = [
        "delete": .format(.configIDList), "dhcp": .boolean, "digest": .text(atMost: 64),
        "enable": .boolean, "ipfilter": .boolean, "log_level_in": .one(of: logLevels),
        "log_level_out": .one(of: logLevels), "macfilter": .boolean, "ndp": .boolean,
        "policy_in": .one(of: policies), "policy_out": .one(of: policies), "radv": .boolean,
    ]

    static let clusterFirewallOptions: PVESchema = [
        "delete": .format(.configIDList), "digest": .text(atMost: 64), "ebtables": .boolean,
        "enable": .integer(0...), "log_ratelimit": .text,
        "policy_forward": .one(of: "ACCEPT", "DROP"),
        "policy_in": .one(of: policies), "policy_out": .one(of: policies),
    ]

    static let newRule: PVESchema =
        rule + [
            "action": action.required, "type": ruleType.required,
        ]
    static let changedRule: PVESchema =
        rule + ["moveto": .integer(0...), "delete": .format(.configIDList)]

    private static let rule: PVESchema = [
        "action": action, "comment": .text, "dest": .format(.addresses).atMost(512),
        "digest": .text(atMost: 64), "dport": .format(.ports), "enable": .integer(0...),
        "icmp-type": .text, "iface": .text(2...20), "log": .one(of: logLevels),
        "macro": .text(atMost: 128), "pos": .integer(0...), "proto": .text,
        "source": .format(.addresses).atMost(512), "sport": .format(.ports), "type": ruleType,
    ]

    static let newSet: PVESchema = [
        "name": setName.required, "comment": .text, "digest": .text(atMost: 64), "rename": setName,
    ]
    static let newSetEntry: PVESchema = [
        "name": setName, "cidr": .format(.ipOrCIDR).required, "comment": .text, "nomatch": .boolean,
    ]

    private static let setName = PVEParameter.text(2...64).matching("[A-Za-z][A-Za-z0-9\\-_]+")
    private static let action = PVEParameter.text(2...20).matching("[A-Za-z][A-Za-z0-9\\-_]+")
    private static let ruleType = PVEParameter.one(of: "in", "out", "forward", "group")
    private static let policies = ["ACCEPT", "REJECT", "DROP"]
    private static let logLevels = [
        "emerg", "alert", "crit", "err", "warning", "notice", "info", "debug", "nolog",
    ]
}
