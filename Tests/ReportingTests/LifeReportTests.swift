import Foundation
import Reporting
import Resources
import Testing

@Suite struct LifeReportTests {
    private static let address = Address(service: "web", kind: KindName(.aws, "instance"))
    private static let ci = LeaseHolder(
        user: "runner", host: "fv-az1", pid: 7,
        runURL: "https://github.com/me/shop/actions/runs/9/attempts/1",
        commit: "1a2b3c4d5e6f70819203a4b5c6d7e8f901234567")
    private static let ada = LeaseHolder(user: "ada", host: "laptop", pid: 4711, runURL: nil)
    private static let birth = Date(timeIntervalSince1970: 1_750_000_000)

    static let events = [
        LifeEvent(
            .created, serial: 3, at: birth, who: ci, purpose: "converge web", reason: "new",
            id: "i-1"),
        LifeEvent(
            .changed, serial: 9, at: birth + 60, who: ada, purpose: "converge",
            reason: "type: small → large (size in services/web/service.yaml:3), seed changed",
            id: "i-1",
            fields: [
                .init("ipv4", before: "10.0.0.1", after: nil),
                .init("type", before: "small", after: "large"),
                .init("key", before: nil, after: nil, isSecret: true),
            ]),
        LifeEvent(
            .gone, serial: 12, at: birth + 120, who: ada, purpose: "converge", reason: nil,
            id: "i-1"),
    ]

    private static func record(by maker: LeaseHolder?) -> RecordedResource {
        RecordedResource(
            address: address, id: "i-1", attributes: [:], createdAt: birth, updatedAt: birth,
            createdBy: maker)
    }

    static let reports = [
        LifeReport(address, record: nil, events: events),
        LifeReport(address, record: record(by: ci), events: []),
    ]

    @Test func eachEventSaysWhoAndWhy() {
        #expect(
            Self.reports[0].text() == """
                web/aws.instance: not in the state
                  2025-06-15T15:06:40Z  created  https://github.com/me/shop/actions/runs/9/attempts/1 \
                for converge web, commit 1a2b3c4d5e6f
                      new
                  2025-06-15T15:07:40Z  changed  ada@laptop for converge
                      type: small → large (size in services/web/service.yaml:3), seed changed
                      ipv4: 10.0.0.1 → (none)
                      key changed
                  2025-06-15T15:08:40Z  gone     ada@laptop for converge

                """)
    }

    /// The record remembers what the journal has forgotten.
    @Test(arguments: [
        (ci, "created  https://github.com/me/shop/actions/runs/9/attempts/1, commit 1a2b3c4d5e6f"),
        (nil, "adopted  the journal does not reach back so far"),
    ])
    func theBeginningIsNotForgotten(maker: LeaseHolder?, words: String) {
        let later = LifeEvent(
            .changed, serial: 99, at: Self.birth + 60, who: Self.ada, purpose: "converge",
            reason: nil, id: "i-1", fields: [.init("size", before: 1, after: 2)])
        #expect(
            LifeReport(Self.address, record: Self.record(by: maker), events: [later]).text() == """
                web/aws.instance: i-1
                  2025-06-15T15:06:40Z  \(words)
                  2025-06-15T15:07:40Z  changed  ada@laptop for converge
                      size: 1 → 2

                """)
    }

    @Test func markdownIsATable() {
        #expect(
            LifeReport(Self.address, record: Self.record(by: Self.ada), events: [Self.events[0]])
                .markdown == """
                    ### Launch why

                    web/aws.instance: i-1

                    | when | what | who | why |
                    | --- | --- | --- | --- |
                    | 2025-06-15T15:06:40Z | created | \
                    https://github.com/me/shop/actions/runs/9/attempts/1 for converge web, \
                    commit 1a2b3c4d5e6f | new |

                    """)
    }

    @Test func programsGetEverything() {
        #expect(
            LifeReport(Self.address, record: nil, events: [Self.events[2]]).json == """
                {
                  "address" : "web/aws.instance",
                  "events" : [
                    {
                      "at" : "2025-06-15T15:08:40Z",
                      "fields" : [

                      ],
                      "id" : "i-1",
                      "kind" : "gone",
                      "purpose" : "converge",
                      "reason" : null,
                      "serial" : 12,
                      "who" : {
                        "commit" : null,
                        "host" : "laptop",
                        "pid" : 4711,
                        "run_url" : null,
                        "user" : "ada"
                      }
                    }
                  ],
                  "format_version" : 1,
                  "id" : null
                }

                """)
    }
}
