import Cryptography
import Foundation
import HTTP
import Resources
import Simulation
import Testing

@Suite struct SimulatedGitHubTests {
    private let clock = VirtualClock()
    private let world: SimulatedWorld
    private let runners = "/repos/example/services/actions/runners"

    init() {
        var configuration = WorldConfiguration()
        configuration.pageSize = 2
        world = SimulatedWorld(
            configuration, time: clock, random: SeededRandom(seed: 3), digests: OpenSSLDigests(),
            readSeedImage: { _ in [:] })
    }

    private func answer(
        _ method: HTTPRequest.Method, _ path: String, _ body: Value? = nil,
        headers: [HTTPHeader]? = nil
    ) async throws -> HTTPResponse {
        let token = world.environment["GITHUB_TOKEN"] ?? ""
        let usual = [
            HTTPHeader("Authorization", "Bearer \(token)"), HTTPHeader("User-Agent", "test"),
        ]
        return try await world.send(
            HTTPRequest(
                method, "https://api.github.com" + path, headers: headers ?? usual,
                body: try body.map(HTTPBody.json) ?? .none))
    }

    private func register(_ name: String, token: String, version: String? = nil) -> Bool {
        world.locked {
            $0.runnerRegistry?.register(
                url: "https://github.com/example/services", token: token, name: name,
                labels: ["web"], version: version) ?? false
        }
    }

    private func token(_ kind: String) async throws -> String {
        try await answer(.post, "\(runners)/\(kind)-token").json?["token"]?.string ?? ""
    }

    @Test(arguments: [
        ([HTTPHeader("User-Agent", "x")], 401),
        ([HTTPHeader("User-Agent", "x"), HTTPHeader("Authorization", "Bearer wrong")], 401),
        ([HTTPHeader("Authorization", "Bearer wrong")], 403),
    ])
    func credentialsAreChecked(headers: [HTTPHeader], status: Int) async throws {
        #expect(try await answer(.get, runners, headers: headers).status == status)
    }

    @Test func registrationTokensLastAnHour() async throws {
        let token = try await token("registration")
        #expect(register("a", token: token))
        clock.advance(by: .seconds(3599))
        #expect(register("b", token: token))
        clock.advance(by: .seconds(1))
        #expect(!register("c", token: token))
        let removal = try await self.token("remove")
        #expect(!register("c", token: removal))
        #expect(world.inventory == ["github runner": 2])
    }

    @Test func aReplacedRunnerKeepsItsNumberAndIsOffline() async throws {
        let token = try await token("registration")
        #expect(register("a", token: token))
        world.locked {
            $0.runnerRegistry?.setOnline(name: "a", repository: "Example/Services", online: true)
        }
        let first = try await answer(.get, runners).json?["runners"]?.list?.first
        #expect(first?["status"] == "online")
        #expect(register("a", token: token))
        let second = try await answer(.get, runners).json?["runners"]?.list?.first
        #expect(second?["id"] == first?["id"])
        #expect(second?["status"] == "offline")
    }

    @Test func listsArePagedByLinks() async throws {
        world.locked { core in
            for name in ["a", "b", "c"] {
                core.github?.runners(of: "example/services")?.add(named: name, labels: [])
            }
        }
        let first = try await answer(.get, runners + "?per_page=100")
        #expect(first.json?["total_count"] == 3)
        #expect(
            first.header("Link")
                == "<https://api.github.com\(runners)?page=2&per_page=100>; rel=\"next\", "
                + "<https://api.github.com\(runners)?page=2&per_page=100>; rel=\"last\"")
        let second = try await answer(.get, runners + "?page=2&per_page=100")
        #expect(second.json?["runners"]?.list?.compactMap { $0["name"] } == ["c"])
        #expect(second.header("Link") == nil)
        let named = try await answer(.get, runners + "?name=b")
        #expect(named.json?["runners"]?.list?.compactMap { $0["name"] } == ["b"])
    }

    @Test func labelsAreChanged() async throws {
        world.locked {
            $0.github?.runners(of: "example/services")?.add(named: "a", labels: ["x"])
        }
        let labels = "\(runners)/21/labels"
        func custom(_ response: HTTPResponse) -> [Value] {
            (response.json?["labels"]?.list ?? []).filter { $0["type"] == "custom" }
                .compactMap { $0["name"] }
        }
        #expect(custom(try await answer(.post, labels, ["labels": ["X", "y"]])) == ["x", "y"])
        #expect(custom(try await answer(.delete, labels + "/X")) == ["y"])
        #expect(try await answer(.delete, labels + "/Linux").status == 422)
        #expect(try await answer(.delete, labels + "/x").status == 404)
        #expect(custom(try await answer(.put, labels, ["labels": []])).isEmpty)
        #expect(try await answer(.post, labels, ["labels": []]).status == 422)
        #expect(try await answer(.put, labels, ["labels": [1]]).status == 422)
        #expect(try await answer(.put, "\(runners)/99/labels", ["labels": []]).status == 404)
    }

    @Test func aBusyRunnerIsNotRemoved() async throws {
        world.locked { core in
            let runners = core.github?.runners(of: "example/services")
            runners?.add(named: "a", labels: [])
            runners?.setBusy(true, named: "a")
        }
        #expect(try await answer(.delete, "\(runners)/21").status == 422)
        world.locked { $0.github?.runners(of: "example/services")?.setBusy(false, named: "a") }
        #expect(try await answer(.delete, "\(runners)/21").status == 204)
        #expect(try await answer(.delete, "\(runners)/21").status == 404)
    }

    @Test(arguments: [("2.328.0", false), ("2.336.0", true)])
    func oldVersionsAreDeprecated(version: String, isCurrent: Bool) async throws {
        let answer = try await answer(.get, "\(runners)/deprecations/\(version)").json
        #expect(answer?["registration_deprecates_at"]?.isNull == isCurrent)
    }

    @Test func anOldRunnerIsNotRegistered() async throws {
        let token = try await token("registration")
        #expect(!register("a", token: token, version: "2.328.0"))
        #expect(register("a", token: token, version: "2.330.0"))
        let listed = try await answer(.get, runners).json?["runners"]?.list
        #expect(listed?.map { $0["version"] } == ["2.330.0"])
    }

    @Test func downloadsBearTheirChecksums() async throws {
        let downloads = try await answer(.get, "\(runners)/downloads").json?.list ?? []
        #expect(downloads.map { $0["architecture"] } == ["x64", "arm64", "arm"])
        #expect(downloads.allSatisfy { $0["sha256_checksum"]?.string?.count == 64 })
    }
}
