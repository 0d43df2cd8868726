import Assembly
import Planning
import Resources
import ServiceFiles
import Services
import Simulation
import TestSupport
import Testing

@testable import Reconciling

/// What somebody changed behind Launch's back becomes the rule, where a spec can say it.
@Suite struct AcceptanceTests {
    /// What no spec says, each with its reason.
    private static let beyond: [String: String] = {
        let marks = "a mark that Launch derives from the service"
        let fixed = "the same for every service"
        let others = "other objects of the service have to be the same"
        var reasons = [
            "aws.security_group ingress": "a rule of a spec opens one port",
            "aws.security_group egress": fixed, "aws.instance_profile trust": fixed,
            "aws.instance_profile policy": fixed, "aws.instance_profile ready": fixed,
            "aws.instance image": "launch.yaml says it",
            "aws.instance instance_type": "no size is mapped to that type",
            "aws.instance security_groups": fixed, "aws.instance instance_profile": fixed,
            "aws.instance data_volume": "what a spec says of data is not taken out",
            "aws.instance elastic_ip": "another exposure changes other objects too",
            "aws.instance metadata_tokens": fixed, "aws.instance metadata_hop_limit": fixed,
            "aws.instance running": fixed, "cloudflare.tunnel name": marks,
            "cloudflare.tunnel ingress": "a tunnel leads to its service",
            "cloudflare.dns_record content": "a name leads to its service",
            "cloudflare.dns_record proxied": fixed, "cloudflare.dns_record comment": marks,
            "github.runner labels": others, "github.secret intact": fixed,
            "proxmox.vm agent": fixed, "proxmox.lxc swap": fixed, "proxmox.lxc ip": fixed,
            "proxmox.lxc nesting": fixed,
        ]
        for field in ["enabled", "policy_in", "policy_out", "dhcp"] {
            reasons["proxmox.firewall \(field)"] = fixed
        }
        for field in ["environment", "monthly_usd", "project_tag", "alerts"] {
            reasons["aws.budget \(field)"] = "launch.yaml says it"
        }
        for kind in ["security_group", "volume", "elastic_ip", "instance_profile", "instance"] {
            reasons["aws.\(kind) environment"] = others
        }
        reasons["aws.volume protect"] = others
        for kind in ["aws.volume", "aws.elastic_ip", "aws.instance"] {
            reasons["\(kind) name"] = marks
        }
        for kind in ["proxmox.vm", "proxmox.lxc"] {
            for field in ["name", "tags"] { reasons["\(kind) \(field)"] = marks }
            for field in ["firewall", "onboot", "running"] { reasons["\(kind) \(field)"] = fixed }
            reasons["\(kind) bridge"] = "launch.yaml says it"
            reasons["\(kind) owner"] = others
            reasons["\(kind) exposed"] = "another exposure changes other objects too"
        }
        return reasons
    }()

    @Test func theFilesSayTheWholeFleet() async throws {
        try await withVirtualTime { clock in
            let world = Fleet(clock).world
            let files = try SpecFiles(in: world)
            defer { files.remove() }
            #expect(
                try files.repository().with { $0.places = [:] }
                    == Repository.full(in: world).with { $0.protect = false })
        }
    }

    @Test func reasonsAreOfEdits() {
        #expect(Set(Self.beyond.keys).isSubset(of: ForeignEdit.all.map(\.field.testDescription)))
    }

    @Test(arguments: ForeignEdit.all)
    func aForeignEditBecomesTheRuleOrIsBeyondTheSpec(edit: ForeignEdit) async throws {
        let isBeyond = Self.beyond[edit.field.testDescription] != nil
        try await withVirtualTime { clock in
            let site = try await ConvergedSite(clock)
            defer { site.files.remove() }
            try await edit.make(in: site.fleet, site.workspace())
            try await clock.sleep(for: .seconds(120))
            let texts = try site.files.texts()
            let document = try await site.fleet.store.read()
            let addresses = Set(try await site.drift().map(\.address))
            do {
                let accepted = try await site.accept(addresses)
                #expect(!isBeyond)
                #expect(accepted.addresses == addresses.sorted())
                #expect(accepted.edits.count == (edit.field.name == "rules" ? 2 : 1))
                #expect(
                    try await site.fleet.shortfalls(of: site.files.repository()) == [])
                let after = try site.files.texts()
                #expect(after.filter { texts[$0] != $1 }.keys.count == 1)
                #expect(after.mapValues(\.comments) == texts.mapValues(\.comments))
            } catch let error as AcceptanceRefused {
                #expect(isBeyond, "\(error)")
                #expect(error.refusals.map(\.address.kind).contains(edit.field.kind))
                #expect(try site.files.texts() == texts)
                #expect(try await site.fleet.store.read().resources == document.resources)
            }
        }
    }

    @Test func anotherTypeBecomesItsSizeInNumbers() async throws {
        try await withVirtualTime { clock in
            let site = try await ConvergedSite(clock)
            defer { site.files.remove() }
            let machine = try #require(Address("cloud/aws.instance"))
            try await site.change(machine, "instance_type", to: "r6i.large")
            let accepted = try await site.accept([machine])
            #expect(
                accepted.edits == [
                    "services/cloud/service.yaml:3: size: medium"
                        + " → {cpu: 2, memory: 16GiB, disk: 30GiB}"
                ])
            #expect(
                try site.files.text(of: "cloud")
                    == SpecFiles.services["cloud"]?.replacing(
                        "medium ", with: "{cpu: 2, memory: 16GiB, disk: 30GiB} "))
            #expect(try await site.fleet.shortfalls(of: site.files.repository()) == [])
            let life = try await site.fleet.store.life(of: machine)
            #expect(life.last?.kind == .adopted)
            #expect(life.last?.purpose == "drift --accept")
            #expect(life.last?.fields.first?.path == "instance_type")
            #expect(try await site.accept([machine]).others == [machine])
        }
    }

    /// Another type and another disk together are what a size is called; neither alone is.
    @Test func aSizeIsNamedWhereAllOfItIsReal() async throws {
        try await withVirtualTime { clock in
            let site = try await ConvergedSite(clock)
            defer { site.files.remove() }
            let machine = try #require(Address("cloud/aws.instance"))
            let line = "services/cloud/service.yaml:3: "
            try await site.change(machine, "instance_type", to: "t3.xlarge")
            try await site.change(machine, "disk_gibibytes", to: 50)
            let named = try await site.accept([machine])
            #expect(named.edits == [line + "size: medium → large"])
            try await site.change(machine, "instance_type", to: "t3.large")
            let numbers = try await site.accept([machine])
            #expect(numbers.edits == [line + "size: large → {cpu: 2, memory: 8GiB, disk: 50GiB}"])
            try await site.change(machine, "instance_type", to: "r6i.large")
            let one = try await site.accept([machine])
            #expect(one.edits == [line + "size.memory: 8GiB → 16GiB"])
            #expect(try await site.fleet.shortfalls(of: site.files.repository()) == [])
        }
    }

    @Test(arguments: ["cloud", "edge"])
    func anOpenedPortBecomesARule(service: String) async throws {
        try await withVirtualTime { clock in
            let site = try await ConvergedSite(clock)
            defer { site.files.remove() }
            let group = try #require(Address("\(service)/aws.security_group"))
            site.fleet.world.locked { core in
                let name = core.aws?.ec2.group(tagged: "launch:service", service)?.id ?? ""
                core.aws?.ec2.openPort(8443, from: "198.51.100.0/24", in: name)
                core.aws?.ec2.openPort(22, from: "192.0.2.0/24", in: name)
            }
            let edits = try await site.accept([group]).edits
            let ssh = "{port: 22, from: [192.0.2.0/24]}"
            let web = "{port: 8443, from: [198.51.100.0/24]}"
            #expect(
                edits.map { $0.split(separator: " ", maxSplits: 1)[1] }
                    == (service == "cloud"
                        ? ["ingress.0.from: added 192.0.2.0/24", "ingress: added \(web)"]
                        : ["ingress: (left out) → [\(ssh), \(web)]"]))
            #expect(try await site.fleet.shortfalls(of: site.files.repository()) == [])
        }
    }

    @Test func oneThatCannotBeSaidKeepsTheOthersFromIt() async throws {
        try await withVirtualTime { clock in
            let site = try await ConvergedSite(clock)
            defer { site.files.remove() }
            let machine = try #require(Address("cloud/aws.instance"))
            let volume = try #require(Address("cloud/aws.volume"))
            try await site.change(machine, "instance_type", to: "r6i.large")
            try await site.change(volume, "name", to: "theirs")
            let error = await #expect(throws: AcceptanceRefused.self) {
                try await site.accept([machine, volume])
            }
            #expect(error?.refusals == [.init(volume, .unsaid(field: "name"))])
            #expect(try site.files.texts() == SpecFiles.services)
            #expect(try await site.drift().map(\.address) == [machine, volume])
            #expect(try await site.accept([machine]).addresses == [machine])
            #expect(try await site.drift().map(\.address) == [volume])
        }
    }

    @Test func whatIsExemptStaysAsItIs() async throws {
        try await withVirtualTime { clock in
            let site = try await ConvergedSite(clock)
            defer { site.files.remove() }
            let machine = try #require(Address("cloud/aws.instance"))
            try await site.change(machine, "instance_type", to: "r6i.large")
            try await site.change(machine, "name", to: "theirs")
            let project = SpecFiles.project(in: site.fleet.world)
            try site.files.write(
                project + "drift: { ignore: [{ address: \(machine), fields: [name], until:"
                    + " \"2999-01-31\" }] }\n", to: "launch.yaml")
            #expect(try await site.accept([machine]).addresses == [machine])
            #expect(try await site.drift() == [])
            try site.files.write(project, to: "launch.yaml")
            #expect(try await site.drift().map(\.summary) == ["\(machine) changed name"])
        }
    }

    @Test func whatCannotBeMeantIsExplained() async throws {
        try await withVirtualTime { clock in
            let site = try await ConvergedSite(clock)
            defer { site.files.remove() }
            let gone = try #require(Address("home/cloudflare.tunnel"))
            site.fleet.world.locked { core in
                let machine = core.aws?.ec2.instance(tagged: "launch:service", "cloud")
                core.aws?.ec2.terminate(machine?.id ?? "")
            }
            try await clock.sleep(for: .seconds(7200))
            #expect(
                await site.refusal(of: ["cloud/aws.instance", "cloud/aws.instnce"]) == """
                    nothing was accepted:
                      - cloud/aws.instance: it is gone, and no spec can say that
                      - cloud/aws.instnce: no object has that address; did you mean \
                    cloud/aws.instance?
                    """)
            #expect(
                await site.refusal(of: ["clod/aws.volume", "_project/aws.budget"]) == """
                    nothing was accepted:
                      - _project/aws.budget: launch.yaml says it, which is not edited
                      - clod/aws.volume: no object has that address; did you mean \
                    cloud/aws.volume?
                    """)
            #expect(try await site.accept([gone]).others == [gone])
        }
    }

    /// The run ends at every moment of its writes in turn; the next converge finds the spec and the
    /// world at one, whichever of both it was.
    @Test func aRunThatBreaksOffLeavesNoQuarrel() async throws {
        var unrecorded = 0
        for moment in 1...6 {
            unrecorded += try await withVirtualTime { clock in
                let holder = SwitchHolder(KillSwitch())
                let site = try await ConvergedSite(clock) { holder.value }
                defer { site.files.remove() }
                let machine = try #require(Address("cloud/aws.instance"))
                try await site.change(machine, "instance_type", to: "r6i.large")
                holder.value = KillSwitch(at: moment)
                var failures = 0
                do {
                    _ = try await site.accept([machine])
                } catch let error as AcceptanceUnrecorded {
                    #expect(error.remedy == "Run `launch converge cloud`, which records it.")
                    failures = 1
                } catch {
                    #expect(!(error is AcceptanceRefused))
                }
                holder.value = KillSwitch()
                let isEdited = try site.files.texts() != SpecFiles.services
                #expect(isEdited || failures == 0)
                let plan = try await site.workspace().reconciler.plan(site.workspace().goal())
                #expect(plan.effective.contains { $0.action != .adopt } == !isEdited)
                try await site.fleet.converge(site.files.repository())
                #expect(try await site.fleet.shortfalls(of: site.files.repository()) == [])
                return failures
            }
        }
        #expect(unrecorded > 0)
    }

    @Test func anAliasIsNotEdited() async throws {
        try await withVirtualTime { clock in
            let site = try await ConvergedSite(clock)
            defer { site.files.remove() }
            let machine = try #require(Address("cloud/aws.instance"))
            try await site.change(machine, "instance_type", to: "r6i.large")
            let text = try site.files.text(of: "cloud").replacing("medium", with: "&m medium")
            try site.files.write(text, to: "services/cloud/service.yaml")
            let before = try await site.fleet.store.read().resources
            await #expect(throws: UneditableSpec.self) { try await site.accept([machine]) }
            #expect(try site.files.text(of: "cloud") == text)
            #expect(try await site.fleet.store.read().resources == before)
        }
    }
}

extension String {
    /// Every comment, in order.
    fileprivate var comments: [Substring] {
        split(separator: "\n").compactMap { line in line.firstIndex(of: "#").map { line[$0...] } }
    }
}
