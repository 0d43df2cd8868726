extension StateError: CustomStringConvertible {
    /// What is wrong, and where.
    package var description: String {
        switch self {
        case .locked(let lease):
            "\(lease.service): locked by \(lease.holder) since \(lease.since.timestamp), "
                + "for: \(lease.purpose) (lease \(lease.id))"
        case .leaseLost(let service):
            "\(service): this run lost its lock, being silent for too long or unlocked by hand; "
                + "nothing more was changed"
        case .corrupt(let location, let detail):
            "\(location): the state cannot be read: \(detail)"
        case .newerFormat(let location, let found, let supported):
            "\(location): the state has format \(found), written by a newer Launch; "
                + "this one reads up to format \(supported)"
        case .unwritable(let location, let detail):
            "\(location): the state cannot be written: \(detail)"
        case .otherProject(let location, let found, let expected):
            "\(location): the state belongs to project \"\(found)\", not to \"\(expected)\""
        case .inaccessible(let location, let detail, _):
            "\(location): the state store cannot be used: \(detail)"
        case .unreachable(let location, let detail):
            "\(location): the state store does not answer: \(detail)"
        case .undecipherable(let location, let detail):
            "\(location): the state cannot be decrypted: \(detail)"
        case .rolledBack(let location, let detail):
            "\(location): an older copy of the state was put back: \(detail)"
        case .untrustworthy(let location, let promise):
            "\(location): the store cannot hold the state: \(promise)"
        case .wrongClock(let location, let detail): "\(location): a clock is wrong: \(detail)"
        case .notKept(let serial, let oldest, let newest):
            "serial \(serial) of the state is not kept: there are \(oldest) to \(newest)"
        case .staleReplacement(let detail): "the state was not replaced: \(detail)"
        }
    }

    /// What helps, in one imperative sentence.
    package var remedy: String {
        switch self {
        case .locked:
            "Wait for it, for example with `--lock-timeout 10m`; the lock of a dead run ends by itself."
        case .leaseLost: "Run it again; Launch goes on where the other run stops."
        case .corrupt:
            "Restore it from a backup, or move it away: objects are found again by their marks."
        case .newerFormat: "Update Launch."
        case .unwritable: "Free space or grant access to that place, then run it again."
        case .otherProject:
            "Correct `project` or the state's place in launch.yaml; nothing was changed."
        case .inaccessible(_, _, let remedy): remedy
        case .unreachable: "Check the endpoint and the network, then run it again."
        case .undecipherable: "Check the passphrase or key that launch.yaml's `encryption` names."
        case .rolledBack:
            "Bring the newer objects back; or name a new `key` in launch.yaml, then run "
                + "`launch state rebuild`."
        case .untrustworthy:
            "Use a store with conditional writes: AWS S3, Cloudflare R2, MinIO, or SQLite."
        case .wrongClock: "Set the clock, for example with `timedatectl set-ntp true`."
        case .notKept: "`launch history` lists what there is."
        case .staleReplacement: "Say --force if what is there may be lost."
        }
    }
}

extension LeaseHolder: CustomStringConvertible {
    /// `ada@laptop (process 4711)`, with the CI run's page when there is one.
    package var description: String {
        let run = runURL.map { ", \($0)" } ?? ""
        return "\(user)@\(host) (process \(pid)\(run))"
    }
}
