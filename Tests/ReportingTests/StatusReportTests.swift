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
            recorded: ServiceState(
                lastConvergedAt: Date(timeIntervalSince1970: 1_750_000_000),
                timeline: [
                    TimelineEntry(
                        stage: "pushed", reachedAt: Date(timeIntervalSince1970: 1_750_000_000)),
                    TimelineEntry(
                        stage: "serving", reachedAt: Date(timeIntervalSince1970: 1_750_000_092)),
                ]),
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
                SERVICE  TARGET   ENVIRONMENT  STATE    RUNNER  HEALTH   PUSH TO LIVE  ADDRESS    URL                      USD/MONTH  CONVERGED
                fresh    proxmox  production   new      –       –        –             –          –                        –          never
                gone     aws      test         missing  –       –        –             –          –                        –          never
                web      aws      production   running  online  serving  1m 32s        192.0.2.7  https://web.example.com  21.04      2025-06-15T15:06:40Z

                """)
    }

    @Test func aNarrowTerminalGetsAList() {
        #expect(
            StatusReport(Array(Self.services[...1])).text(width: 80) == """
                gone
                  target        aws
                  environment   test
                  state         missing
                  runner        –
                  health        –
                  push to live  –
                  address       –
                  url           –
                  usd/month     –
                  converged     never

                web
                  target        aws
                  environment   production
                  state         running
                  runner        online
                  health        serving
                  push to live  1m 32s
                  address       192.0.2.7
                  url           https://web.example.com
                  usd/month     21.04
                  converged     2025-06-15T15:06:40Z

                """)
    }

    @Test func markdownIsATable() {
        #expect(
            StatusReport([Self.services[0]]).markdown == """
                ### Launch status

                1 service.

                | service | target | environment | state | runner | health | push to live | address | url | usd/month | converged |
                | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |
                | web | aws | production | running | online | serving | 1m 32s | 192.0.2.7 | https://web.example.com | 21.04 | 2025-06-15T15:06:40Z |

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
                      "certificate_expires_at" : null,
                      "environment" : "production",
                      "health" : "serving",
                      "image" : null,
                      "last_converged_at" : "2025-06-15T15:06:40Z",
                      "monthly_usd" : 21.04,
                      "name" : "web",
                      "newer_image" : null,
                      "push_to_live_seconds" : 92,
                      "runner" : "online",
                      "runner_version" : null,
                      "state" : "running",
                      "target" : "aws",
                      "timeline" : [
                        {
                          "note" : null,
                          "reached_at" : "2025-06-15T15:06:40Z",
                          "seconds" : 0,
                          "stage" : "pushed"
                        },
                        {
                          "note" : null,
                          "reached_at" : "2025-06-15T15:08:12Z",
                          "seconds" : 92,
                          "stage" : "serving"
                        }
                      ],
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

    static func service(withRunner version: String) -> ServiceStatus {
        var runner = runner
        runner.attributes["version"] = .string(version)
        var machine = machine(true)
        machine.attributes["image_id"] = "ami-1"
        let record = RecordedResource(
            address: machine.address, id: "i-1", attributes: ["image": "ubuntu-24.04"],
            createdAt: Date(timeIntervalSince1970: 0), updatedAt: Date(timeIntervalSince1970: 0))
        return ServiceStatus(
            name: "web", recorded: ServiceState(resources: [record]), target: "aws",
            environment: nil, url: nil, observed: [machine, runner])
    }

    @Test func versionsAreTold() {
        let json = StatusReport([Self.service(withRunner: "2.336.0")]).json
        #expect(json.contains(#""runner_version" : "2.336.0""#))
        #expect(json.contains(#""image" : "ubuntu-24.04, ami-1""#))
    }

    @Test func aRunnerThatGitHubGivesNoJobsIsTold() {
        let note =
            "web: its runner has version 2.328.9, and GitHub needs 2.329.0. A runner updates "
            + "itself where it reaches GitHub on port 443; a machine that is made anew begins "
            + "with the newest.\n"
        #expect(StatusReport([Self.service(withRunner: "2.328.9")]).text().hasSuffix(note))
        #expect(
            !StatusReport([Self.service(withRunner: "2.329.0")]).text().contains("GitHub needs"))
    }

    @Test func aStoppedMachineIsStopped() {
        let status = ServiceStatus(
            name: "web", recorded: nil, target: "aws", environment: nil, url: nil,
            observed: [Self.machine(false)])
        #expect(status.state == .stopped)
    }
}
