import HTTP
package import Resources

package import Foundation
import OrderedCollections

/// Everything inside the world; used only while the world's lock is held.
package final class WorldCore {
    package let configuration: WorldConfiguration
    package let random: any RandomSource
    package let digests: any Digesting
    let readSeedImage: @Sendable ([UInt8]) throws -> [String: [UInt8]]
    package var faults = FaultPlan.none
    package private(set) var requestCount = 0
    /// Requests from this one on are held up, until it is `nil` again.
    package var firstHeld: Int?
    /// Where guests register their runners.
    package var runnerRegistry: (any RunnerRegistry)?
    /// The machines' operating systems.
    package private(set) lazy var guests = Guests(core: self)
    /// What has been deployed on them.
    package private(set) lazy var applications = Applications(core: self)
    /// Where public names answer.
    package private(set) lazy var edge = SimulatedEdge(core: self)
    /// Every API in the world, by whose it is.
    private(set) var vendors: OrderedDictionary<ProviderName, any SimulatedVendor> = [:]
    /// The publishers of machine images: nobody's API.
    private(set) lazy var imageHosts = SimulatedImageHosts(self)
    private let time: any TimeSource
    /// The last is the next to happen.
    private var events: [Event] = []
    private var nextEvent = 0
    /// When the event that is happening now was due.
    private var eventTime: Date?

    private struct Event {
        let due: Date
        let order: Int
        let action: () -> Void

        func isAfter(_ other: Event) -> Bool { (due, order) > (other.due, other.order) }
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
        let github = SimulatedGitHub(self)
        vendors = [
            .aws: SimulatedAWS(self), .proxmox: SimulatedProxmox(self),
            .cloudflare: SimulatedCloudflare(self),
            .github: github,
        ]
        runnerRegistry = github
    }

    /// The time at which what happens now happens: an event's own, also when it is noticed later.
    package var now: Date { eventTime ?? time.now() }

    var environment: [String: String] {
        vendors.values.reduce(into: [:]) { $0.merge($1.environment) { first, _ in first } }
    }

    var inventory: [String: Int] {
        vendors.values.reduce(into: [:]) { $0.merge($1.inventory) { $0 + $1 } }
            .filter { $0.value > 0 }
    }

    /// Has `action` happen once `delay` has passed.
    func schedule(after delay: Duration, _ action: @escaping () -> Void) {
        schedule(at: now.addingTimeInterval(delay.seconds), action)
    }

    /// Has `action` happen at a time that has not passed.
    func schedule(at due: Date, _ action: @escaping () -> Void) {
        nextEvent += 1
        let event = Event(due: due, order: nextEvent, action: action)
        let place = events.lastIndex { $0.isAfter(event) }.map { $0 + 1 } ?? 0
        events.insert(event, at: place)
    }

    /// Lets everything happen that is due by now, each thing at its own time.
    func catchUp() {
        let present = time.now()
        defer { eventTime = nil }
        while let event = events.last, event.due <= present {
            events.removeLast()
            eventTime = event.due
            event.action()
        }
    }

    /// - Returns: the request's number, from 0, and what goes wrong with it.
    func beginRequest(_ request: SimulatedRequest) -> (number: Int, fault: Fault?) {
        defer { requestCount += 1 }
        return (requestCount, faults.fault(requestCount, request))
    }

    func holds(_ number: Int) -> Bool { firstHeld.map { number >= $0 } ?? false }

    /// Has the request's vendor answer it.
    ///
    /// - Parameter vendor: Whose door the request came to; without one the host decides.
    /// - Throws: `HTTPError` where there is no such host.
    func answer(
        _ request: SimulatedRequest, at vendor: ProviderName?, fault: Fault?
    ) throws -> HTTPResponse {
        let found =
            vendor.flatMap { vendors[$0] } ?? vendors.values.first { $0.serves(request) }
            ?? (imageHosts.serves(request) ? imageHosts : nil)
        guard let found else {
            if edge.serves(request) { return try edge.answer(request) }
            return HTTPResponse(status: 404, reason: "Not Found", body: Array("no such host".utf8))
        }
        var vendorFault: VendorFault?
        if case .vendor(let one)? = fault { vendorFault = one }
        return found.answer(request, fault: vendorFault)
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
    /// Changes something behind Launch's back.
    /// - Returns: False when the vendor does not know the action or finds nothing to change.
    func perform(_ action: String, _ arguments: [String: Value]) -> Bool
}

extension SimulatedVendor {
    func perform(_ action: String, _ arguments: [String: Value]) -> Bool { false }
}
