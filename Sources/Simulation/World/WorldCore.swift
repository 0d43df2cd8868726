import HTTP
package import Resources

package import Foundation

/// Everything inside the world; used only while the world's lock is held.
package final class WorldCore {
    package let configuration: WorldConfiguration
    package let random: any RandomSource
    package let digests: any Digesting
    let readSeedImage: @Sendable ([UInt8]) throws -> [String: [UInt8]]
    package var faults = FaultPlan.none
    package private(set) var requestCount = 0
    private let time: any TimeSource
    private var events: [Event] = []
    private var nextEvent = 0
    private var vendors: [any SimulatedVendor] = []

    private struct Event {
        let due: Date
        let order: Int
        let action: () -> Void
    }

    init(
        _ configuration: WorldConfiguration, time: any TimeSource, random: any RandomSource,
        digests: any Digesting,
        readSeedImage: @escaping @Sendable ([UInt8]) throws -> [String: [UInt8]]
    ) {
        self.configuration = configuration
        self.time = time
        self.random = random
        self.digests = digests
        self.readSeedImage = readSeedImage
        vendors = []
    }

    package var now: Date { time.now() }

    var environment: [String: String] {
        vendors.reduce(into: [:]) { $0.merge($1.environment) { first, _ in first } }
    }

    var inventory: [String: Int] {
        vendors.reduce(into: [:]) { $0.merge($1.inventory) { $0 + $1 } }.filter { $0.value > 0 }
    }

    /// Has `action` happen once `delay` has passed.
    func schedule(after delay: Duration, _ action: @escaping () -> Void) {
        nextEvent += 1
        events.append(
            Event(due: now.addingTimeInterval(delay.seconds), order: nextEvent, action: action))
    }

    /// Lets everything happen that is due by now.
    func catchUp() {
        while let index = events.indices.filter({ events[$0].due <= now })
            .min(by: { (events[$0].due, events[$0].order) < (events[$1].due, events[$1].order) })
        {
            events.remove(at: index).action()
        }
    }

    func beginRequest(_ request: SimulatedRequest) -> Fault? {
        defer { requestCount += 1 }
        return faults.fault(requestCount, request)
    }

    func answer(_ request: SimulatedRequest, fault: Fault?) -> HTTPResponse {
        guard let vendor = vendors.first(where: { $0.serves(request) }) else {
            return HTTPResponse(status: 404, reason: "Not Found", body: Array("no such host".utf8))
        }
        var vendorFault: VendorFault?
        if case .vendor(let one)? = fault { vendorFault = one }
        return vendor.answer(request, fault: vendorFault)
    }
}

/// One vendor's API in the world.
protocol SimulatedVendor: AnyObject {
    /// Endpoint and credentials, as Launch's environment variables.
    var environment: [String: String] { get }
    /// `"ec2 instance": 2`, without what a fresh world has.
    var inventory: [String: Int] { get }
    /// True when the request's host is this vendor's.
    func serves(_ request: SimulatedRequest) -> Bool
    func answer(_ request: SimulatedRequest, fault: VendorFault?) -> HTTPResponse
}
