import Foundation
import Planning
import Reporting
import Resources
import TestSupport
import Testing

@Suite struct StatusPageTests {
    private static let drift = Drift(
        project: "R&D <acme>",
        findings: [
            DriftFinding(
                Address(service: "web", kind: KindName(.aws, "instance")), .changed,
                fields: [
                    DriftFinding.FieldDifference(
                        path: "type", recorded: "t3.small", actual: "t3.large")
                ])
        ])

    private static let page = StatusReport(StatusReportTests.services).html(
        drift, at: Date(timeIntervalSince1970: 1_750_000_000))

    @Test func eachServiceHasACard() throws {
        let body = try #require(Self.page.split(separator: "<main>").last)
        #expect(
            body == """

                <article>
                <h2>fresh<span class="warn">new</span></h2>

                <dl>
                <dt>where</dt><dd>proxmox, production</dd>
                <dt>converged</dt><dd>never</dd>
                <dt>drift</dt><dd><span class="good">none</span></dd>
                </dl>
                </article>
                <article>
                <h2>gone<span class="bad">missing</span></h2>

                <dl>
                <dt>where</dt><dd>aws, test</dd>
                <dt>converged</dt><dd>never</dd>
                <dt>drift</dt><dd><span class="good">none</span></dd>
                </dl>
                </article>
                <article>
                <h2>web<span class="good">running</span></h2>
                <a href="https://web.example.com">https://web.example.com</a>
                <dl>
                <dt>where</dt><dd>aws, production</dd>
                <dt>address</dt><dd>192.0.2.7</dd>
                <dt>runner</dt><dd>online</dd>
                <dt>reached</dt><dd>serving</dd>
                <dt>push to live</dt><dd>1m 32s</dd>
                <dt>USD/month</dt><dd>21.04</dd>
                <dt>converged</dt><dd><time>2025-06-15T15:06:40Z</time></dd>
                <dt>drift</dt><dd><span class="warn">changed web/aws.instance (type)</span></dd>
                </dl>
                </article>
                </main>
                </body>
                </html>

                """)
    }

    @Test(arguments: [
        ("2.336.0", "<dt>runner</dt><dd>online, 2.336.0</dd>"),
        (
            "2.320.0",
            "<dt>runner</dt><dd>online, 2.320.0<br><span class=\"bad\">its runner has version "
                + "2.320.0, and GitHub needs 2.329.0</span></dd>"
        ),
    ])
    func aRunnersVersionIsShown(version: String, line: String) {
        let page = StatusReport([StatusReportTests.service(withRunner: version)]).html(
            Drift(project: "acme", findings: []), at: Date(timeIntervalSince1970: 0))
        #expect(page.contains(line))
        #expect(page.contains("<dt>image</dt><dd>ubuntu-24.04, ami-1</dd>"))
    }

    @Test(arguments: [
        (0.0, "until <time>2027-01-15T08:00:00Z</time>"),
        (1_799_000_000, #"<span class="warn">until <time>2027-01-15T08:00:00Z</time></span>"#),
        (1_800_000_001, #"<span class="bad">until <time>2027-01-15T08:00:00Z</time></span>"#),
    ])
    func aCertificatesEndIsShown(now: Double, words: String) {
        let valid = TimelineEntry(
            stage: "certificate valid", reachedAt: Date(timeIntervalSince1970: 0),
            note: "valid until 2027-01-15T08:00:00Z")
        let status = ServiceStatus(
            name: "web", recorded: ServiceState(timeline: [valid]), target: "aws",
            environment: nil, url: nil, observed: [])
        let report = StatusReport([status])
        let page = report.html(
            Drift(project: "acme", findings: []), at: Date(timeIntervalSince1970: now))
        #expect(page.contains("<dt>certificate</dt><dd>\(words)</dd>"))
        #expect(report.json.contains(#""certificate_expires_at" : "2027-01-15T08:00:00Z""#))
    }

    @Test func whatPeopleWriteIsNoMarkup() {
        #expect(Self.page.contains("<h1>R&amp;D &lt;acme&gt;</h1>"))
    }

    /// Nothing is fetched: the page is whole by itself, and its policy forbids the rest.
    @Test(arguments: ["<script", "<link", "<img", "src=", "@import", "url("])
    func nothingComesFromElsewhere(markup: String) {
        #expect(!Self.page.contains(markup))
    }

    @Test func withoutServicesItSaysSo() {
        let page = StatusReport([]).html(
            Drift(project: "acme", findings: []), at: Date(timeIntervalSince1970: 0))
        #expect(page.contains("<p>0 services as of <time>1970-01-01T00:00:00Z</time>.</p>"))
        #expect(page.contains("<p>No services.</p>"))
    }

    private static let browser = ExternalTool("chromium")

    /// Nothing reaches beyond the screen and every card is there, as measured in a frame of that
    /// width.
    @Test(
        .enabled(if: browser.isInstalled, "needs Chromium"), arguments: [390, 1280])
    func aBrowserShowsItOnAPhoneAndOnADesk(width: Int) throws {
        let frame = """
            <!DOCTYPE html>
            <iframe width="\(width)" height="900" srcdoc='\(Self.page.replacing("'", with: "&#39;"))'></iframe>
            <script>
            const frame = document.querySelector("iframe")
            frame.onload = () => {
                const page = frame.contentDocument
                const cards = [...page.querySelectorAll("article")]
                    .filter(card => card.getBoundingClientRect().height > 0)
                document.title = `${cards.length} cards, ` +
                    (page.documentElement.scrollWidth <= \(width) ? "fits" : "too wide")
            }
            </script>
            """
        let file = FileManager.default.temporaryDirectory
            .appending(path: "launch-\(UUID().uuidString).html")
        try frame.write(to: file, atomically: true, encoding: String.Encoding.utf8)
        defer { try? FileManager.default.removeItem(at: file) }
        let shown = try Self.browser.run(
            [
                "--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage",
                "--dump-dom", file.path,
            ], takingErrors: false)
        #expect(shown.text.contains("<title>3 cards, fits</title>"))
    }
}
