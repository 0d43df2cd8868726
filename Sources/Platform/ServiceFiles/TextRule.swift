import Foundation

/// Text of a certain form. The schema and the reader use the same pattern.
package struct TextRule: Sendable {
    /// What is allowed, to follow "must be".
    let meaning: String
    /// A regular expression of the kind that JSON Schema knows, anchored at both ends.
    let pattern: String
    let longest: Int
    private let expression: NSRegularExpression?

    init(_ meaning: String, _ pattern: String, longest: Int = 255) {
        self.meaning = meaning
        self.pattern = pattern
        self.longest = longest
        expression = try? NSRegularExpression(pattern: pattern)
    }

    func accepts(_ text: String) -> Bool {
        let whole = NSRange(location: 0, length: text.utf16.count)
        return text.count <= longest
            && expression?.rangeOfFirstMatch(in: text, range: whole) == whole
    }
}

extension TextRule {
    /// A colon and a number from 1 to 65535.
    private static let port =
        "(:([1-9][0-9]{0,3}|[1-5][0-9]{4}|6[0-4][0-9]{3}|65[0-4][0-9]{2}|655[0-2][0-9]|6553[0-5]))"

    static let projectName = TextRule(
        "a name of small letters, digits and hyphens, at most 32 long, that begins with a letter",
        "^[a-z][a-z0-9-]{0,31}$")
    static let serviceName = TextRule(
        "a name of small letters, digits and hyphens, at most 31 long, that begins with a letter"
            + " and does not end with a hyphen",
        "^[a-z]([a-z0-9-]{0,29}[a-z0-9])?$")
    static let environmentName = TextRule(
        "a name of small letters, digits and hyphens, at most 31 long, that begins with a letter",
        "^[a-z][a-z0-9-]{0,30}$")
    private static let dnsName =
        "([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\\.)+[a-z]([a-z0-9-]{0,61}[a-z0-9])?"
    static let domain = TextRule(
        "a DNS name in small letters such as example.com", "^\(dnsName)$", longest: 253)
    static let hostname = TextRule(
        "a DNS name in small letters such as chat.example.com, or *.example.com for all names there",
        "^(\\*\\.)?\(dnsName)$", longest: 253)
    static let repository = TextRule(
        "a GitHub owner/name such as example/services",
        "^[A-Za-z0-9]([A-Za-z0-9-]{0,38})/[A-Za-z0-9._-]{1,100}$")
    static let branch = TextRule(
        "a branch's name", "^[A-Za-z0-9][A-Za-z0-9._/-]*$", longest: 100)
    static let action = TextRule(
        "an action as owner/name@COMMIT with all 40 digits of the commit, or ./ and a path",
        "^([A-Za-z0-9-]{1,39}(/[A-Za-z0-9._-]{1,100})+@[0-9a-f]{40}|\\./[A-Za-z0-9._/-]*)$",
        longest: 300)
    static let secretName = TextRule(
        "a name of capital letters, digits and underscores that does not begin with a digit or"
            + " GITHUB_",
        "^(?!GITHUB_)[A-Z_][A-Z0-9_]*$")
    static let variableName = TextRule(
        "the name of an environment variable", "^[A-Za-z_][A-Za-z0-9_]*$")
    static let urlPath = TextRule(
        "a path that begins with /", "^/[A-Za-z0-9._~!$&'()*+,;=:@%/?-]*$", longest: 1024)
    static let httpsURL = TextRule(
        "an https URL such as https://pve.lan:8006",
        "^https://([A-Za-z0-9.-]+|\\[[0-9A-Fa-f:.]+\\])\(port)?(/[^\\s?#]*)?$",
        longest: 1024)
    static let httpURL = TextRule(
        "an http or https URL such as https://s3.example.com",
        "^https?://([A-Za-z0-9.-]+|\\[[0-9A-Fa-f:.]+\\])\(port)?(/[^\\s?#]*)?$",
        longest: 1024)
    static let filePath = TextRule(
        "a path", "^[^\\u0000-\\u001F\\u007F]+$", longest: 1024)
    static let bucket = TextRule(
        "a bucket name: 3 to 63 small letters, digits, hyphens and dots",
        "^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$")
    static let objectKey = TextRule(
        "an object's key such as launch/state.json", "^[A-Za-z0-9!_.*'()-][A-Za-z0-9!_.*'()/-]*$",
        longest: 1024)
    static let region = TextRule(
        "a region such as us-east-1, or auto", "^([a-z]{2}(-[a-z]+)+-[0-9]+|auto)$")
    static let tableName = TextRule(
        "a DynamoDB table's name", "^[A-Za-z0-9_.-]{3,255}$")
    static let leaseLifetime = TextRule(
        "a time from 5s to 10m, such as 60s",
        "^(([5-9]|[1-9][0-9]|[1-5][0-9]{2}|600)s|([1-9]|10)m)$")
    static let grace = TextRule(
        "a time such as 90m, 24h or 0s", "^[0-9]{1,7}[smh]$")
    static let kmsKey = TextRule(
        "a KMS key's id, ARN or alias", "^[A-Za-z0-9:/_-]+$", longest: 2048)
    static let subnet = TextRule(
        "default, or the id of a subnet or a VPC such as subnet-0a1b2c3d",
        "^(default|(subnet|vpc)-[0-9a-f]{8,17})$")
    static let instanceProfile = TextRule(
        "the name of an instance profile", "^[A-Za-z0-9+=,.@_-]{1,128}$")
    static let subscriber = TextRule(
        "a mail address, or an SNS topic's ARN",
        "^([^@:\\s]+@[^@:\\s]+|arn:aws[a-z-]*:sns:[a-z0-9-]+:[0-9]{12}:[A-Za-z0-9_-]+)$")
    static let address = TextRule(
        "an object's address such as web/aws.instance",
        "^[a-z_][a-z0-9-]*/[a-z]+\\.[a-z_]+(/[^\\s]+)?$", longest: 400)
    static let fieldName = TextRule("a field's name such as instance_type", "^[a-z][a-z0-9_]*$")
    static let day = TextRule(
        "a day such as 2027-01-31",
        "^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$")
    static let remark = TextRule(
        "a line of text", "^[^\\u0000-\\u001F\\u007F]+$", longest: 200)
    static let fingerprint = TextRule(
        "a certificate's SHA-256 fingerprint: 64 hexadecimal digits, colons allowed",
        "^([0-9A-Fa-f]{2}:?){31}[0-9A-Fa-f]{2}$")
    static let node = TextRule(
        "auto or a Proxmox node's name", "^[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?$")
    static let storage = TextRule(
        "a Proxmox storage's name", "^[A-Za-z][A-Za-z0-9_.-]*[A-Za-z0-9]$")
    static let bridge = TextRule(
        "a network bridge such as vmbr0", "^[A-Za-z][A-Za-z0-9_.-]{0,14}$")
}
