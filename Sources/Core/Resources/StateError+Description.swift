extension StateError: CustomStringConvertible {
    /// What is wrong, and where.
    package var description: String {
        switch self {
        case .locked(let lease):
            "\(lease.service): locked by \(lease.holder) since \(lease.since.timestamp), "
                + "for: \(lease.purpose)"
        case .leaseLost(let service):
            "\(service): this run was silent for too long and another has taken its lock over; "
                + "nothing more was written"
        case .corrupt(let location, let detail):
            "\(location): the state cannot be read: \(detail)"
        case .newerFormat(let location, let found, let supported):
            "\(location): the state has format \(found), written by a newer Launch; "
                + "this one reads up to format \(supported)"
        case .unwritable(let location, let detail):
            "\(location): the state cannot be written: \(detail)"
        case .otherProject(let location, let found, let expected):
            "\(location): the state belongs to project \"\(found)\", not to \"\(expected)\""
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
