import HTTP
import OrderedCollections
import Resources

import Foundation

/// The Elastic Compute Cloud of one region, with its default network.
///
/// Each action reads all its parameters, then calls `ready`, then acts: a request that is refused
/// has changed nothing.
package final class SimulatedEC2 {
    typealias Action = @Sendable (SimulatedEC2, QueryParameters) throws -> [XML]

    static let namespace = "http://ec2.amazonaws.com/doc/2016-11-15/"

    unowned let core: WorldCore
    let trail: SimulatedCloudTrail
    var network: EC2Network
    var instances: OrderedDictionary<String, EC2Instance> = [:]
    var volumes: OrderedDictionary<String, EC2Volume> = [:]
    var groups: OrderedDictionary<String, SecurityGroup> = [:]
    var addresses: OrderedDictionary<String, EC2Address> = [:]
    var tags: [String: [String: String]] = [:]
    /// True where there is no room for a machine of a type in a zone.
    package var lacksRoom: @Sendable (_ type: String, _ zone: String) -> Bool = { _, _ in false }
    /// What an earlier RunInstances or CreateVolume made under a client token.
    var clientTokens: [String: ClientTokenUse] = [:]
    /// The vendor's fault of the request that is being answered.
    var fault: VendorFault?
    /// Actions that the credentials may not do.
    package var denied: Set<String> = []
    private var visibleFrom: [String: Date] = [:]

    struct ClientTokenUse {
        let fingerprint: String
        let reservation: String
        let ids: [String]
    }

    init(_ core: WorldCore, trail: SimulatedCloudTrail) {
        self.core = core
        self.trail = trail
        network = EC2Network(region: core.configuration.region, random: core.random)
        let group = SecurityGroup.default(id: newID("sg", visible: true), vpc: network.vpc)
        groups[group.id] = group
        groups[group.id]?.rules = [
            SecurityGroupRule(
                id: newID("sgr", visible: true), isEgress: false, transport: .all,
                peer: .group(group.id)),
            .allowAllEgress(id: newID("sgr", visible: true)),
        ]
    }

    /// One subnet in each zone, in order of zone.
    package var subnetIDs: [String] { network.subnets.map(\.id) }

    var inventory: [String: Int] {
        [
            "ec2 instance": instances.values.count { $0.state != .terminated },
            "ec2 security group": groups.values.count { $0.name != "default" },
            "ec2 volume": volumes.count,
            "ec2 elastic ip": addresses.count,
        ]
    }

    func answer(
        _ parameters: QueryParameters, requestID: String, fault: VendorFault?
    ) throws -> HTTPResponse {
        let name = try parameters.required("Action")
        let version = try parameters.required("Version")
        guard version == "2016-11-15" else {
            throw AWSError("NoSuchVersion", "The version \(version) is not supported")
        }
        guard let action = Self.actions[name] else {
            throw AWSError("InvalidAction", "The action \(name) is not valid for this web service.")
        }
        guard !denied.contains(name) else {
            throw AWSError(
                "UnauthorizedOperation",
                "You are not authorized to perform this operation. Encoded authorization failure "
                    + "message: \(SimulatedSTS.encodedRefusal(of: "ec2:\(name)"))", status: 403)
        }
        self.fault = fault
        let content = try action(self, parameters)
        return xml(
            200,
            XML("\(name)Response", namespace: Self.namespace) {
                XML("requestId", requestID)
                content
            })
    }

    private static let actions: [String: Action] =
        instanceActions
        .merging(consoleActions) { first, _ in first }
        .merging(instanceAttributeActions) { first, _ in first }
        .merging(networkActions) { first, _ in first }
        .merging(securityGroupActions) { first, _ in first }
        .merging(volumeActions) { first, _ in first }
        .merging(addressActions) { first, _ in first }
        .merging(profileActions) { first, _ in first }
        .merging(tagActions) { first, _ in first }

    /// Ends the reading of parameters: nothing unknown, and no dry run.
    /// - Throws: `UnknownParameter`, `DryRunOperation`
    func ready(_ parameters: QueryParameters) throws {
        let isDryRun = try parameters.boolean("DryRun") ?? false
        try parameters.rejectUnread()
        if isDryRun {
            throw AWSError(
                "DryRunOperation",
                "Request would have succeeded, but DryRun flag is set.", status: 412)
        }
    }

    /// - Parameter visible: True when everyone sees the new object at once.
    func newID(_ prefix: String, visible: Bool = false) -> String {
        let id = "\(prefix)-0\(core.random.hexadecimal(16))"
        let delay = core.configuration.eventualConsistency
        if !visible, delay > .zero { visibleFrom[id] = core.now.addingTimeInterval(delay.seconds) }
        return id
    }

    /// False while the object is so new that parts of EC2 do not know it yet.
    func isVisible(_ id: String) -> Bool { visibleFrom[id].map { $0 <= core.now } ?? true }

    /// - Throws: `<code>.Malformed` when it is not an id of that kind.
    func checkForm(_ id: String, _ prefix: String, _ code: String) throws {
        let digits = id.dropFirst(prefix.count + 1)
        guard id.hasPrefix(prefix + "-"), [8, 17].contains(digits.count),
            digits.allSatisfy(\.isHexDigit)
        else { throw AWSError("\(code).Malformed", "Invalid id: \"\(id)\"") }
    }

    /// The answer of an action that has nothing to tell.
    var done: [XML] { [XML("return", true)] }
}
