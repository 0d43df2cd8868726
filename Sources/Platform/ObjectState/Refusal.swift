import HTTP
import Resources

/// What a service says instead of doing what it was asked.
struct Refusal: Error, Hashable {
    let status: Int
    /// What to branch on; `nil` when the answer is not in the service's form, but a proxy's.
    let code: String?
    /// The service's code and words.
    let words: String
    /// Whether the answer had no body at all.
    let isBare: Bool
    /// Where the bucket is, when it was asked for elsewhere.
    let region: String?
    /// The wait that the server asks for.
    let retryAfter: Duration?

    init(_ response: HTTPResponse, code: String?, message: String?, region: String? = nil) {
        status = response.status
        self.code = code
        self.region = region
        isBare = response.body.isEmpty
        retryAfter = response.header("Retry-After").flatMap { Int($0) }.map { .seconds($0) }
        let said = message.flatMap { $0.isEmpty ? nil : ": \($0)" } ?? ""
        let line = response.reason.isEmpty ? "" : " \(response.reason)"
        words = code.map { "\($0)\(said)" } ?? "HTTP \(status)\(line)"
    }

    /// True when the same request may pass if it is sent again.
    var isTransient: Bool {
        [408, 429, 500, 502, 503, 504].contains(status)
            || code.map { Self.transientCodes.contains($0) } ?? false
    }

    /// Those that come with another status; as in botocore's `retries/standard.py`, and S3's own.
    private static let transientCodes: Set = [
        "ConditionalRequestConflict", "OperationAborted", "TransactionConflictException",
        "RequestTimeout", "RequestTimeoutException", "PriorRequestNotComplete",
        "Throttling", "ThrottlingException", "ThrottledException", "RequestThrottledException",
        "TooManyRequestsException", "ProvisionedThroughputExceededException",
        "TransactionInProgressException", "RequestLimitExceeded", "BandwidthLimitExceeded",
        "LimitExceededException", "RequestThrottled", "SlowDown", "EC2ThrottledException",
    ]
}
