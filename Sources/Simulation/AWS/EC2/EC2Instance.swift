package import Foundation
import OrderedCollections

/// A virtual machine.
package struct EC2Instance {
    package enum State: String, Sendable {
        case pending, running
        case shuttingDown = "shutting-down"
        case terminated, stopping, stopped

        var code: Int {
            switch self {
            case .pending: 0
            case .running: 16
            case .shuttingDown: 32
            case .terminated: 48
            case .stopping: 64
            case .stopped: 80
            }
        }
    }

    struct MetadataOptions: Hashable {
        var tokens = "optional"
        var hopLimit = 1
        var endpoint = "enabled"
        var ipv6 = "disabled"
        var tags = "disabled"
    }

    package let id: String
    let reservation: String
    let launchIndex: Int
    let image: AmazonImage
    package internal(set) var type: String
    let subnet: EC2Network.Subnet
    let vpc: String
    let clientToken: String
    let keyName: String?
    package internal(set) var profile: String?
    let isSpot: Bool
    let wantsPublicAddress: Bool
    let privateAddress: String
    package let launched: Date
    package internal(set) var groups: [String]
    package internal(set) var userData: [UInt8]
    package internal(set) var state: State
    package internal(set) var publicAddress: String?
    package internal(set) var ipv6Address: String?
    /// Attached volumes, the root one first.
    var volumes: [String] = []
    var metadata: MetadataOptions
    var isProtected: Bool
    var isEBSOptimized: Bool
    var shutdownBehavior: String
    var checksSource = true
    var isMonitored: Bool
    var stateReason: (code: String, message: String)?
    /// Counts commands to change state: a later one overtakes an earlier one's effect.
    var transition = 0

    var hostName: String {
        "ip-" + privateAddress.replacingOccurrences(of: ".", with: "-") + ".ec2.internal"
    }

    /// The machine in the world of guests.
    package var machine: MachineID { MachineID("aws/\(id)") }
}

extension SimulatedEC2 {
    /// The running machine that has this public address.
    func machine(at address: String) -> MachineID? {
        instances.values.first { $0.publicAddress == address && $0.state == .running }?.machine
    }
}
