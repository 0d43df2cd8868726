import Planning
import Reporting
import Resources
import Testing

@Suite struct RebuildReportTests {
    private static let instance = Address(service: "web", kind: KindName(.aws, "instance"))
    private static let rebuild = StateRebuild(
        project: "shop",
        entries: [
            .init(instance, .recorded, id: "i-1"),
            .init(instance.runner, .replaced, id: "21"),
            .init(Address(service: "old", kind: KindName(.proxmox, "vm")), .forgotten, id: "100"),
        ])

    @Test func eachObjectIsALine() {
        #expect(
            RebuildReport(Self.rebuild, notLookedAt: [.cloudflare, .proxmox]).text() == """
                RECORD     OBJECT             ID
                recorded   web/aws.instance   i-1
                replaced   web/github.runner  21
                forgotten  old/proxmox.vm     100

                State: 1 recorded, 1 replaced, 1 forgotten.
                Not looked at, for want of credentials: cloudflare, proxmox.

                """)
    }

    @Test func nothingIsSaidInOneLine() {
        let nothing = StateRebuild(project: "shop", entries: [])
        #expect(
            RebuildReport(nothing, notLookedAt: []).text()
                == "Nothing bears the mark of shop.\n")
    }

    @Test func programsGetEachFate() {
        #expect(
            RebuildReport(Self.rebuild, notLookedAt: [.proxmox]).json == """
                {
                  "format_version" : 1,
                  "not_looked_at" : [
                    "proxmox"
                  ],
                  "objects" : [
                    {
                      "address" : "web/aws.instance",
                      "fate" : "recorded",
                      "id" : "i-1",
                      "service" : "web"
                    },
                    {
                      "address" : "web/github.runner",
                      "fate" : "replaced",
                      "id" : "21",
                      "service" : "web"
                    },
                    {
                      "address" : "old/proxmox.vm",
                      "fate" : "forgotten",
                      "id" : "100",
                      "service" : "old"
                    }
                  ],
                  "project" : "shop",
                  "summary" : {
                    "forgotten" : 1,
                    "kept" : 0,
                    "recorded" : 1,
                    "replaced" : 1,
                    "unfinished" : 0
                  }
                }

                """)
    }
}
