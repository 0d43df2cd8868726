import Assembly
import Foundation
import HTTP
import Resources
import Rollout
import ServiceFiles
import Services
import Simulation
import Synchronization
import Testing

/// From a push to an answer, with the whole program and the whole world.
@Suite struct WaitTests {
    private static let all = ["cloud", "edge", "home", "worker"]

    private static func last(_ results: [RolloutResult]) -> [String: String] {
        Dictionary(
            uniqueKeysWithValues: results.map { result in
                (
                    result.service.name,
                    result.failure?.message ?? result.service.timeline.furthest?.rawValue ?? "–"
                )
            })
    }

    private static let serving = [
        "cloud": "serving", "edge": "serving", "home": "serving", "worker": "application healthy",
    ]

    @Test func aPushEndsInServicesThatServe() async throws {
        let (results, recorded, serials) = try await withVirtualTime { clock in
            let fleet = Fleet(clock)
            let repository = Repository.full(in: fleet.world)
            fleet.push("cloud", "edge", "home", "worker")
            try await fleet.converge(repository)
            let results = try await fleet.wait(repository)
            let first = try await fleet.store.read()
            let again = try await fleet.wait(repository)
            #expect(Self.last(again) == Self.last(results))
            return (
                results, first.services.mapValues { Timeline($0.timeline) },
                [first.serial, try await fleet.store.read().serial]
            )
        }
        #expect(Self.last(results) == Self.serving)
        for result in results {
            #expect(recorded[result.service.name] == result.service.timeline)
            let times = result.service.timeline.entries.map(\.reachedAt)
            #expect(times == times.sorted())
        }
        #expect(serials[0] == serials[1], "a second wait has nothing to write")
        let notes = results.map { $0.service.timeline[.firstBootDone]?.note }
        #expect(
            notes == [
                nil, nil, nil, "not seen; runner online proves it",
            ])
    }

    /// The domain itself, all names below it, and one of these that has a record of its own.
    @Test(arguments: ServiceSpec.Exposure.allCases)
    func theDomainItselfAndAllItsNamesServe(exposure: ServiceSpec.Exposure) async throws {
        let (results, urls, names) = try await withVirtualTime { clock in
            let fleet = Fleet(clock)
            let full = Repository.full(in: fleet.world)
            let names = ["all": "*.example.com", "apex": "example.com", "one": "one.example.com"]
            let repository = Repository(
                project: full.project,
                services: names.sorted { $0.key < $1.key }.map { name, hostname in
                    ServiceSpec(
                        name: name, target: .aws,
                        publicAccess: PublicAccess(hostname: hostname, port: 443), port: 443,
                        exposure: exposure)
                })
            // Whoever had the domain itself has given it up; its mail stays.
            fleet.world.locked {
                $0.cloudflare?.zones.removeRecords(named: "example.com", type: "A")
            }
            fleet.push("all", "apex", "one")
            try await fleet.converge(repository)
            let results = try await fleet.wait(repository)
            #expect(try await fleet.shortfalls(of: repository) == [])
            let hosts = ["any.example.com", "one.example.com", "example.com"]
            let answers = try await hosts.concurrentMap { host in
                try await fleet.world.send(HTTPRequest(.get, "https://\(host)/")).text
            }
            return (results, repository.services.compactMap(\.url), answers)
        }
        #expect(Set(Self.last(results).values) == ["serving"])
        #expect(
            urls == ["https://all.example.com", "https://example.com", "https://one.example.com"])
        #expect(names == ["all", "one", "apex"].map { "launch-example-\($0) is well\n" })
    }

    @Test func aDeployThatFailsIsShownWithItsLogAndNoSecret() async throws {
        let result = try await withVirtualTime { clock in
            let fleet = Fleet(clock)
            let repository = Repository.full(in: fleet.world)
            fleet.world.locked {
                $0.github?.actions(of: "example/services")?.jobs.failing = ["cloud"]
            }
            fleet.push("cloud")
            try await fleet.converge(repository)
            return try await fleet.wait(repository, services: ["cloud"])[0]
        }
        let failure = try #require(result.failure)
        #expect(failure.stage == .applicationHealthy)
        #expect(
            failure.message == "deploy (cloud) ended as failure: "
                + "https://github.com/example/services/actions/runs/9001/job/401")
        #expect(
            failure.log == [
                "Runner name: 'launch-example-cloud'",
                "##[group]Run docker compose up --detach --wait",
                "cloud-1  | Error: cannot listen", "container cloud-1 is unhealthy",
                "##[error]Process completed with exit code 1.",
            ])
        #expect(result.service.timeline.furthest == .runnerOnline)
    }

    /// The console of an instance, the note of a VM.
    @Test(arguments: ["cloud", "home"]) func aBootThatFailsShowsWhere(_ service: String)
        async throws
    {
        let result = try await withVirtualTime { clock in
            let fleet = Fleet(clock)
            let repository = Repository.full(in: fleet.world)
            fleet.world.locked { $0.guests.failingStages = ["docker"] }
            // The runner's own patience ends the converge.
            try await fleet.converge(repository, services: [service])
            return try await fleet.wait(repository, services: [service])[0]
        }
        #expect(result.failure?.stage == .firstBootDone)
        #expect(
            result.failure?.message
                == "first boot done was not reached within 600 s: launch: stage docker failed")
        #expect(result.failure?.log.last == "launch: stage docker failed")
    }

    private static let unseen: [(stage: String, revoked: Set<String>, words: String)] = [
        ("packages", [], "its guest agent says nothing yet"),
        (
            "docker", ["VM.GuestAgent.FileRead"],
            "the credentials may not read its words: they lack VM.GuestAgent.FileRead on /vms/100"
        ),
    ]

    @Test(arguments: unseen) func aFirstBootThatCannotBeSeenSaysWhy(
        failing stage: String, without privileges: Set<String>, words: String
    ) async throws {
        let result = try await withVirtualTime { clock in
            let fleet = Fleet(clock)
            let repository = Repository.full(in: fleet.world)
            fleet.world.locked {
                $0.guests.failingStages = [stage]
                $0.proxmox?.revoked = privileges
            }
            try await fleet.converge(repository, services: ["home"])
            return try await fleet.wait(repository, services: ["home"])[0]
        }
        #expect(
            result.failure?.message
                == "first boot done was not reached within 600 s: \(words)")
        #expect(result.failure?.log == [])
    }

    @Test(arguments: [
        (Applications.Behaviour.status(503), "answers 503"),
        (.redirect("/login"), "answers 307 to /login"), (.askingForLogin, "answers 401"),
        (.webPage, "answers a web page"),
    ])
    func anAnswerThatIsNoneIsSaid(behaviour: Applications.Behaviour, words: String) async throws {
        let result = try await withVirtualTime { clock in
            let fleet = Fleet(clock)
            let repository = Repository.full(in: fleet.world)
            fleet.world.locked {
                $0.applications.behaviours["launch-example-home"] = behaviour
            }
            fleet.push("home")
            try await fleet.converge(repository, services: ["home"])
            return try await fleet.wait(repository, services: ["home"])[0]
        }
        #expect(result.failure?.stage == .serving)
        #expect(result.failure?.message.contains(words) == true, "\(result.failure as Any)")
    }

    @Test func eventsAreAnAnswerToo() async throws {
        let results = try await withVirtualTime { clock in
            let fleet = Fleet(clock)
            let repository = Repository.full(in: fleet.world)
            fleet.world.locked {
                $0.applications.behaviours["launch-example-home"] = .inEvents
            }
            fleet.push("home")
            try await fleet.converge(repository, services: ["home"])
            return try await fleet.wait(repository, services: ["home"])
        }
        #expect(Self.last(results) == ["home": "serving"])
    }

    @Test func whatWasDeployedToTheMachineBeforeDoesNotCount() async throws {
        let furthest = try await withVirtualTime { clock in
            let fleet = Fleet(clock)
            let repository = Repository.full(in: fleet.world).with { $0.protect = false }
            fleet.push("edge")
            try await fleet.converge(repository, services: ["edge"])
            var found = Self.last(try await fleet.wait(repository, services: ["edge"]))
            #expect(found == ["edge": "serving"])
            fleet.world.locked { world in
                guard let ec2 = world.aws?.ec2 else { return }
                ec2.instance(tagged: "launch:service", "edge").map { ec2.terminate($0.id) }
            }
            try await fleet.converge(repository, services: ["edge"])
            found = Self.last(try await fleet.wait(repository, services: ["edge"]))
            return found["edge"]
        }
        #expect(
            furthest == "application healthy was not reached within 600 s: "
                + "nothing was deployed since its machine was made")
    }

    /// The deploy of the commit before is no proof of this one.
    @Test func anOlderCommitsDeployDoesNotCount() async throws {
        let event = FileManager.default.temporaryDirectory
            .appending(path: "launch-push-\(UUID().uuidString).json")
        defer { try? FileManager.default.removeItem(at: event) }
        let (stale, fresh) = try await withVirtualTime { clock in
            let fleet = Fleet(clock)
            let repository = Repository.full(in: fleet.world)
            fleet.push("edge", "worker")
            try await fleet.converge(repository)
            _ = try await fleet.wait(repository, services: ["edge", "worker"])
            try await clock.sleep(for: .seconds(60))
            let push = clock.now().formatted(.iso8601)
            try #"{"head_commit": {"timestamp": "\#(push)"}}"#
                .write(to: event, atomically: true, encoding: .utf8)
            func follow(_ services: Set<String>?) async throws -> [RolloutResult] {
                try await fleet.workspace(
                    repository, ["GITHUB_EVENT_PATH": event.path]
                ).follow(services, changed: ["edge"], claim: Fleet.claim)
            }
            let stale = try await follow(nil).filter {
                ["edge", "worker"].contains($0.service.name)
            }
            fleet.push("edge")
            return (stale, try await follow(["edge"]))
        }
        #expect(
            Self.last(stale) == [
                "edge": "application healthy was not reached within 600 s: "
                    + "the newest deploy is of a commit before this push",
                "worker": "application healthy",
            ])
        #expect(Self.last(fresh) == ["edge": "serving"])
    }

    /// A wait is cut off at every moment of it, and the next one ends it.
    @Test(arguments: [1, 3, 6, 10, 15, 21, 28])
    func aWaitThatWasCutOffIsTakenUp(after requests: Int) async throws {
        let results = try await withVirtualTime { clock in
            let fleet = Fleet(clock)
            let repository = Repository.full(in: fleet.world)
            try await fleet.converge(repository)
            fleet.push("cloud", "edge", "home", "worker")
            let cut = CutClient(fleet.world, after: requests)
            await #expect(throws: (any Error).self) {
                try await fleet.wait(repository, http: cut)
            }
            return try await fleet.wait(repository)
        }
        #expect(Self.last(results) == Self.serving)
    }

    /// Each request of a wait fails once, in every way.
    @Test(arguments: [
        Fault.reset, .lostReply, .status(503, retryAfter: nil), .status(429, retryAfter: 1),
    ])
    func aFaultIsWaitedOut(_ fault: Fault) async throws {
        let ends = try await withVirtualTime { clock in
            var ends: Set<[String: String]> = []
            let fleet = Fleet(clock)
            let repository = Repository.full(in: fleet.world)
            fleet.push("cloud", "edge", "home", "worker")
            try await fleet.converge(repository)
            _ = try await fleet.wait(repository)
            let first = fleet.world.requestCount
            _ = try await fleet.wait(repository)
            let count = fleet.world.requestCount - first
            for number in 0..<count {
                fleet.world.setFaults(.at(fleet.world.requestCount + number, fault))
                ends.insert(Self.last(try await fleet.wait(repository)))
            }
            return ends
        }
        #expect(ends == [Self.serving])
    }
}

/// The program ends with the request of that number.
private final class CutClient: HTTPClient {
    private let base: any HTTPClient
    private let left: Mutex<Int>

    init(_ base: any HTTPClient, after requests: Int) {
        self.base = base
        left = Mutex(requests)
    }

    func send(_ request: HTTPRequest) async throws -> HTTPResponse {
        let mayGo = left.withLock { left in
            left -= 1
            return left >= 0
        }
        guard mayGo else { throw CancellationError() }
        return try await base.send(request)
    }
}
