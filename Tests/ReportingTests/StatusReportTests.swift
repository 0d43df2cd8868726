import Foundation
import Reporting
import Resources
import Testing

@Suite struct StatusReportTests {
    private static func machine(_ running: Bool) -> ObservedResource {
        ObservedResource(
            Address(service: "web", kind: KindName(.aws, "instance")), id: "i-1",
            attributes: ["public_ipv4": "192.0.2.7", "running": .boolean(running)])
    }

    private static let runner = ObservedResource(
        Address(service: "web", kind: KindName(.github, "runner")), id: "1",
        attributes: ["online": true])

    private static let record = RecordedResource(
        address: Address(service: "gone", kind: KindName(.aws, "instance")), id: "i-2",
        attributes: [:], fingerprints: [:], dependencies: [],
        createdAt: Date(timeIntervalSince1970: 0), updatedAt: Date(timeIntervalSince1970: 0))

    static let services = [
        ServiceStatus(
            name: "web",
            recorded: ServiceState(lastConvergedAt: Date(timeIntervalSince1970: 1_750_000_000)),
            target: "aws", environment: "production", url: "https://web.example.com",
            observed: [machine(true), runner], cost: Samples.cost("21.0364")),
        ServiceStatus(
            name: "gone",
            recorded: ServiceState(target: "aws", environment: "test", resources: [record]),
            target: nil, environment: nil, url: nil, observed: []),
        ServiceStatus(
            name: "fresh", recorded: nil, target: "proxmox", environment: "production", url: nil,
            observed: []),
    ]

    @Test func theTableIsAlignedAndSorted() {
        #expect(
            StatusReport(Self.services).text() == """
                SERVICE  TARGET   ENVIRONMENT  STATE    RUNNER  ADDRESS    URL                      USD/MONTH  CONVERGED
                fresh    proxmox  production   new      –       –          –                        –          never
                gone     aws      test         missing  –       –          –                        –          never
                web      aws      production   running  online  192.0.2.7  https://web.example.com  21.04      2025-06-15T15:06:40Z

                """)
    }

    @Test func aNarrowTerminalGetsAList() {
        #expect(
            StatusReport(Array(Self.services[...1])).text(width: 80) == """
                gone
                  target       aws
                  environment  test
                  state        missing
                  runner       –
                  address      –
                  url          –
                  usd/month    –
                  converged    never

                web
                  target       aws
                  environment  production
                  state        running
                  runner       online
                  address      192.0.2.7
                  url          https://web.example.com
                  usd/month    21.04
                  converged    2025-06-15T15:06:40Z

                """)
    }

    @Test func markdownIsATable() {
        #expect(
            StatusReport([Self.services[0]]).markdown == """
                ### Launch status

                1 service.

                | service | target | environment | state | runner | address | url | usd/month | converged |
                | --- | --- | --- | --- | --- | --- | --- | --- | --- |
                | web | aws | production | running | online | 192.0.2.7 | https://web.example.com | 21.04 | 2025-06-15T15:06:40Z |

                """)
    }

    @Test func jsonHasEveryKey() {
        #expect(
            StatusReport([Self.services[0]]).json == """
                {
                  "format_version" : 1,
                  "services" : [
                    {
                      "address_ipv4" : "192.0.2.7",
                      "environment" : "production",
                      "health" : null,
                      "last_converged_at" : "2025-06-15T15:06:40Z",
                      "monthly_usd" : 21.04,
                      "name" : "web",
                      "newer_image" : null,
                      "runner" : "online",
                      "state" : "running",
                      "target" : "aws",
                      "url" : "https://web.example.com"
                    }
                  ]
                }

                """)
    }

    @Test func noServicesAreToldInWords() {
        #expect(StatusReport([]).text() == "No services.\n")
        #expect(StatusReport([]).markdown == "### Launch status\n\nNo services.\n")
    }

    @Test func aStoppedMachineIsStopped() {
        let status = ServiceStatus(
            name: "web", recorded: nil, target: "aws", environment: nil, url: nil,
            observed: [Self.machine(false)])
        #expect(status.state == .stopped)
    }
}
