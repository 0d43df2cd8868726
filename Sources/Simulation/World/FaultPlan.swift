import Resources

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
    /// Another request is changing the same object.
    case conflict
}

/// Which requests fail, and how.
package struct FaultPlan: Sendable {
    private let decide: @Sendable (_ index: Int, _ request: SimulatedRequest) -> Fault?

    package init(_ decide: @escaping @Sendable (Int, SimulatedRequest) -> Fault?) {
        self.decide = decide
    }

    package static let none = FaultPlan { _, _ in nil }

    /// One fault, at the request of that number (from 0).
    package static func at(_ index: Int, _ fault: Fault) -> FaultPlan {
        FaultPlan { number, _ in number == index ? fault : nil }
    }

    /// A fault for every request that `condition` holds for.
    package static func matching(
        _ fault: Fault, _ condition: @escaping @Sendable (SimulatedRequest) -> Bool
    ) -> FaultPlan {
        FaultPlan { _, request in condition(request) ? fault : nil }
    }

    /// Each request fails with probability `rate`, in one of `kinds`.
    ///
    /// The choice depends on the seed and the request's number alone, so it can be replayed.
    package static func random(rate: Double, seed: UInt64, kinds: [Fault]) -> FaultPlan {
        FaultPlan { number, _ in
            let random = SeededRandom(seed: seed &+ UInt64(number) &* 0x9E37_79B9)
            guard !kinds.isEmpty, random.fraction() < rate else { return nil }
            return kinds[Int(random.next() % UInt64(kinds.count))]
        }
    }

    /// The fault for the `index`-th request (from 0) of this world.
    func fault(_ index: Int, _ request: SimulatedRequest) -> Fault? { decide(index, request) }
}
