import HTTP

/// Where the state's objects are.
package struct S3Location: Hashable, Sendable {
    package let bucket: String
    /// `auto` for R2.
    package let region: String
    /// `nil` is AWS itself. R2's dashboard shows one with the bucket as its path; that is fine too.
    package let endpoint: String?

    package init(bucket: String, region: String, endpoint: String?) {
        self.bucket = bucket
        self.region = region
        self.endpoint = endpoint
    }

    func url(of key: String) -> String {
        "\(bucketURL)/\(key.percentEncoded(keeping: [UInt8(ascii: "/")]))"
    }

    func url(listing parameters: [(String, String)]) -> String {
        "\(bucketURL)/?\(formEncoded(parameters))"
    }

    /// A name with dots is no single label of a host name, so no certificate would match it; and
    /// few other stores have a host name for each bucket.
    private var bucketURL: String {
        guard let endpoint else {
            let host = "s3.\(region).\(partition.domain)"
            return bucket.contains(".") ? "https://\(host)/\(bucket)" : "https://\(bucket).\(host)"
        }
        var root = endpoint[...]
        while root.hasSuffix("/") { root.removeLast() }
        let hasBucket = root.hasSuffix("/\(bucket)") && !root.hasSuffix("//\(bucket)")
        return hasBucket ? String(root) : "\(root)/\(bucket)"
    }

    /// As policies name it.
    var arn: String { "arn:\(partition.name):s3:::\(bucket)" }

    var isR2: Bool {
        let host = endpoint?.split(separator: "/").dropFirst().first
        return host?.hasSuffix(".r2.cloudflarestorage.com") ?? false
    }

    private var partition: (name: String, domain: String) {
        if region.hasPrefix("cn-") { return ("aws-cn", "amazonaws.com.cn") }
        return (region.hasPrefix("us-gov-") ? "aws-us-gov" : "aws", "amazonaws.com")
    }
}
