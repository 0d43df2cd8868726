import Planning
import Resources
import Testing

@Suite struct DowntimeTests {
    private static let restarting = FieldChange(
        "instance_type", before: "t3.small", after: "t3.large", consequence: .restart)
    private static let harmless = FieldChange("environment", before: "a", after: "b")

    private static let cases: [(String, Change.Action, [FieldChange], Duration?)] = [
        ("web/aws.instance", .update, [restarting], .seconds(120)),
        ("web/aws.instance", .update, [harmless], nil),
        ("web/aws.instance", .replace, [restarting], .seconds(300)),
        ("web/aws.instance", .create, [], nil),
        ("web/aws.instance", .delete, [], nil),
        ("web/proxmox.vm", .update, [restarting, harmless], .seconds(60)),
        ("web/proxmox.vm", .replace, [], .seconds(300)),
        ("web/proxmox.lxc", .update, [restarting], .seconds(20)),
        ("web/proxmox.lxc", .replace, [], .seconds(180)),
        ("web/aws.security_group", .replace, [], nil),
    ]

    @Test(arguments: cases) func aChangeTakesTheServiceDown(
        _ example: (String, Change.Action, [FieldChange], Duration?)
    ) throws {
        let address = try #require(Address(example.0))
        let change = Change(address, example.1, reason: "size", fields: example.2)
        #expect(change.expectedDowntime == example.3)
    }
}
