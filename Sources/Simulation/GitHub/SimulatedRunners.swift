package import Resources

import Foundation
import HTTP

/// The self-hosted runners of one repository, and the tokens to register them with.
package final class SimulatedRunners {
    /// A runner as its listener knows it; the labels are the custom ones.
    private struct Runner {
        let id: Int
        let name: String
        let isEphemeral: Bool
        var labels: [String]
        var version: String
        var isOnline = false
        var isBusy = false
    }

    private enum TokenUse { case registration, removal }

    private struct Token {
        let use: TokenUse
        let expiry: Date
    }

    /// Added by `config.sh`: <https://docs.github.com/en/actions/reference/runners>.
    private static let readOnlyLabels = ["self-hosted", "Linux", "X64"]
    /// What registering needs since 25 September 2026.
    private static let oldestVersion = "2.329.0"

    /// The newest version of the runner that is offered.
    package var newestVersion = "2.336.0"

    private unowned let core: WorldCore
    private var runners: [Runner] = []
    private var tokens: [String: Token] = [:]
    private var lastID = 20
    /// The registration token that was issued last.
    private(set) var newestToken = ""

    /// Told when a runner comes or goes.
    var whenChanged: () -> Void = {}

    init(_ core: WorldCore) { self.core = core }

    var count: Int { runners.count }

    /// - Parameter segments: the path after `…/actions/runners`.
    func answer(_ request: SimulatedRequest, _ segments: [String]) throws -> HTTPResponse {
        switch (request.method, segments.first, segments.count) {
        case ("GET", nil, 0): return list(request)
        case ("GET", "downloads", 1): return .document(downloads)
        case ("GET", "deprecations", 2): return .document(deprecations(of: segments[1]))
        case ("POST", "registration-token", 1): return issue(.registration)
        case ("POST", "remove-token", 1): return issue(.removal)
        default: break
        }
        guard let index = runners.firstIndex(where: { String($0.id) == segments.first }) else {
            throw GitHubRefusal.notFound
        }
        let rest = segments.dropFirst()
        switch (request.method, rest.first, rest.count) {
        case ("GET", nil, 0): return .document(value(runners[index]))
        case ("DELETE", nil, 0): return try remove(index)
        case ("GET", "labels", 1): break
        case ("POST", "labels", 1): try add(try labels(request, atLeast: 1), to: index)
        case ("PUT", "labels", 1): runners[index].labels = try labels(request, atLeast: 0)
        case ("DELETE", "labels", 1): runners[index].labels = []
        case ("DELETE", "labels", 2): try removeLabel(segments[2], from: index)
        default: throw GitHubRefusal.notFound
        }
        let labels = labelValues(runners[index])
        return .document(["total_count": .integer(labels.count), "labels": .list(labels)])
    }

    /// Registers a runner as `config.sh --replace` does; the one it replaces keeps its number.
    package func register(
        token text: String, name: String, labels: [String], version: String?, isEphemeral: Bool
    ) -> Bool {
        let version = version ?? newestVersion
        guard let token = tokens[text], token.use == .registration, token.expiry > core.now,
            !Self.isTooOld(version)
        else { return false }
        if let index = runners.firstIndex(where: { $0.name == name }) {
            runners[index] = Runner(
                id: runners[index].id, name: name, isEphemeral: isEphemeral, labels: labels,
                version: version)
        } else {
            add(
                named: name, labels: labels, version: version, online: false,
                isEphemeral: isEphemeral)
        }
        return true
    }
}

// MARK: - Lists

extension SimulatedRunners {
    private func list(_ request: SimulatedRequest) -> HTTPResponse {
        let wished = request.parameters["name"]
        let found = runners.filter { wished ?? $0.name == $0.name }
        return GitHubPage(request, cap: core.configuration.pageSize).response(
            of: found.map(value), in: "runners")
    }

    private var downloads: Value {
        .list(
            ["x64", "arm64", "arm"].map { architecture in
                let file = "actions-runner-linux-\(architecture)-\(newestVersion).tar.gz"
                let page = "https://github.com/actions/runner/releases/download/v\(newestVersion)/"
                return [
                    "os": "linux", "architecture": .string(architecture),
                    "download_url": .string(page + file), "filename": .string(file),
                    "sha256_checksum": .string(core.digests.sha256Hexadecimal(file)),
                ]
            })
    }

    private func deprecations(of version: String) -> Value {
        let end: Value = Self.isTooOld(version) ? "2026-09-25T00:00:00Z" : .null
        return [
            "runner_version": .string(version), "registration_deprecates_at": end,
            "runtime_deprecates_at": end,
        ]
    }

    private static func isTooOld(_ version: String) -> Bool {
        version.compare(oldestVersion, options: .numeric) == .orderedAscending
    }

    private func value(_ runner: Runner) -> Value {
        [
            "id": .integer(runner.id), "name": .string(runner.name), "os": "linux",
            "status": runner.isOnline ? "online" : "offline", "busy": .boolean(runner.isBusy),
            "labels": .list(labelValues(runner)), "runner_group_id": 1,
            "ephemeral": .boolean(runner.isEphemeral), "version": .string(runner.version),
        ]
    }

    private func labelValues(_ runner: Runner) -> [Value] {
        let all =
            Self.readOnlyLabels.map { ($0, "read-only") } + runner.labels.map { ($0, "custom") }
        return all.enumerated().map { index, label in
            [
                "id": .integer(index + 1), "name": .string(label.0), "type": .string(label.1),
            ]
        }
    }
}

// MARK: - Changes

extension SimulatedRunners {
    /// A token for an hour.
    private func issue(_ use: TokenUse) -> HTTPResponse {
        let text = "A" + core.random.hexadecimal(28).uppercased()
        let expiry = core.now.addingTimeInterval(3600)
        tokens[text] = Token(use: use, expiry: expiry)
        if use == .registration { newestToken = text }
        return .document(
            ["token": .string(text), "expires_at": expiry.timestamp], status: 201)
    }

    private func remove(_ index: Int) throws -> HTTPResponse {
        guard !runners[index].isBusy else {
            throw GitHubRefusal(
                422, "Runner \"\(runners[index].name)\" is still running a job")
        }
        runners.remove(at: index)
        return HTTPResponse(status: 204)
    }

    /// - Throws: `GitHubRefusal` when the body is not `{"labels": […]}`.
    private func labels(_ request: SimulatedRequest, atLeast least: Int) throws -> [String] {
        guard let body = request.document else {
            throw GitHubRefusal(400, "Problems parsing JSON")
        }
        let names = body["labels"]?.list?.map(\.string)
        guard body.object?.count == 1, let names, (least...100).contains(names.count) else {
            throw GitHubRefusal(422, "Invalid request. \"labels\" must be 1 to 100 strings.")
        }
        return try names.map { name in
            guard let name, !name.isEmpty, name.count <= 256 else {
                throw GitHubRefusal(422, "Invalid request. A label is 1 to 256 characters long.")
            }
            return name
        }
    }

    private func add(_ labels: [String], to index: Int) throws {
        let known = Set(runners[index].labels.map { $0.lowercased() })
        runners[index].labels += labels.filter { !known.contains($0.lowercased()) }
    }

    private func removeLabel(_ label: String, from index: Int) throws {
        let wished = label.lowercased()
        guard !Self.readOnlyLabels.contains(where: { $0.lowercased() == wished }) else {
            throw GitHubRefusal(422, "The label \(label) is read-only and cannot be removed")
        }
        guard runners[index].labels.contains(where: { $0.lowercased() == wished }) else {
            throw GitHubRefusal.notFound
        }
        runners[index].labels.removeAll { $0.lowercased() == wished }
    }
}

// MARK: - Behind Launch's back

extension SimulatedRunners {
    /// Adds a runner as somebody else would.
    package func add(
        named name: String, labels: [String], version: String? = nil, online: Bool = true,
        isEphemeral: Bool = false
    ) {
        lastID += 1
        runners.append(
            Runner(
                id: lastID, name: name, isEphemeral: isEphemeral, labels: labels,
                version: version ?? newestVersion, isOnline: online))
    }

    package func setVersion(_ version: String, named name: String) {
        change(name) { $0.version = version }
    }

    package func setOnline(_ online: Bool, named name: String) {
        change(name) { $0.isOnline = online }
        whenChanged()
    }

    func isEphemeral(_ name: String) -> Bool {
        runners.contains { $0.name == name && $0.isEphemeral }
    }

    func isOnline(_ name: String) -> Bool { runners.contains { $0.name == name && $0.isOnline } }

    /// A runner that waits for jobs and has all these labels, in any case.
    func idle(with labels: [String]) -> String? {
        runners.first { runner in
            runner.isOnline && !runner.isBusy
                && Set(runner.labels.map { $0.lowercased() })
                    .isSuperset(of: labels.map { $0.lowercased() })
        }?.name
    }

    /// A job begins or ends.
    package func setBusy(_ busy: Bool, named name: String) { change(name) { $0.isBusy = busy } }

    package func setLabels(_ labels: [String], named name: String) {
        change(name) { $0.labels = labels }
    }

    package func remove(named name: String) { runners.removeAll { $0.name == name } }

    /// Every runner as the API shows it.
    package var all: [Value] { runners.map(value) }

    private func change(_ name: String, _ change: (inout Runner) -> Void) {
        for index in runners.indices where runners[index].name == name { change(&runners[index]) }
    }
}
