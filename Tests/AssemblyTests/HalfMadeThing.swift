import HTTP
import Testing

/// What a run leaves that dies right after one certain request has begun to have its effect.
struct HalfMadeThing: Sendable, CustomTestStringConvertible {
    /// What the run is at.
    enum Work: Sendable, CaseIterable { case creation, change, removal }

    let work: Work
    /// The method and the end of the path, or EC2's action.
    let request: String
    /// True where asking again changes nothing: the vendor refuses it or does it already, or, for a
    /// seed, what is sent is fresh each time. Otherwise the next run finds the effect, or waits for
    /// the task.
    let mayBeRepeated: Bool

    private init(_ work: Work, _ request: String, mayBeRepeated: Bool = false) {
        self.work = work
        self.request = request
        self.mayBeRepeated = mayBeRepeated
    }

    var testDescription: String { "\(work): \(request)" }

    static let all = creations + changes + removals

    private static let creations = [
        // A group without rules, a volume without a machine, a pending machine without its volume.
        HalfMadeThing(.creation, "CreateSecurityGroup", mayBeRepeated: true),
        HalfMadeThing(.creation, "CreateVolume"),
        HalfMadeThing(.creation, "RunInstances"),
        HalfMadeThing(.creation, "AttachVolume", mayBeRepeated: true),
        // Tasks that go on for minutes.
        HalfMadeThing(.creation, "post /storage/local/download-url"),
        HalfMadeThing(.creation, "post /aplinfo"),
        HalfMadeThing(.creation, "post /qemu"),
        HalfMadeThing(.creation, "post /lxc"),
        HalfMadeThing(.creation, "put /resize"),
        HalfMadeThing(.creation, "post /storage/local/upload", mayBeRepeated: true),
        HalfMadeThing(.creation, "post /status/start"),
        // A container without its seed, a guest without rules, a tunnel that leads nowhere.
        HalfMadeThing(.creation, "put /lxc/101/config", mayBeRepeated: true),
        HalfMadeThing(.creation, "post /firewall/rules"),
        HalfMadeThing(.creation, "put /firewall/options"),
        HalfMadeThing(.creation, "post /cfd_tunnel"),
        HalfMadeThing(.creation, "put /configurations"),
        HalfMadeThing(.creation, "post /dns_records"),
    ]

    private static let changes = [
        HalfMadeThing(.change, "StopInstances"),
        HalfMadeThing(.change, "ModifyInstanceAttribute", mayBeRepeated: true),
        HalfMadeThing(.change, "StartInstances"),
        HalfMadeThing(.change, "ModifyVolume", mayBeRepeated: true),
        HalfMadeThing(.change, "post /config", mayBeRepeated: true),
        HalfMadeThing(.change, "post /status/reboot"),
        HalfMadeThing(.change, "put /resize"),
    ]

    private static let removals = [
        HalfMadeThing(.removal, "TerminateInstances"),
        HalfMadeThing(.removal, "DeleteVolume"),
        HalfMadeThing(.removal, "DeleteSecurityGroup"),
        HalfMadeThing(.removal, "post /status/shutdown"),
        HalfMadeThing(.removal, "delete /qemu/100"),
        HalfMadeThing(.removal, "delete /lxc/101"),
        HalfMadeThing(.removal, "delete /connections", mayBeRepeated: true),
        HalfMadeThing(.removal, "post /dns_records/batch"),
        HalfMadeThing(.removal, "delete /runners/"),
        HalfMadeThing(.removal, "delete /firewall/rules/0"),
        HalfMadeThing(.removal, "put /firewall/options"),
    ]
}

extension HTTPRequest {
    /// The body as text; empty where it is none.
    var form: String {
        if case .bytes(let bytes) = body { String(decoding: bytes, as: UTF8.self) } else { "" }
    }

    /// True for a request that `HalfMadeThing` names so.
    func matches(_ name: String) -> Bool {
        guard name.contains(" ") else {
            return form.split(separator: "&").contains("Action=\(name)")
        }
        let path = url.prefix { $0 != "?" }
        let parts = name.split(separator: " ", maxSplits: 1)
        guard "\(method)" == parts[0] else { return false }
        return parts[1].hasSuffix("/") ? path.contains(parts[1]) : path.hasSuffix(parts[1])
    }
}
