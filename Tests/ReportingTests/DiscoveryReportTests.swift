import Reporting
import Resources
import TestSupport
import Testing

@Suite struct DiscoveryReportTests {
    private static let found = [
        Lookalike(
            Address(service: "web", kind: KindName(.aws, "volume")), id: "vol-1", name: "shop-web"),
        Lookalike(Address(service: "api", kind: KindName(.proxmox, "vm")), id: "200", name: "api"),
    ]

    @Test func eachObjectComesWithItsCommand() {
        #expect(
            DiscoveryReport(Self.found, project: "shop").text() == """
                api/proxmox.vm: 200, called api
                  launch adopt api api/proxmox.vm 200
                web/aws.volume: vol-1, called shop-web
                  launch adopt web web/aws.volume vol-1

                2 objects may be meant; nothing was changed.

                """)
    }

    @Test func nothingIsSaidInOneLine() {
        #expect(
            DiscoveryReport([], project: "shop").text()
                == "Nothing that is nobody's is called like an object that the specs want.\n")
    }

    @Test(.enabled(if: PublishedSchema.isCheckable, "check-jsonschema is not installed"))
    func programsGetTheSame() throws {
        let documents = [Self.found, []].map { DiscoveryReport($0, project: "shop").json }
        let schema = PublishedSchema("discovery")
        #expect(try schema.complaint(documents) == nil)
        let spoilt = documents[0].replacing("\"command\"", with: "\"order\"")
        #expect(try schema.complaint([spoilt]) != nil)
    }
}
