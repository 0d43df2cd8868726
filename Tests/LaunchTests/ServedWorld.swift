import CurlHTTP
import Foundation
import HTTP
import Logging
import Resources
import Testing

/// The simulated clouds, served by the built command.
struct ServedWorld: Sendable {
    /// Endpoints and credentials, as the port file names them.
    let environment: [String: String]
    private let process: LaunchProcess

    static let client = CurlHTTPClient(environment: [:], logger: Logger(label: "tests"))

    /// - Parameter options: for `launch simulate`; without any, nothing takes time.
    init(in folder: URL, options: [String]) async throws {
        let file = folder.appending(path: "world.env")
        let quick = ["--boot-time", "0s", "--task-time", "0s", "--instance-time", "0s"]
        process = try LaunchProcess(
            ["simulate", "--port-file", file.path] + quick + options, in: folder, environment: [:])
        try await until { [process] in
            !process.isRunning || FileManager.default.fileExists(atPath: file.path)
        }
        environment = Dictionary(
            uniqueKeysWithValues: try String(contentsOf: file, encoding: .utf8)
                .matches(of: /export (\w+)='(.*)'/).map { (String($0.1), String($0.2)) })
    }

    func stop() async {
        process.send(SIGTERM)
        _ = await process.outcome()
    }

    /// How many objects there are, by vendor and kind.
    func inventory() async throws -> [String: Int] {
        try await control()["objects"]?.object?.compactMapValues(\.integer) ?? [:]
    }

    /// How many requests have come to the clouds.
    func requestCount() async throws -> Int { try await control()["requests"]?.integer ?? 0 }

    /// Starts a run, and returns when the clouds have let so many requests of it pass and hold up
    /// the next, or when it has ended before.
    func hold(
        after requests: Int, _ start: () throws -> LaunchProcess
    ) async throws -> LaunchProcess {
        let end = try await requestCount() + requests
        try await hold(after: requests)
        let run = try start()
        try await until { try await requestCount() > end || !run.isRunning }
        return run
    }

    /// Has the clouds let so many more requests pass, and hold up the others.
    func hold(after requests: Int) async throws {
        try await control("hold", ["after": .integer(requests)])
    }

    /// Lets go on what is held up.
    func release() async throws { try await control("hold", [:]) }

    /// Has requests with `path` in theirs fail in the way of that name.
    func fail(_ path: String, with kind: String) async throws {
        try await control(
            "faults", ["rate": 1, "kinds": [.string(kind)], "path": .string(path)])
    }

    /// Changes something behind Launch's back.
    func perform(_ action: String, name: String) async throws {
        try await control("actions", ["action": .string(action), "name": .string(name)])
    }

    /// The same, with more to say.
    func act(_ arguments: Value) async throws { try await control("actions", arguments) }

    private func control(_ door: String, _ body: Value) async throws {
        let response = try await Self.client.send(
            HTTPRequest(.post, url(door), body: try .json(body)))
        try #require(response.isSuccess)
    }

    private func control() async throws -> Value {
        let response = try await Self.client.send(HTTPRequest(.get, url("inventory")))
        return try #require(response.json)
    }

    private func url(_ control: String) -> String {
        "\(environment["LAUNCH_SIMULATION_URL"] ?? "")/_simulation/\(control)"
    }
}
