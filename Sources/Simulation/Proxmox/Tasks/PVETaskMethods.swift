import Resources

import Foundation

/// `/nodes/{node}/tasks` and `/cluster/tasks`.
extension SimulatedProxmox {
    func taskStatus(_ call: PVECall) throws -> Value {
        let task = try tasks.task(call["upid"] ?? "", on: call.node)
        return .object(
            summary(of: task).filter { $0.key != "endtime" }.merging([
                "status": task.isRunning ? "running" : "stopped",
                "pid": 4096, "pstart": 1_048_576,
            ]) { $1 }.merging(task.exitStatus.map { ["exitstatus": .string($0)] } ?? [:]) { $1 })
    }

    /// All lines of the log; the caller pages them.
    func taskLog(_ call: PVECall) throws -> Value {
        let task = try tasks.task(call["upid"] ?? "", on: call.node)
        return .list(
            task.log.enumerated().map { index, line in
                ["n": .integer(index + 1), "t": .string(line)]
            })
    }

    func stopTask(_ call: PVECall) throws -> Value {
        tasks.stop(try tasks.task(call["upid"] ?? "", on: call.node))
        return .null
    }

    /// The node's finished tasks, the running ones, or both, newest first; others' only for who
    /// may audit the node.
    func listTasks(_ call: PVECall) -> Value {
        let source = call["source"] ?? "archive"
        let seesAll = privileges(on: "/nodes/\(call.node)").contains("Sys.Audit")
        let found = tasks.all.reversed().filter { task in
            task.node == call.node && (seesAll || tasks.isOwn(task))
                && (source == "all" || task.isRunning == (source == "active"))
                && call["vmid"].map { $0 == task.id } ?? true
                && call["typefilter"].map { $0 == task.type } ?? true
                && (!call.flag("errors") || task.exitStatus != "OK")
                && call.integer("since").map { Int(task.started.timeIntervalSince1970) >= $0 }
                    ?? true
                && call.integer("until").map { Int(task.started.timeIntervalSince1970) <= $0 }
                    ?? true
        }
        return .list(found.map { .object(listed($0)) })
    }

    func clusterTasks(_ call: PVECall) -> Value {
        .list(tasks.all.suffix(25).reversed().map { .object(listed($0)) })
    }

    private func listed(_ task: PVETask) -> [String: Value] {
        var summary = summary(of: task)
        if let status = task.exitStatus { summary["status"] = .string(status) }
        return summary
    }

    private func summary(of task: PVETask) -> [String: Value] {
        var summary: [String: Value] = [
            "upid": .string(task.upid), "node": .string(task.node), "type": .string(task.type),
            "id": .string(task.id), "user": .string(String(task.user.prefix { $0 != "!" })),
            "starttime": .integer(Int(task.started.timeIntervalSince1970)),
        ]
        if let token = task.user.split(separator: "!").dropFirst().first {
            summary["tokenid"] = .string(String(token))
        }
        if let ended = task.ended {
            summary["endtime"] = .integer(Int(ended.timeIntervalSince1970))
        }
        return summary
    }
}
