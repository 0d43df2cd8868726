import Foundation

/// An EBS volume.
package struct EC2Volume {
    enum State: String {
        case creating, available
        case inUse = "in-use"
        case deleting
    }

    struct Attachment {
        enum State: String { case attaching, attached, detaching }

        let instance: String
        let device: String
        var state: State
        var deletesOnTermination: Bool
        let since: Date
    }

    struct Modification {
        let originalSize: Int
        let originalType: String
        let targetSize: Int
        let targetType: String
        var state: String
        var progress: Int
        let started: Date
        var ended: Date?
    }

    let id: String
    let zone: String
    /// GiB
    var size: Int
    var type: String
    var iops: Int?
    var throughput: Int?
    let isEncrypted: Bool
    let created: Date
    let snapshot: String?
    var state: State
    var attachment: Attachment?
    var modification: Modification?
}
