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

    package init() {}
}

/// What goes wrong with one request.
package enum Fault: Hashable, Sendable {
    case delay(Duration)
    /// The connection breaks before the request has an effect.
    case reset
    /// The request has its effect, and the answer is lost.
    case lostReply
    /// The edge answers instead of the service: 429, 503.
    case status(Int, retryAfter: Int?)
    /// A failure in the vendor's own terms.
    case vendor(VendorFault)
}

package enum VendorFault: String, Hashable, Sendable {
    /// Too many requests, said in the vendor's own code.
    case throttled
    /// The task that this request starts fails.
    case taskFails
    /// There is no room for the machine.
    case noCapacity
}

/// Which requests fail, and how.
package struct FaultPlan: Sendable {
    private let decide: @Sendable (_ index: Int, _ request: SimulatedRequest) -> Fault?

    package init(_ decide: @escaping @Sendable (Int, SimulatedRequest) -> Fault?) {
        self.decide = decide
    }

    package static let none = FaultPlan { _, _ in nil }

    /// The fault for the `index`-th request (from 0) of this world.
    func fault(_ index: Int, _ request: SimulatedRequest) -> Fault? { decide(index, request) }
}
