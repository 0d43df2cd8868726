import Cryptography
import Foundation
import HTTP
import Resources
import Simulation
import Testing

@Suite struct SimulatedCloudflareTests {
    private let world = SimulatedWorld(
        time: VirtualClock(), random: SeededRandom(seed: 3), digests: OpenSSLDigests(),
        readSeedImage: { _ in [:] })

    private func answer(
        _ method: HTTPRequest.Method, _ path: String, _ body: Value? = nil,
        authorization: String? = nil
    ) async throws -> HTTPResponse {
        let token = world.environment["CLOUDFLARE_API_TOKEN"] ?? ""
        return try await world.send(
            HTTPRequest(
                method, "https://api.cloudflare.com/client/v4" + path,
                headers: [HTTPHeader("Authorization", authorization ?? "Bearer \(token)")],
                body: try body.map(HTTPBody.json) ?? .none))
    }

    private func records() async throws -> String {
        let zones = try await answer(.get, "/zones").json
        return "/zones/\(zones?["result"]?.list?.first?["id"]?.string ?? "")/dns_records"
    }

    private func tunnels() -> String {
        "/accounts/\(world.environment["CLOUDFLARE_ACCOUNT_ID"] ?? "")/cfd_tunnel"
    }

    /// `400 1004 9005`: the status, the code and the codes behind it; `200` for a success.
    private func outcome(_ response: HTTPResponse) -> String {
        let errors = response.json?["errors"]?.list ?? []
        let codes = errors.flatMap { [$0] + ($0["error_chain"]?.list ?? []) }
            .compactMap { $0["code"]?.integer }
        return ([response.status] + codes).map(String.init).joined(separator: " ")
    }

    @Test(arguments: [
        ("Bearer wrong", "403 9109"), ("Token x", "400 6003 6111"),
        ("Bearer a\nb", "400 6003 6111"),
    ])
    func credentialsAreChecked(authorization: String, expected: String) async throws {
        #expect(
            outcome(try await answer(.get, "/zones", authorization: authorization)) == expected)
    }

    /// What a certificate is asked for with: any form but that of a request is refused.
    @Test func certificatesAreIssuedForRequests() async throws {
        let request = CertificateRequest(for: ["example.com"]).text
        let cases = [
            ("origin-ecc", request, "200"), ("keyless-certificate", request, "200"),
            ("origin-rsa", request, "400 1004"), ("origin-dsa", request, "400 1004"),
            ("origin-ecc", request.replacing("REQUEST", with: ""), "400 1003"),
            ("origin-ecc", request.prefix(300) + "\n" + request.suffix(35), "400 1003"),
            (
                "origin-ecc", request.replacing(/\n[^-]+\n/) { _ in "\nMAAwAA==\n" },
                "400 1003"
            ),
        ]
        for (type, text, expected) in cases {
            let wish: Value = [
                "csr": .string(text), "request_type": .string(type),
                "hostnames": ["example.com"], "requested_validity": 365,
            ]
            let response = try await answer(.post, "/certificates", wish)
            #expect(outcome(response) == expected, "\(type) \(text)")
        }
        #expect(world.inventory == ["cloudflare certificate": 2])
    }

    @Test func aReadingTokenChangesNothing() async throws {
        let token = world.locked { $0.cloudflare?.readOnlyToken } ?? ""
        let body: Value = ["name": "t", "config_src": "cloudflare"]
        let response = try await answer(.post, tunnels(), body, authorization: "Bearer \(token)")
        #expect(outcome(response) == "403 10000")
        #expect(world.inventory.isEmpty)
    }

    @Test(
        arguments: [
            (["type": "A", "name": "a", "content": "192.0.2.300"], "400 1004 9005"),
            (["type": "X", "name": "a", "content": "192.0.2.3"], "400 1004 9002"),
            (
                ["type": "A", "name": "a", "content": "192.0.2.3", "proxied": "yes"],
                "400 1004 9003"
            ),
            (["type": "TXT", "name": "a", "content": "x", "proxied": true], "400 1004 9004"),
            (["type": "A", "name": "a", "content": "192.0.2.3", "ttl": 30], "400 1004 9021"),
            (["type": "A", "name": "bü", "content": "192.0.2.3"], "400 1004 9000"),
            (["type": "CNAME", "name": "a", "content": "a.example.com"], "400 1004 9039"),
            (["type": "A", "name": "@", "content": "192.0.2.10"], "400 81058"),
            (["type": "CNAME", "name": "@", "content": "b.example.com"], "400 81053"),
            (["type": "A", "name": "@", "content": "192.0.2.11"], "200"),
        ] as [([String: Value], String)])
    func recordsAreChecked(fields: [String: Value], expected: String) async throws {
        let response = try await answer(.post, try await records(), .object(fields))
        #expect(outcome(response) == expected)
    }

    @Test func recordsAreNormalised() async throws {
        let fields: Value = [
            "type": "CNAME", "name": "WWW", "content": "Target.Example.net.", "proxied": true,
            "ttl": 300, "comment": "mine", "colour": "red",
        ]
        let made = try await answer(.post, try await records(), fields).json?["result"]
        let shown = made?.object?.filter {
            ["name", "content", "ttl", "comment", "colour"].contains($0.key)
        }
        #expect(
            shown == [
                "name": "www.example.com", "content": "target.example.net", "ttl": 1,
                "comment": "mine",
            ])
    }

    @Test func aBatchIsDoneWholeOrNotAtAll() async throws {
        let path = try await records()
        let first: Value = ["type": "A", "name": "a", "content": "192.0.2.1"]
        let id = try await answer(.post, path, first).json?["result"]?["id"] ?? .null
        let name: Value = ["type": "CNAME", "name": "a", "content": "b.example.net"]
        let broken: Value = ["deletes": [["id": id]], "posts": [name, name]]
        #expect(outcome(try await answer(.post, path + "/batch", broken)) == "400 81058")
        #expect(world.inventory == ["cloudflare dns record": 1])
        let swap: Value = ["deletes": [["id": id]], "posts": [name]]
        #expect(outcome(try await answer(.post, path + "/batch", swap)) == "200")
        #expect(world.locked { $0.cloudflare?.zones.records.last?["type"] } == "CNAME")
    }

    @Test(arguments: [
        ("?type=A", 1), ("?comment.present", 1), ("?comment.absent=true&match=all", 2),
        ("?comment.startswith=MA", 1), ("?type=A&type.x=1&name=example.com", 1),
        ("?type=A&content=mail.example.net&match=any", 2), ("?search=spf", 1),
        ("?page=2&per_page=2&order=name", 1),
    ])
    func listsAreFiltered(query: String, count: Int) async throws {
        let response = try await answer(.get, try await records() + query)
        #expect(response.json?["result"]?.list?.count == count)
    }

    @Test func tunnelsFollowTheirRules() async throws {
        let body: Value = ["name": "t", "config_src": "cloudflare"]
        let made = try await answer(.post, tunnels(), body).json?["result"]
        let tunnel = tunnels() + "/" + (made?["id"]?.string ?? "")
        #expect(outcome(try await answer(.post, tunnels(), body)) == "409 1013")

        let rule: Value = ["hostname": "a.example.com", "service": "http://localhost:1"]
        let open: Value = ["config": ["ingress": [rule]]]
        #expect(outcome(try await answer(.put, tunnel + "/configurations", open)) == "400 1056")
        let closed: Value = ["config": ["ingress": [rule, ["service": "http_status:404"]]]]
        #expect(outcome(try await answer(.put, tunnel + "/configurations", closed)) == "200")
        let shown = try await answer(.get, tunnel + "/configurations").json?["result"]
        #expect(shown?["version"] == 1)
        #expect(shown?["config"] == closed["config"])

        world.locked { $0.cloudflare?.tunnels.setConnector(running: true, ofTunnelNamed: "t") }
        #expect(outcome(try await answer(.delete, tunnel)) == "400 1022")
        world.locked { $0.cloudflare?.tunnels.setConnector(running: false, ofTunnelNamed: "t") }
        #expect(outcome(try await answer(.delete, tunnel)) == "400 1022")
        _ = try await answer(.delete, tunnel + "/connections")
        #expect(outcome(try await answer(.delete, tunnel)) == "200")
        #expect(outcome(try await answer(.delete, tunnel)) == "404 1003")
        let all = try await answer(.get, tunnels()).json?["result"]?.list?.count
        let live = try await answer(.get, tunnels() + "?is_deleted=false").json?["result"]
        #expect(all == 1)
        #expect(live == [])
    }

    @Test func throttlingIsSaidInCloudflaresWords() async throws {
        world.setFaults(FaultPlan { _, _ in .vendor(.throttled) })
        let response = try await answer(.get, "/zones")
        #expect(outcome(response) == "429 971")
        #expect(response.header("retry-after") == "5")
    }
}
