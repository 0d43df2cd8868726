import FlyingFox
import HTTP
import OrderedCollections
import Resources

import Foundation

/// The port for those who run the world, not for those who live in it.
///
/// `GET /_simulation/inventory` counts objects; `POST /_simulation/actions` changes something
/// behind Launch's back; `POST /_simulation/faults` sets what goes wrong from now on;
/// `POST /_simulation/hold` has the world hold up what comes; `GET /_simulation/names?host=…`
/// says whether a public name resolves.
struct ControlDoor: HTTPHandler {
    let world: SimulatedWorld

    func handleRequest(_ request: FlyingFox.HTTPRequest) async throws -> FlyingFox.HTTPResponse {
        let arguments =
            (try? JSONDecoder().decode([String: Value].self, from: await request.bodyData)) ?? [:]
        let answer: (status: Int, document: Value)
        switch (request.method, request.target.path()) {
        case (.GET, "/_simulation/inventory"): answer = (200, inventory)
        case (.POST, "/_simulation/actions"): answer = perform(arguments)
        case (.POST, "/_simulation/faults"): answer = setFaults(arguments)
        case (.GET, "/_simulation/names"): answer = name(request.query["host"] ?? "")
        case (.POST, "/_simulation/hold"): answer = hold(arguments)
        default: answer = (404, ["error": "there is no such control"])
        }
        return FlyingFox.HTTPResponse(
            statusCode: HTTPStatusCode(answer.status, phrase: ""),
            headers: [.contentType: "application/json"],
            body: try JSONEncoder().encode(answer.document))
    }

    private var inventory: Value {
        let counts = world.inventory.mapValues { Value.integer($0) }
        return ["objects": .object(counts), "requests": .integer(world.requestCount)]
    }

    private func name(_ host: String) -> (Int, Value) {
        world.locked { $0.edge.resolves(host) }
            ? (200, ["resolves": true]) : (404, ["resolves": false])
    }

    private func perform(_ arguments: [String: Value]) -> (Int, Value) {
        guard let action = arguments["action"]?.string else {
            return (400, ["error": "action is missing"])
        }
        let isDone = world.locked { core in
            core.vendors.values.contains { $0.perform(action, arguments) }
        }
        return isDone
            ? (200, ["done": true])
            : (404, ["error": .string("nothing here does \(action) with these arguments")])
    }

    /// `{"after": 12}` lets twelve more requests pass; `{}` lets go on what is held.
    private func hold(_ arguments: [String: Value]) -> (Int, Value) {
        let passing = arguments["after"]?.integer
        world.locked { core in core.firstHeld = passing.map { core.requestCount + $0 } }
        return (200, ["done": true])
    }

    /// `{"rate": 0.1, "seed": 7, "kinds": ["reset", "throttled"]}`; a rate of 0 ends it. With
    /// `"path": "registration-token"`, only requests with that in their path fail.
    private func setFaults(_ arguments: [String: Value]) -> (Int, Value) {
        let names =
            arguments["kinds"]?.list?.compactMap(\.string)
            ?? Fault.named.keys.filter { $0 != "forbidden" }.sorted()
        if let unknown = names.first(where: { Fault.named[$0] == nil }) {
            let known = Fault.named.keys.sorted().joined(separator: ", ")
            return (400, ["error": .string("\(unknown) is none of \(known)")])
        }
        let rate: Double
        switch arguments["rate"] {
        case .number(let number)?: rate = number
        case .integer(let number)?: rate = Double(number)
        default: return (400, ["error": "rate is missing"])
        }
        let faults = FaultPlan.random(
            rate: rate, seed: UInt64(arguments["seed"]?.integer ?? 0),
            kinds: names.compactMap { Fault.named[$0] })
        let path = arguments["path"]?.string ?? ""
        world.setFaults(
            FaultPlan { number, request in
                path.isEmpty || request.path.contains(path) ? faults.fault(number, request) : nil
            })
        return (200, ["done": true])
    }
}

extension Fault {
    /// The faults that can be asked for by name.
    static let named: [String: Fault] = [
        "forbidden": .status(403, retryAfter: nil), "reset": .reset, "lost_reply": .lostReply,
        "delay": .delay(.seconds(2)),
        "unavailable": .status(503, retryAfter: nil),
        "too_many_requests": .status(429, retryAfter: 1),
        "throttled": .vendor(.throttled), "task_fails": .vendor(.taskFails),
        "no_capacity": .vendor(.noCapacity), "conflict": .vendor(.conflict),
    ]
}
