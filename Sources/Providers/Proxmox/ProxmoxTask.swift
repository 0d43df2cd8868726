import Foundation
import HTTP
import Resources

/// The name of a task: `UPID:node:pid:pstart:starttime:type:id:user:`, where the node is the one
/// to ask (pve-common, `PVE/UPID.pm`).
struct UPID: Hashable, Sendable {
    let text: String
    let node: String
    /// `qmcreate`, `vzstart`, `imgcopy`…
    let type: String
    /// The VMID, for a guest's task.
    let id: String
    /// Who started it: `user@realm` or `user@realm!token`.
    let user: String

    init?(_ text: String) {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 9, parts[0] == "UPID", !parts[1].isEmpty, !parts[5].isEmpty,
            parts[2...4].allSatisfy({ (8...9).contains($0.count) && Int($0, radix: 16) != nil })
        else { return nil }
        self.text = text
        node = parts[1]
        type = parts[5]
        id = parts[6]
        user = parts[7]
    }

    var path: Path { "/nodes/\(node)/tasks/\(text)" }
}

/// Follows a task of Proxmox to its end.
struct TaskFollower: Sendable {
    let api: ProxmoxAPI
    let progress: any ProgressSink

    /// Asks once a second, and tells the task's newest line of log.
    ///
    /// - Parameter answer: what the call that started it returned; `null` is a call that was
    ///   done at once.
    /// - Throws: `ProxmoxFailure` with the end of the log when the task ends other than `OK` or
    ///   `WARNINGS: n`, and `.timedOut` after `deadline`.
    func follow(_ answer: Value, for address: Address, deadline: Duration) async throws {
        guard let text = answer.string else { return }
        guard let task = UPID(text) else {
            throw ProxmoxFailure(.failed, "expected a task but got \"\(text)\"", recourse: .look)
        }
        try await follow(task, for: address, deadline: deadline)
    }

    func follow(_ task: UPID, for address: Address, deadline: Duration) async throws {
        let end = api.time.now().addingTimeInterval(Double(deadline.components.seconds))
        var log = TaskLog()
        while true {
            try await api.time.sleep(for: .seconds(1))
            let status = try await api.get("\(task.path)/status")
            if let line = try await newLines(of: task, into: &log) {
                progress.progress(address, line)
            }
            if status["status"]?.string == "stopped" {
                return try judge(status["exitstatus"]?.string ?? "unexpected status", task, log)
            }
            if api.time.now() >= end { throw Self.overdue(task, deadline) }
        }
    }

    /// Starts a task and follows it; when it is unclear whether the call had its effect, `isDone`
    /// tells whether to repeat it. A task that waited for a lock in vain is repeated later.
    func run(
        for address: Address, deadline: Duration, _ start: () async throws -> Value,
        isDone: () async throws -> Bool
    ) async throws {
        for attempt in 1...Self.attempts {
            do {
                return try await follow(start(), for: address, deadline: deadline)
            } catch let failure as ProxmoxFailure
                where attempt < Self.attempts && failure.isWorthRepeating
            {
                if failure.recourse == .again { try await pause(after: failure, for: address) }
                if try await isDone() { return }
            }
        }
    }

    private static let attempts = 3

    /// Lets whoever holds a lock go on for a while.
    func pause(after failure: ProxmoxFailure, for address: Address) async throws {
        progress.progress(address, "trying again after: \(failure.firstLine)")
        try await api.time.sleep(for: .seconds(5) + .seconds(10) * api.random.fraction())
    }

    /// The guest's tasks that still run, oldest first, as far as the token may see them.
    func running(on node: String, guest: Int) async throws -> [UPID] {
        try await running(on: node, ["source": "active", "vmid": String(guest)])
    }

    /// The node's tasks of a type that still run, oldest first, as far as the token may see them.
    func running(on node: String, type: String) async throws -> [UPID] {
        try await running(on: node, ["source": "active", "typefilter": type])
    }

    private func running(
        on node: String, _ query: KeyValuePairs<String, String>
    ) async throws -> [UPID] {
        let tasks = try await api.get("/nodes/\(node)/tasks", query)
        return (tasks.list ?? []).compactMap { $0["upid"]?.string.flatMap(UPID.init) }.reversed()
    }

    /// Waits for tasks that somebody else began, whatever becomes of them.
    /// - Throws: `ProxmoxFailure` with `.timedOut` when one of them does not end.
    func settle(_ tasks: [UPID], for address: Address, deadline: Duration) async throws {
        for task in tasks {
            do {
                try await follow(task, for: address, deadline: deadline)
            } catch let failure as ProxmoxFailure where failure.reason != .timedOut {
                continue
            }
        }
    }

    /// Reads what is new in the log; returns the last line of it that says something.
    private func newLines(of task: UPID, into log: inout TaskLog) async throws -> String? {
        let rows = try await api.get(
            "\(task.path)/log", ["start": String(log.count), "limit": "500"])
        let lines = (rows.list ?? []).filter { ($0["n"]?.integer ?? 0) > log.count }
            .compactMap { $0["t"]?.string }
        log.append(lines)
        return lines.last { !$0.isEmpty && !$0.hasPrefix("TASK ") && $0 != "no content" }
    }

    private func judge(_ exit: String, _ task: UPID, _ log: TaskLog) throws {
        guard exit != "OK", !exit.hasPrefix("WARNINGS") else { return }
        let fault = ProxmoxFailure.fault(exit)
        var failure = ProxmoxFailure(
            fault.reason, ([exit] + log.tail.filter { !$0.contains(exit) }).joined(separator: "\n"),
            recourse: fault.recourse, remedy: fault.remedy)
        failure.isIdentifierTaken = fault.isIdentifierTaken
        throw failure
    }

    private static func overdue(_ task: UPID, _ deadline: Duration) -> ProxmoxFailure {
        ProxmoxFailure(
            .timedOut, "task \(task.text) still runs after \(deadline.components.seconds) s",
            remedy: "Run it again; Launch goes on with the same task.")
    }
}

/// How many lines of a task's log were read, and the last ten of them.
private struct TaskLog {
    private(set) var count = 0
    private(set) var tail: [String] = []

    mutating func append(_ lines: [String]) {
        count += lines.count
        tail = (tail + lines).suffix(10)
    }
}
