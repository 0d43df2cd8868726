import Services
import Testing

@Suite struct CanonicalTextTests {
    private let web = ServiceSpec(
        name: "web", target: .aws, size: .named(.medium), secrets: ["A", "B"],
        ingress: [IngressRule(port: 22, sources: ["10.0.0.0/8"])])

    @Test func itHoldsEverythingThatMatters() {
        #expect(
            web.canonicalText == """
                {"data_gib":null,"environment":"production","expose":"tunnel","guest":"vm",\
                "health":null,"ingress":[{"from":["10.0.0.0/8"],"port":22,"protocol":"tcp"}],\
                "kind":"web","name":"web","port":null,"protect":false,"public":null,\
                "runner":"persistent","secrets":["A","B"],"size":{"cpu":2,"disk_gib":30,"memory_mib":4096},\
                "spot":false,"target":"aws","was":null}
                """)
    }

    @Test func aPublicNameIsThereWithItsPortAndItsCertificate() {
        var other = web
        other.publicAccess = PublicAccess(hostname: "web.example.com", port: 80)
        let text = other.canonicalText
        #expect(
            text.contains(
                #""public":{"certificate":"origin","hostname":"web.example.com","port":80}"#))
        other.publicAccess?.certificate = .own
        #expect(other.canonicalText != text)
    }

    @Test func whereAFieldStandsDoesNotMatter() {
        var other = web
        other.file = "elsewhere.yaml"
        other.places = ["size": Place(line: 9, column: 9)]
        other.secrets = ["B", "A"]
        other.size = .custom(web.size.shape)
        #expect(other.canonicalText == web.canonicalText)
    }

    @Test(arguments: [
        ServiceSpec(name: "web", target: .proxmox),
        ServiceSpec(name: "web", target: .aws, size: .named(.large)),
        ServiceSpec(name: "web", target: .aws, spot: true),
        ServiceSpec(name: "web", target: .aws, data: DataVolume(gibibytes: 1)),
        ServiceSpec(name: "web", target: .aws, protect: true),
        ServiceSpec(name: "web", target: .aws, runnerLife: .ephemeral),
        ServiceSpec(name: "web", target: .aws, formerName: "old"),
    ])
    func aChangeShows(_ changed: ServiceSpec) {
        #expect(
            changed.canonicalText != ServiceSpec(name: "web", target: .aws).canonicalText)
    }
}
