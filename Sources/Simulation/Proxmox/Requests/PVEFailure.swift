import Resources

/// An answer other than success, in Proxmox VE's terms.
struct PVEFailure: Error, Hashable {
    let status: Int
    let message: String
    /// What is wrong with each parameter.
    let errors: [String: String]

    init(_ status: Int, _ message: String, errors: [String: String] = [:]) {
        self.status = status
        self.message = message
        self.errors = errors
    }

    /// Nearly everything that goes wrong is a 500: only the text tells what.
    init(_ message: String) { self.init(500, message) }

    static func parameters(_ errors: [String: String]) -> PVEFailure {
        PVEFailure(400, "Parameter verification failed.", errors: errors)
    }

    static func forbidden(_ what: String) -> PVEFailure {
        PVEFailure(403, "Permission check failed (\(what))")
    }

    static func notImplemented(_ method: String, _ path: String) -> PVEFailure {
        PVEFailure(501, "Method '\(method) \(path)' not implemented")
    }

    static func missing(_ guest: PVEGuest) -> PVEFailure {
        missing(guest.vmid, guest.kind, on: guest.node)
    }

    static func missing(_ vmid: Int, _ kind: PVEGuest.Kind, on node: String) -> PVEFailure {
        let folder = kind == .qemu ? "qemu-server" : "lxc"
        return PVEFailure(
            "Configuration file 'nodes/\(node)/\(folder)/\(vmid).conf' does not exist")
    }

    /// The status line carries the first line of the message only.
    var reason: String { String(message.prefix { $0 != "\n" }) }
}
