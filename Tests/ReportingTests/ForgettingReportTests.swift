import Planning
import Reporting
import Resources
import TestSupport
import Testing

@Suite struct ForgettingReportTests {
    private static let forgetting = Forgetting(
        project: "shop",
        entries: [
            .init(
                Address(service: "web", kind: KindName(.github, "secret"), key: "tunnel"), .named,
                id: "LAUNCH_X"),
            .init(Address(service: "web", kind: KindName(.aws, "instance")), .released, id: "i-1"),
            .init(Address(service: "web", kind: KindName(.aws, "volume")), .gone, id: "vol-1"),
        ])

    @Test func eachObjectIsALineAndWhatItsNameKeepsIsSaid() {
        #expect(
            ForgettingReport(Self.forgetting).text() == """
                FATE      OBJECT                    ID
                named     web/github.secret/tunnel  LAUNCH_X
                released  web/aws.instance          i-1
                gone      web/aws.volume            vol-1

                Let go: 1 released, 1 named, 1 gone. Nothing is deleted.
                What is named stays the project's by its name: a later converge takes it up again while
                a spec wants it, and deletes it when none does.

                """)
    }

    @Test func nothingIsSaidInOneLine() {
        #expect(
            ForgettingReport(Forgetting(project: "shop", entries: [])).text()
                == "Nothing of it is there, and nothing is recorded.\n")
    }

    @Test(.enabled(if: PublishedSchema.isCheckable, "check-jsonschema is not installed"))
    func programsGetEachFate() throws {
        let documents = [Self.forgetting, Forgetting(project: "shop", entries: [])]
            .map { ForgettingReport($0).json }
        let schema = PublishedSchema("forget")
        #expect(try schema.complaint(documents) == nil)
        let spoilt = documents[0].replacing("\"gone\"", with: "\"lost\"")
        #expect(try schema.complaint([spoilt]) != nil)
    }
}
