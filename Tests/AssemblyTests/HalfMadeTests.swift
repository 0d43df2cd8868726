import HTTP
import Reconciling
import Resources
import ServiceFiles
import Services
import Simulation
import Synchronization
import TestSupport
import Testing

/// A run dies while what it began goes on for minutes; the next one takes it up.
@Suite struct HalfMadeTests {
    @Test(arguments: HalfMadeThing.all)
    func theNextRunTakesUp(_ thing: HalfMadeThing) async throws {
        let (hasDied, repeats, problems) = try await withVirtualTime { clock in
            let holder = SwitchHolder(KillSwitch())
            var configuration = WorldConfiguration()
            configuration.taskTime = .seconds(120)
            configuration.instanceTime = .seconds(60)
            let fleet = Fleet(clock, configuration: configuration) { holder.value }
            let full = Repository.full(in: fleet.world).with {
                $0.protect = false
                $0.spot = false
            }
            let larger = full.with { $0.size = .named(.large) }
            let goal = thing.work == .creation ? full : larger
            if thing.work != .creation {
                try await fleet.converge(thing.work == .change ? full : larger)
            }

            let mortal = Witness(fleet.world, of: thing.request, switch: holder)
            _ = try? await run(thing, on: fleet, goal, mortal)
            let hasDied = mortal.count == 1
            holder.value = KillSwitch()
            let witness = Witness(fleet.world, of: thing.request, switch: nil)
            let report = try await run(thing, on: fleet, goal, witness)

            var problems = report.failures.map { "\($0.address): \($0.message)" }
            let wanted = thing.work == .removal ? [:] : Repository.fullInventory
            if fleet.world.inventory != wanted {
                problems.append("there is \(fleet.world.inventory)")
            }
            if thing.work != .removal { problems += try await fleet.shortfalls(of: goal) }
            return (hasDied, witness.repeats(of: mortal), problems)
        }
        #expect(hasDied)
        #expect(problems == [])
        if !thing.mayBeRepeated { #expect(repeats == []) }
    }

    private func run(
        _ thing: HalfMadeThing, on fleet: Fleet, _ goal: Repository, _ http: any HTTPClient
    ) async throws -> RunReport {
        thing.work == .removal
            ? try await fleet.destroy(goal, http: http)
            : try await fleet.converge(goal, http: http)
    }
}

/// Keeps the requests of one name, and ends the run after the first of them when it has a switch.
private final class Witness: HTTPClient {
    private let base: any HTTPClient
    private let name: String
    private let killSwitch: SwitchHolder?
    private let seen = Mutex<[HTTPRequest]>([])

    init(_ base: any HTTPClient, of name: String, switch killSwitch: SwitchHolder?) {
        self.base = base
        self.name = name
        self.killSwitch = killSwitch
    }

    var count: Int { seen.withLock { $0.count } }

    /// The URLs of requests that another one saw have their effect.
    func repeats(of other: Witness) -> [String] {
        let earlier = other.seen.withLock { $0 }
        return seen.withLock { $0 }.filter { request in
            earlier.contains { $0.url == request.url && $0.object == request.object }
        }.map(\.url)
    }

    func send(_ request: HTTPRequest) async throws -> HTTPResponse {
        try killSwitch?.value.moment()
        let response = try await base.send(request)
        if request.matches(name) {
            seen.withLock { $0.append(request) }
            killSwitch?.value = KillSwitch(at: 1)
        }
        try killSwitch?.value.moment()
        return response
    }
}

extension HTTPRequest {
    /// The body without what differs between two requests for the same thing.
    fileprivate var object: [Substring] {
        form.split(separator: "&").filter { !$0.hasPrefix("digest=") }.sorted()
    }
}
