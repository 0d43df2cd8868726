import Resources

import Foundation

/// `…/{vmid}/config` and `…/{vmid}/pending`.
extension SimulatedProxmox {
    func showConfig(_ call: PVECall) throws -> Value {
        let guest = try guest(call)
        let config = call.flag("current") ? guest.config : guest.merged
        var shown = config.reduce(into: [String: Value]()) { shown, option in
            shown[option.key] = typed(option.value, of: option.key, kind: guest.kind)
        }
        if let lock = guest.lock { shown["lock"] = .string(lock) }
        shown["digest"] = .string(digest(of: guest))
        return .object(shown)
    }

    /// Booleans and integers are numbers, all else is text: also QEMU's memory.
    private func typed(_ value: String, of option: String, kind: PVEGuest.Kind) -> Value {
        switch kind.options.parameter(option, in: version)?.kind {
        case .boolean, .integer: Int(value).map(Value.integer) ?? .string(value)
        default: .string(value)
        }
    }

    func showPending(_ call: PVECall) throws -> Value {
        let guest = try guest(call)
        let names = Set(guest.config.keys).union(guest.pending.keys).sorted()
        var rows: [Value] = names.map { name in
            var row: [String: Value] = ["key": .string(name)]
            if let value = guest.config[name] { row["value"] = .string(value) }
            if let waiting = guest.pending[name] {
                if let value = waiting {
                    row["pending"] = .string(value)
                } else {
                    row["delete"] = 1
                }
            }
            return .object(row)
        }
        rows.append(["key": "digest", "value": .string(digest(of: guest))])
        return .list(rows)
    }

    /// The API's `PUT`, which ends when it is done.
    func changeConfig(_ call: PVECall) throws -> Value {
        try change(try unlockedGuest(call), call)
        return .null
    }

    /// QEMU's `POST`, which works in the background.
    func changeConfigInBackground(_ call: PVECall) throws -> Value {
        let guest = try unlockedGuest(call)
        try checkDigest(call, guest)
        try checkRights(options(in: call), call, vmid: guest.vmid, kind: guest.kind)
        return work("qmconfig", on: guest, fault: call.fault) { [self] in try change(guest, call) }
    }

    private static let control: Set = [
        "node", "vmid", "delete", "revert", "digest", "force", "skiplock", "background_delay",
        "import-working-storage",
    ]

    private func options(in call: PVECall) -> [String: String] {
        call.arguments.names.reduce(into: [:]) { options, name in
            if !Self.control.contains(name) { options[name] = call[name] }
        }
    }

    private func change(_ guest: PVEGuest, _ call: PVECall) throws {
        try checkDigest(call, guest)
        let options = options(in: call)
        let removed = call.arguments.list("delete")
        for name in removed {
            guard guest.kind.options.parameter(name, in: version) != nil else {
                throw PVEFailure.parameters(["delete": "unknown option '\(name)'"])
            }
            if options[name] != nil {
                throw PVEFailure.parameters([
                    name: "you can't use '-\(name)' and -delete \(name)' at the same time"
                ])
            }
        }
        let touched = removed.reduce(into: options) { $0[$1] = "" }
        try checkRights(touched, call, vmid: guest.vmid, kind: guest.kind)
        for name in call.arguments.list("revert") { guest.pending[name] = nil }
        for name in removed { unset(name, of: guest) }
        try set(options, of: guest)
    }

    /// Sets all options or, when one is impossible, none.
    private func set(_ options: [String: String], of guest: PVEGuest) throws {
        let canonical = PVECanonical(kind: guest.kind, random: core.random)
        var made: [PVEVolume] = []
        var settled: [(option: String, value: String)] = []
        do {
            for (option, value) in options.sorted(by: Self.isEarlier) {
                let disk = try self.settled(value, of: option, for: guest)
                if let volume = disk.made { made.append(volume) }
                settled.append((option, canonical.value(disk.value, of: option)))
            }
        } catch {
            forget(made)
            throw error
        }
        if let vcpus = options["vcpus"].flatMap({ Int($0) }), vcpus > guest.mostCPUs {
            forget(made)
            throw PVEFailure("maximum vcpus=\(guest.mostCPUs)")
        }
        for (option, value) in settled { put(value, at: option, of: guest) }
    }

    private func put(_ value: String, at option: String, of guest: PVEGuest) {
        let isNew = guest.config[option] == nil
        if guest.isRunning, !guest.isHotPluggable(option, isNew: isNew) {
            guest.pending[option] = guest.config[option] == value ? nil : .some(value)
        } else {
            guest.put(value, at: option)
        }
    }

    private func unset(_ option: String, of guest: PVEGuest) {
        if option.hasPrefix("unused"), let id = guest.volumes[option],
            let volume = volumes[id, on: guest.node], volume.owner == guest.vmid
        {
            forget([volume])
        }
        let isHot = guest.isHotPluggable(option, isNew: guest.kind == .qemu)
        if guest.isRunning, !isHot, guest.config[option] != nil {
            guest.pending[option] = .some(nil)
        } else {
            guest.put(nil, at: option)
        }
    }

    /// 40 hexadecimal digits that change with the configuration.
    func digest(of guest: PVEGuest) -> String {
        let current = guest.config.sorted { $0.key < $1.key }.map { "\($0.key): \($0.value)" }
        let waiting = guest.pending.sorted { $0.key < $1.key }.map {
            "\($0.key): \($0.value ?? "")"
        }
        let text = (current + ["[pending]"] + waiting + [guest.lock ?? ""]).joined(separator: "\n")
        return String(core.digests.sha256Hexadecimal(text).prefix(40))
    }

    /// - Throws: `PVEFailure` when somebody changed the configuration meanwhile.
    func checkDigest(_ call: PVECall, _ guest: PVEGuest) throws {
        guard let expected = call["digest"], expected != digest(of: guest) else { return }
        throw PVEFailure(
            guest.kind == .qemu
                ? "checksum mismatch (file change by other user?)"
                : "detected modified configuration - file changed by other user? Try again.")
    }
}
