import HTTP

/// The bucket and the key that a request is about.
struct S3Target: Hashable {
    let bucket: String
    /// Empty for the bucket itself.
    let key: String

    init(bucket: String) {
        self.bucket = bucket
        key = ""
    }

    /// From a virtual host (`<bucket>.s3.<region>.amazonaws.com/<key>`) or a path
    /// (`/<bucket>/<key>`).
    init(_ request: SimulatedRequest) {
        let path = request.path.dropFirst()
        if let service = Self.service(in: request.host), service.lowerBound > 0 {
            bucket = Self.labels(of: request.host)[..<service.lowerBound].joined(separator: ".")
            key = String(path).percentDecoded
        } else {
            bucket = String(path.prefix { $0 != "/" })
            key = String(path.dropFirst(bucket.count + 1)).percentDecoded
        }
    }

    var arn: String { "arn:aws:s3:::\(bucket)" + (key.isEmpty ? "" : "/\(key)") }

    /// The region that a host names; the one without is `us-east-1`.
    ///
    /// - Returns: `nil` for a host that is not S3's own, such as a loopback address.
    static func region(of host: String) -> String? {
        guard let service = service(in: host) else { return nil }
        return service.count > 1 ? labels(of: host)[service.upperBound - 1] : "us-east-1"
    }

    /// Where `s3` and the region stand among the host's labels.
    private static func service(in host: String) -> Range<Int>? {
        let labels = labels(of: host)
        guard labels.suffix(2) == ["amazonaws", "com"], let start = labels.lastIndex(of: "s3")
        else { return nil }
        return start..<labels.count - 2
    }

    private static func labels(of host: String) -> [String] {
        host.split(separator: ".").map(String.init)
    }
}
