import Planning
import Reporting
import Resources
import Services
import Testing

@Suite struct EffectReportTests {
    private static let machine = Address(service: "web", kind: KindName(.aws, "instance"))

    private static let plan = Samples.plan(
        [
            Change(
                Address(service: "api", kind: KindName(.proxmox, "lxc")), .update,
                reason: "cpu: 1 → 2",
                fields: [FieldChange("cpu", before: 1, after: 2, consequence: .restart)]),
            Change(
                machine, .update, reason: "instance_type: t3.small → t3.large",
                fields: [
                    FieldChange(
                        "instance_type", before: "t3.small", after: "t3.large",
                        consequence: .restart)
                ]),
            Change(
                Address(service: "zoo", kind: KindName(.aws, "instance")), .replace,
                reason: "architecture: x86_64 → arm64"),
        ], upgrades: [Upgrade(machine, offered: "ami-2")])

    /// Why a machine gets another seed matters more than which fields differ.
    @Test func aMachineThatGetsAnotherSeedTellsWhy() {
        let plan = Samples.plan([
            Change(
                Address(service: "api", kind: KindName(.proxmox, "vm")), .update,
                reason: "its runner never came online; cpu: 1 → 2",
                fields: [
                    FieldChange("cpu", before: 1, after: 2, consequence: .restart),
                    FieldChange(
                        "seed", before: nil, after: nil, consequence: .restart, isSecret: true),
                ])
        ])
        let line = "  ~ update   proxmox.vm  its runner never came online; cpu: 1 → 2; "
        let text = PlanReport(plan, requests: [:]).text()
        #expect(text.contains(line + "the machine restarts"))
        #expect(!text.contains("2 fields"))
    }

    @Test func whatIsIssuedAnewStopsNothing() {
        let address = Address(service: "web", kind: KindName(.cloudflare, "origin_certificate"))
        let current = FieldChange("current", before: false, after: true, consequence: .reissue)
        let lost = FieldChange(
            "key", before: nil, after: nil, consequence: .reissue, isSecret: true)
        let names = FieldChange(
            "hostnames", before: ["a.test"], after: ["b.test"], consequence: .reissue)
        let words = [[current], [lost, current], [names, current]].map { fields in
            let change = Change(address, .update, reason: "why", fields: fields)
            let text = PlanReport(Samples.plan([change]), requests: [:]).text()
            return text.split(separator: "\n").dropFirst().prefix { $0.hasPrefix(" ") }
                .joined(separator: "\n")
        }
        let head = "  ~ update   cloudflare.origin_certificate  "
        let effect = "another one is issued, and nothing restarts"
        #expect(
            words == [
                head + "why; " + effect, head + "why; " + effect,
                head + "2 fields; " + effect + "\n"
                    + "      hostnames  [a.test] → [b.test], has another one issued\n"
                    + "      current    false → true, has another one issued",
            ])
    }

    @Test func aPlanTellsHowLongAServiceIsDownAndOfANewerImage() {
        #expect(
            PlanReport(Self.plan, requests: [:]).text() == """
                api: 1 to update; about 20 s down
                  ~ update   proxmox.lxc  cpu: 1 → 2; the machine restarts, about 20 s down

                web: 1 to update; about 2 min down
                  ~ update   aws.instance  instance_type: t3.small → t3.large; the machine restarts, about 2 min down

                zoo: 1 to replace; about 5 min down
                  ± replace  aws.instance  architecture: x86_64 → arm64; the machine is replaced, about 5 min down

                Plan: 1 to replace, 2 to update, 0 unchanged.
                web/aws.instance: a newer image is published, ami-2. The next replacement takes it, or `launch converge --upgrade-image web` now.
                0 requests.

                """)
    }

    @Test func soDoMarkdownAndJSON() {
        let report = PlanReport(Self.plan, requests: [:])
        #expect(report.markdown.contains("; the machine restarts, about 2 min down |"))
        #expect(report.markdown.contains("; the machine is replaced, about 5 min down |"))
        let changes = report.document["changes"]?.list ?? []
        #expect(changes.map { $0["expected_downtime_seconds"] } == [20, 120, 300])
        #expect(
            report.document["upgrades"] == [["address": "web/aws.instance", "image": "ami-2"]])
    }

    @Test func statusTellsOfANewerImage() {
        let status = StatusReport([
            ServiceStatus(
                name: "web", recorded: nil, target: "aws", environment: nil, url: nil,
                observed: [
                    ObservedResource(
                        Self.machine, id: "i-1",
                        attributes: ["newer_image": .string("ami-2"), "running": true])
                ])
        ])
        #expect(
            status.text().hasSuffix(
                "web: a newer image is published, ami-2. `launch converge --upgrade-image web` "
                    + "takes it.\n"))
        #expect(status.json.contains("\"newer_image\" : \"ami-2\""))
    }
}
