import HTTP
import Resources
import Services
import Simulation
import TestSupport
import Testing

@testable import Proxmox

@Suite struct RequestTests {
    private let common = [
        "Authorization: PVEAPIToken=launch@pve!ci=5f3e%251", "Accept: application/json",
    ]

    @Test func formBodiesAreEncodedCompletely() async throws {
        let client = ScriptedHTTPClient(try answer("UPID"))
        let api = try ProxmoxAPI.example(client, VirtualClock())
        let result = try await api.post(
            "/nodes/\("pve1")/lxc",
            ["net0": "name=eth0,bridge=vmbr0", "tags": "a;b", "description": "x y\n100%"])
        #expect(result == "UPID")
        #expect(
            try client.requests.map(Sent.init) == [
                Sent(
                    "POST https://pve.lan:8006/api2/json/nodes/pve1/lxc",
                    headers: common + ["Content-Type: application/x-www-form-urlencoded"],
                    body: "description=x%20y%0A100%25&net0=name%3Deth0%2Cbridge%3Dvmbr0&tags=a%3Bb")
            ])
    }

    /// Every node of a cluster answers for all.
    @Test func anotherEndpointIsAskedWhenOneDoesNotAnswer() async throws {
        let refused: ScriptedHTTPClient.Answer = { _ in
            throw HTTPError(.refused, origin: "https://a:8006", detail: "refused")
        }
        let broken: ScriptedHTTPClient.Answer = { _ in
            throw HTTPError(.interrupted, origin: "https://b:8006", detail: "reset")
        }
        let done = try answer("done")
        let client = ScriptedHTTPClient([refused, { _ in done }, { _ in done }, broken])
        let connection = try ProxmoxConnection.example([
            "PROXMOX_VE_ENDPOINT": "https://a:8006, https://b:8006/"
        ])
        let api = ProxmoxAPI(
            connection: connection, client: client, time: VirtualClock(),
            random: SeededRandom(seed: 1))
        try await api.post("/nodes")
        _ = try await api.get("/nodes")
        // A change that may have had its effect is not repeated elsewhere.
        await #expect(throws: ProxmoxFailure.self) { try await api.post("/nodes") }
        #expect(
            client.requests.map { "\($0.method.rawValue) \($0.url.prefix(14))" } == [
                "POST https://a:8006", "POST https://b:8006", "GET https://b:8006",
                "POST https://b:8006",
            ])
    }

    @Test func deletesCarryTheirParametersInTheQuery() async throws {
        let client = ScriptedHTTPClient(try answer(.null))
        let api = try ProxmoxAPI.example(client, VirtualClock())
        try await api.delete(
            "/nodes/pve1/storage/local/content/\("local:iso/x y.iso")", ["delay": "5"])
        #expect(
            try client.requests.map(Sent.init) == [
                Sent(
                    "DELETE https://pve.lan:8006/api2/json/nodes/pve1/storage/local/content/"
                        + "local%3Aiso%2Fx%20y.iso?delay=5", headers: common)
            ])
    }

    @Test func uploadsHaveTheirPartsInTheOneOrderThatProxmoxReads() async throws {
        let client = ScriptedHTTPClient(try answer("UPID"))
        let api = try ProxmoxAPI.example(client, VirtualClock())
        _ = try await api.upload(
            Array("ISO content".utf8), as: "launch-1.iso", content: "iso", sha256: "abc",
            to: "/nodes/pve1/storage/local/upload")
        let boundary = "launch-" + SeededRandom(seed: 1).hexadecimal(32)
        #expect(
            try client.requests.map(Sent.init) == [
                Sent(
                    "POST https://pve.lan:8006/api2/json/nodes/pve1/storage/local/upload",
                    headers: common + ["Content-Type: multipart/form-data; boundary=\(boundary)"],
                    body: """
                        --\(boundary)\r
                        Content-Disposition: form-data; name="content"\r
                        \r
                        iso\r
                        --\(boundary)\r
                        Content-Disposition: form-data; name="checksum-algorithm"\r
                        \r
                        sha256\r
                        --\(boundary)\r
                        Content-Disposition: form-data; name="checksum"\r
                        \r
                        abc\r
                        --\(boundary)\r
                        Content-Disposition: form-data; name="filename"; \
                        filename="launch-1.iso"\r
                        Content-Type: application/octet-stream\r
                        \r
                        ISO content\r
                        --\(boundary)--\r

                        """)
            ])
    }

    @Test func theTokenAndExtraHeadersAreSensitive() throws {
        let connection = try ProxmoxConnection.example([
            "PROXMOX_VE_HEADERS": "CF-Access-Client-Id: a.access, CF-Access-Client-Secret: b:c"
        ])
        #expect(connection.authorisation.isSensitive)
        #expect(
            connection.extraHeaders == [
                HTTPHeader("CF-Access-Client-Id", "a.access", isSensitive: true),
                HTTPHeader("CF-Access-Client-Secret", "b:c", isSensitive: true),
            ])
        #expect(!String(describing: connection.token).contains("5f3e"))
    }

    @Test(arguments: [
        ("https://pve.lan:8006", "https://pve.lan:8006"),
        ("https://pve.lan:8006/", "https://pve.lan:8006"),
        ("https://pve.lan:8006/api2/json/", "https://pve.lan:8006"),
        ("pve.lan:8006", nil), ("https://", nil), ("https://u@pve.lan", nil),
    ])
    func endpointsAreBroughtToOneForm(given: String, expected: String?) {
        let environment = ["PROXMOX_VE_ENDPOINT": given, "PROXMOX_VE_API_TOKEN": "a@pve!b=c"]
        let connection = try? ProxmoxConnection(ProxmoxSettings(), environment: environment)
        #expect(connection?.endpoint == expected)
    }

    @Test(arguments: [
        ([:], ProviderError.Reason.invalid),
        (["PROXMOX_VE_ENDPOINT": "https://pve:8006"], .unauthorized),
        (
            ["PROXMOX_VE_ENDPOINT": "https://pve:8006", "PROXMOX_VE_API_TOKEN": "root@pam"],
            .unauthorized
        ),
        (
            [
                "PROXMOX_VE_ENDPOINT": "https://pve:8006", "PROXMOX_VE_API_TOKEN": "a@b!c=d",
                "PROXMOX_VE_HEADERS": "nonsense",
            ], .invalid
        ),
    ])
    func settingsThatLackSomethingSaySo(
        environment: [String: String], reason: ProviderError.Reason
    ) {
        let error = #expect(throws: ProviderError.self) {
            try ProxmoxConnection(ProxmoxSettings(), environment: environment)
        }
        #expect(error?.reason == reason)
    }

    @Test func trustComesFromTheFingerprintFirst() throws {
        var settings = ProxmoxSettings()
        let environment = [
            "PROXMOX_VE_ENDPOINT": "https://pve:8006", "PROXMOX_VE_API_TOKEN": "a@b!c=d",
            "PROXMOX_VE_INSECURE": "1",
        ]
        #expect(try ProxmoxConnection(settings, environment: environment).trust == .anything)
        let authorities = environment.merging(["PROXMOX_VE_CA_BUNDLE": "/etc/pve.pem"]) { $1 }
        #expect(
            try ProxmoxConnection(settings, environment: authorities).trust
                == .authorities(path: "/etc/pve.pem"))
        settings.fingerprint = "AB:CD"
        #expect(
            try ProxmoxConnection(settings, environment: environment).trust
                == .fingerprint("AB:CD"))
    }
}
