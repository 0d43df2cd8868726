import Resources

@testable import Simulation

extension WorldCore {
    /// Fills the world with what is nobody's business of ours: without a mark, or with another
    /// project's, and with names as close to our own as their vendors allow.
    func addForeignObjects() throws {
        for tags in Self.foreignTags {
            try aws?.ec2.addForeignObjects(tags: tags)
        }
        aws?.budgets.give(.foreign)
        proxmox?.addForeignGuest(900, .qemu, ["name": "web", "tags": "theirs"])
        proxmox?.addForeignGuest(901, .lxc, ["hostname": "web", "tags": "launch;launch-other"])
        for record: [String: Value] in [
            ["type": "TXT", "name": "web.example.com", "content": "\"theirs\""],
            [
                "type": "A", "name": "theirs.example.com", "content": "192.0.2.77",
                "comment": "launch:other/web",
            ],
        ] { cloudflare?.zones.addRecord(record, zone: "example.com") }
        cloudflare?.tunnels.add(named: "example-web")
        cloudflare?.tunnels.add(named: "launch-other-web")
        cloudflare?.certificates.add(["web.example.com"])
        cloudflare?.certificates.add(["web.example.com", "web.other.launch.example.com"])
        let runners = github?.runners(of: "example/services")
        runners?.add(named: "web", labels: ["web", "production"])
        runners?.add(named: "launch-other-web", labels: ["web", "production"])
    }

    private static let foreignTags = [
        ["Name": "example-web"],
        [
            "Name": "example-web", "launch:project": "other", "launch:service": "web",
            "launch:environment": "production", "launch:address": "web/aws.instance",
        ],
    ]
}

extension SimulatedBudget {
    fileprivate static let foreign = SimulatedBudget(
        name: "launch-other", document: ["BudgetType": "COST"], notifications: [],
        tags: ["launch:project": "other", "launch:service": "_project"])
}

extension SimulatedEC2 {
    fileprivate func addForeignObjects(tags: [String: String]) throws {
        try ask("RunInstances", "instance", tags) {
            $0 += [
                "ImageId=ami-0a1b2c3d4e5f60001", "InstanceType=t3.small", "MinCount=1",
                "MaxCount=1",
            ]
        }
        try ask("CreateVolume", "volume", tags) {
            $0 += ["AvailabilityZone=\(network.zones[0])", "Size=7"]
        }
        try ask("CreateSecurityGroup", "security-group", tags) {
            $0 += ["GroupName=web\(tags.count)", "GroupDescription=theirs"]
        }
    }

    private func ask(
        _ action: String, _ type: String, _ tags: [String: String],
        _ add: (inout [String]) -> Void
    ) throws {
        var form = [
            "Action=\(action)", "Version=2016-11-15", "TagSpecification.1.ResourceType=\(type)",
        ]
        for (number, tag) in tags.sorted(by: { $0.key < $1.key }).enumerated() {
            let name = "TagSpecification.1.Tag.\(number + 1)"
            form += ["\(name).Key=\(tag.key)", "\(name).Value=\(tag.value)"]
        }
        add(&form)
        let parameters = try QueryParameters(form: form.joined(separator: "&"))
        _ = try answer(parameters, requestID: "theirs", fault: nil)
    }
}

extension SimulatedProxmox {
    fileprivate func addForeignGuest(
        _ id: Int, _ kind: PVEGuest.Kind, _ options: [String: String]
    ) {
        let guest = PVEGuest(vmid: id, kind: kind, node: nodes[0], created: core.now)
        guest.config = options
        guest.firewall.options = ["enable": "1"]
        guest.firewall.rules = [["type": "in", "action": "DROP", "enable": "1"]]
        guests[id] = guest
    }
}
