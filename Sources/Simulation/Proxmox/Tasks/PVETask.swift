import Resources

import Foundation

/// A worker on a node.
final class PVETask {
    let upid: String
    let node: String
    let type: String
    /// What it works on: mostly a VMID.
    let id: String
    let user: String
    let started: Date
    fileprivate(set) var ended: Date?
    /// `OK`, `WARNINGS: n` or the error; `nil` while it runs.
    fileprivate(set) var exitStatus: String?
    fileprivate(set) var log: [String]
    fileprivate let undo: () -> Void

    fileprivate init(
        upid: String, node: String, type: String, id: String, user: String, started: Date,
        log: [String], undo: @escaping () -> Void
    ) {
        self.upid = upid
        self.node = node
        self.type = type
        self.id = id
        self.user = user
        self.started = started
        self.log = log
        self.undo = undo
    }

    var isRunning: Bool { exitStatus == nil }
}

/// The workers of all nodes (`pve-common: src/PVE/RESTEnvironment.pm`).
final class PVETasks {
    private unowned let core: WorldCore
    private let user: String
    private var tasks: [String: PVETask] = [:]
    /// From the oldest to the newest.
    private(set) var all: [PVETask] = []

    init(_ core: WorldCore, user: String) {
        self.core = core
        self.user = user
    }

    func isOwn(_ task: PVETask) -> Bool { task.user == user }

    /// What a worker is to do.
    struct Work {
        let node: String
        let type: String
        let id: String
        /// What the log says before the end; the lines come one after the other.
        var log: [String] = []
        var fault: VendorFault?
        var finish: () throws -> Void
        /// Takes back what was done, when the worker fails or is stopped.
        var undo: () -> Void = {}
    }

    /// Starts a worker and returns its UPID.
    func start(_ work: Work) -> Value {
        let task = PVETask(
            upid: newUPID(work, by: user), node: work.node, type: work.type, id: work.id,
            user: user, started: core.now, log: Array(work.log.prefix(1)), undo: work.undo)
        tasks[task.upid] = task
        all.append(task)
        let duration = core.configuration.taskTime
        for (index, line) in work.log.enumerated().dropFirst() {
            core.schedule(after: duration * (Double(index) / Double(work.log.count))) {
                if task.isRunning { task.log.append(line) }
            }
        }
        core.schedule(after: duration) { [weak self] in self?.end(task, work) }
        return .string(task.upid)
    }

    /// Notes what a person had done on a node.
    func note(_ type: String, of guest: PVEGuest) {
        let work = Work(node: guest.node, type: type, id: String(guest.vmid)) {}
        let task = PVETask(
            upid: newUPID(work, by: Self.somebody), node: work.node, type: work.type, id: work.id,
            user: Self.somebody, started: core.now, log: [], undo: work.undo)
        tasks[task.upid] = task
        all.append(task)
        close(task, "OK", lastLine: "TASK OK")
    }

    private static let somebody = "root@pam"

    private func end(_ task: PVETask, _ work: Work) {
        guard task.isRunning else { return }
        if let error = work.error { return fail(task, error) }
        do {
            try work.finish()
            close(task, "OK", lastLine: "TASK OK")
        } catch {
            fail(task, (error as? PVEFailure)?.message ?? "\(error)")
        }
    }

    /// Kills a worker.
    func stop(_ task: PVETask) {
        if task.isRunning { fail(task, "interrupted by signal") }
    }

    private func fail(_ task: PVETask, _ error: String) {
        task.undo()
        close(task, error, lastLine: "TASK ERROR: \(error)")
    }

    private func close(_ task: PVETask, _ exitStatus: String, lastLine: String) {
        task.ended = core.now
        task.exitStatus = exitStatus
        task.log.append(lastLine)
    }

    /// - Throws: `PVEFailure` when the text is no UPID or the node never had such a worker.
    func task(_ upid: String, on node: String) throws -> PVETask {
        let parts = upid.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.first == "UPID", parts.count == 9 else {
            throw PVEFailure.parameters(["upid": "unable to parse worker upid"])
        }
        guard let task = tasks[upid], task.node == node else { throw PVEFailure("no such task") }
        return task
    }

    private func newUPID(_ work: Work, by user: String) -> String {
        func hexadecimal(_ number: Int) -> String {
            let digits = String(number, radix: 16, uppercase: true)
            return String(repeating: "0", count: max(0, 8 - digits.count)) + digits
        }
        let seconds = Int(core.now.timeIntervalSince1970)
        let number = all.count + 1
        return "UPID:\(work.node):\(hexadecimal(0x1000 + number)):"
            + "\(hexadecimal(0x0010_0000 + seconds % 0x0fff_ffff)):\(hexadecimal(seconds)):"
            + "\(work.type):\(work.id):\(user):"
    }
}

extension PVETasks.Work {
    /// How the injected fault ends it.
    fileprivate var error: String? {
        switch fault {
        case .taskFails?: "command '/usr/libexec/pve-worker' failed: exit code 1"
        case .noCapacity?:
            "lvcreate error: Volume group \"pve\" has insufficient free space"
        case .throttled?, .conflict?, nil: nil
        }
    }
}
