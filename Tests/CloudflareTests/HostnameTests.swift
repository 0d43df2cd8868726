import Resources
import Testing

@testable import Cloudflare

@Suite struct HostnameTests {
    /// The last ones are from <https://www.rfc-editor.org/rfc/rfc3492#section-7.1>.
    @Test(arguments: [
        ("Web.Example.COM.", "web.example.com"),
        ("*.example.com", "*.example.com"),
        ("bücher.example", "xn--bcher-kva.example"),
        ("例え.テスト", "xn--r8jz45g.xn--zckzah"),
        ("他们为什么不说中文", "xn--ihqwcrb4cv8a8dqg056pqjye"),
        ("3年b組金八先生", "xn--3b-ww4c5e180e575a65lsy2b"),
    ])
    func namesAreBroughtToOneForm(name: String, canonical: String) {
        #expect(canonicalHostname(name) == canonical)
    }

    @Test(arguments: [
        (#""default";r=50;t=30"#, RateBudget(#""x";r=50;t=30"#)?.remaining, 50),
        (#""burst"; r=0; t=7"#, RateBudget(#""x"; r=0; t=7"#)?.remaining, 0),
    ])
    func budgetsAreRead(header: String, again: Int?, remaining: Int) {
        #expect(RateBudget(header)?.remaining == remaining)
        #expect(again == remaining)
    }

    @Test(arguments: ["", "nonsense", #""default";r=x;t=30"#, #""default";r=5"#])
    func otherHeadersAreIgnored(header: String) { #expect(RateBudget(header) == nil) }
}
