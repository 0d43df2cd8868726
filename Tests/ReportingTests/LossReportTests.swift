import Planning
import Reporting
import Resources
import TestSupport
import Testing

/// What goes with a service, as a plan tells it.
@Suite struct LossReportTests {
    @Test func whatGoesWithAServiceStandsBelowItsChanges() {
        let report = PlanReport(Samples.farewell, requests: [:])
        #expect(
            report.text() == """
                old: 1 to delete
                  - delete   aws.bed  taken down
                  with it goes:
                      · the data on aws.bed g-7, for good

                web: 1 to delete, 1 unchanged
                  - delete   aws.bed  taken down
                  it has been there since 2026-05-03, and with it goes:
                      · https://web.example.com stops answering
                      · the disk of aws.bed g-1, 30 GiB, with what is on it
                      · the runner launch-garden-web
                      · the GitHub secrets WEB_TOKEN, WEB_KEY
                      · not the data on aws.cellar g-2, 20 GiB: `launch destroy web --with-data` \
                deletes it

                Plan: 2 to delete, 1 unchanged.
                0 requests.

                """)
        #expect(
            report.markdown.hasSuffix(
                """

                **old**: with it goes:

                - the data on aws.bed g-7, for good

                **web**: it has been there since 2026-05-03, and with it goes:

                - https://web.example.com stops answering
                - the disk of aws.bed g-1, 30 GiB, with what is on it
                - the runner launch-garden-web
                - the GitHub secrets WEB\\_TOKEN, WEB\\_KEY
                - not the data on aws.cellar g-2, 20 GiB: \\`launch destroy web --with-data\\` \
                deletes it

                0 requests.

                """))
    }

    @Test func whatGoesWithManyServicesFitsAComment() {
        let losses = (0..<1_000).map {
            ServiceLoss(
                service: "service-\($0)",
                hostnames: [String](repeating: "web.example.com", count: 200))
        }
        let plan = Samples.plan(Samples.plan(services: 1_000).changes, losses: losses)
        let markdown = PlanReport(plan, requests: [:]).markdown
        #expect(markdown.utf8.count < 65_536)
        #expect(markdown.contains("\n… and 998 more remarks; the text report shows everything.\n"))
    }
}
