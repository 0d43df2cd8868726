/// What kind of world it is.
package struct WorldConfiguration: Sendable {
    /// The time each request takes.
    package var latency: Duration = .zero
    /// From switching a machine on until its runner is online.
    package var bootTime: Duration = .seconds(40)
    /// How long a Proxmox task takes.
    package var taskTime: Duration = .seconds(3)
    /// How long EC2 keeps an instance `pending` or `shutting-down`.
    package var instanceTime: Duration = .seconds(8)
    package var proxmoxVersion = "9.1"
    package var proxmoxNodes = ["pve1", "pve2"]
    package var zones = ["example.com"]
    package var repositories = ["example/services"]
    /// Objects on a list page, where the vendor pages; small values exercise paging.
    package var pageSize: Int?
    /// How long EC2 denies knowing an object that it has just made.
    package var eventualConsistency: Duration = .zero

    package init() {}
}
