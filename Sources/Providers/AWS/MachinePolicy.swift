import Resources

/// The least that a machine needs in AWS: it may be reached by Session Manager, which takes the
/// place of an SSH port, and may do nothing else. What a service needs beyond is added to its role.
///
/// <https://docs.aws.amazon.com/systems-manager/latest/userguide/getting-started-create-iam-instance-profile.html>
enum MachinePolicy {
    /// Only machines may have the role.
    static let trust: Value = [
        "Version": "2012-10-17",
        "Statement": [
            [
                "Effect": "Allow", "Principal": ["Service": "ec2.amazonaws.com"],
                "Action": "sts:AssumeRole",
            ]
        ],
    ]

    static let permissions: Value = [
        "Version": "2012-10-17",
        "Statement": [
            [
                "Effect": "Allow",
                "Action": [
                    "ssm:UpdateInstanceInformation", "ssmmessages:CreateControlChannel",
                    "ssmmessages:CreateDataChannel", "ssmmessages:OpenControlChannel",
                    "ssmmessages:OpenDataChannel",
                ],
                "Resource": "*",
            ]
        ],
    ]
}

/// The name of a service's role and profile: at most 64 characters, and no other service's.
struct ProfileName {
    private static let longest = 64

    let text: String

    init(_ project: String, _ service: String) {
        let whole = "launch-\(project)-\(service)"
        guard whole.count > Self.longest else {
            text = whole
            return
        }
        let mark = String(Self.fowlerNollVo(whole), radix: 16)
        text = "\(whole.prefix(Self.longest - mark.count - 1))-\(mark)"
    }

    /// FNV-1a, <https://datatracker.ietf.org/doc/html/rfc9923>: tells names apart, no more.
    private static func fowlerNollVo(_ text: String) -> UInt32 {
        text.utf8.reduce(2_166_136_261) { ($0 ^ UInt32($1)) &* 16_777_619 }
    }
}
