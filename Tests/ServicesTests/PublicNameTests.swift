import Services
import Testing

@Suite struct PublicNameTests {
    @Test(arguments: [
        ("chat.example.com", "https://chat.example.com"), ("example.com", "https://example.com"),
        ("*.example.com", "https://web.example.com"),
    ])
    func thereIsOneAddressToLookAt(hostname: String, url: String) {
        let service = ServiceSpec(
            name: "web", target: .aws, publicAccess: PublicAccess(hostname: hostname, port: 80))
        #expect(service.url == url)
    }

    @Test(arguments: [
        (nil, "https://github.com"), ("", "https://github.com"),
        ("https://api.github.com", "https://github.com"),
        ("https://api.github.com/", "https://github.com"),
        ("https://github.acme.test/api/v3", "https://github.acme.test"),
        ("https://github.acme.test:8443/api/v3/", "https://github.acme.test:8443"),
        ("https://api.acme.ghe.com", "https://acme.ghe.com"),
        ("http://127.0.0.1:4000", "https://github.com"),
    ])
    func gitHubsPagesAreToldByItsAPI(api: String?, pages: String) {
        #expect(GitHubServer.pages(ofAPI: api) == pages)
    }
}
