import Foundation
import Resources
import Testing

@Suite struct AddressTests {
    @Test(
        arguments: [
            ("librechat/aws.instance", KindName(.aws, "instance"), nil),
            ("tools/proxmox.vm", KindName(.proxmox, "vm"), nil),
            (
                "web/cloudflare.dns_record/web.example.com", KindName(.cloudflare, "dns_record"),
                "web.example.com"
            ),
            ("web/github.runner/a/b", KindName(.github, "runner"), "a/b"),
        ] as [(String, KindName, String?)])
    func readsAndPrints(text: String, kind: KindName, key: String?) throws {
        let address = try #require(Address(text))
        let service = try #require(text.split(separator: "/").first)
        #expect(address == Address(service: String(service), kind: kind, key: key))
        #expect(address.description == text)
        #expect(try Address(json: address.json) == address)
    }

    @Test(arguments: [
        "", "web", "web/", "/aws.instance", "web/instance", "web/aws.", "web/azure.instance",
        "web/aws.instance/", "web//aws.instance",
    ])
    func refusesOtherText(text: String) {
        #expect(Address(text) == nil)
        #expect(throws: JSONMismatch("is not an address")) { try Address(json: .string(text)) }
    }

    @Test func sortsByItsText() {
        let texts = ["a/aws.instance", "a/aws.volume", "a/github.runner", "b/aws.instance"]
        #expect(texts.reversed().compactMap { Address($0) }.sorted().map(\.description) == texts)
    }
}
