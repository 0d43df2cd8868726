package import Foundation
package import Resources

extension ProxmoxProvider: ChangeWitness {
    /// Reads each node's list of tasks once. A token sees others' tasks only with `Sys.Audit` on
    /// the node; a change that Proxmox makes without a task is in no list.
    package func lastChanges(
        of objects: [ChangedObject], at now: Date
    ) async -> [Address: Attribution] {
        let guests = objects.filter { GuestType($0.address.kind) != nil }
        guard !guests.isEmpty, let nodes = try? await api.get("/nodes") else { return [:] }
        let since = guests.map { $0.since ?? Date(timeIntervalSince1970: 0) }.min() ?? now
        let online = (nodes.list ?? []).filter { $0["status"]?.string == "online" }
            .compactMap { $0["node"]?.string }.sorted()
        let lists = (try? await online.concurrentMap { await tasks(on: $0, since: since) }) ?? []
        let foreign = lists.joined().filter { $0.user != api.connection.tokenName }
        return guests.reduce(into: [:]) { found, guest in
            found[guest.address] = foreign.filter { $0.explains(guest) }.max { $0.start < $1.start }
                .map { Attribution(by: $0.user, at: $0.start) }
        }
    }

    /// The newest of the node's tasks; none where it does not answer.
    private func tasks(on node: String, since: Date) async -> [LoggedTask] {
        let rows = try? await api.get(
            "/nodes/\(node)/tasks",
            [
                "source": "all", "since": String(Int(since.timeIntervalSince1970)),
                "limit": "1000",
            ])
        return (rows?.list ?? []).compactMap(LoggedTask.init)
    }
}

/// One row of a node's list of tasks (pve-manager, `PVE/API2/Tasks.pm`).
private struct LoggedTask {
    let user: String
    let start: Date
    private let guest: String
    private let type: String

    /// `nil` for a task that failed.
    init?(_ row: Value) {
        guard let user = row["user"]?.string, let start = row["starttime"]?.integer,
            let guest = row["id"]?.string, let type = row["type"]?.string
        else { return nil }
        let end = row["status"]?.string ?? "OK"
        guard end == "OK" || end.hasPrefix("WARNINGS") else { return nil }
        self.user = row["tokenid"]?.string.map { "\(user)!\($0)" } ?? user
        self.start = Date(timeIntervalSince1970: Double(start))
        self.guest = guest
        self.type = type
    }

    /// True when it can be what made the difference: a backup changes nothing, and a restart no
    /// setting.
    func explains(_ object: ChangedObject) -> Bool {
        guard guest == object.id, object.mayHaveChanged(at: start) else { return false }
        guard !object.fields.isEmpty else { return Self.lives.contains(type) }
        return (object.fields.contains("running") && Self.power.contains(type))
            || (object.fields != ["running"] && Self.settings.contains(type))
    }

    private static let lives: Set = [
        "qmcreate", "qmclone", "qmrestore", "qmdestroy", "vzcreate", "vzclone", "vzrestore",
        "vzdestroy",
    ]
    private static let power: Set = [
        "qmstart", "qmstop", "qmshutdown", "qmsuspend", "qmresume", "vzstart", "vzstop",
        "vzshutdown", "vzsuspend", "vzresume", "hastart", "hastop",
    ]
    private static let settings: Set = [
        "qmconfig", "qmmove", "qmrollback", "qmrestore", "vzrollback", "vzrestore", "move_volume",
        "resize",
    ]
}
