/// `If-Match` and `If-None-Match` of a request.
///
/// <https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-requests.html>
struct S3Condition {
    private let match: String?
    private let noneMatch: String?

    /// No condition.
    init() {
        match = nil
        noneMatch = nil
    }

    init(_ request: SimulatedRequest) {
        match = request.header("if-match")
        noneMatch = request.header("if-none-match")
    }

    var isConditional: Bool { match != nil || noneMatch != nil }

    var comparesTag: Bool { match != nil }

    /// - Throws: `PreconditionFailed`, `NoSuchKey`, or `NotImplemented` for another
    ///   `If-None-Match` than `*`.
    func checkWrite(over current: SimulatedS3.Object?) throws {
        if let noneMatch {
            guard noneMatch == "*" else {
                throw AWSError(
                    "NotImplemented",
                    "A header you provided implies functionality that is not implemented",
                    status: 501)
            }
            guard current == nil else { throw Self.failed("If-None-Match") }
        }
        if let match {
            guard let current else {
                throw AWSError("NoSuchKey", "The specified key does not exist.", status: 404)
            }
            guard Self.names(match, current) else { throw Self.failed("If-Match") }
        }
    }

    /// - Throws: `PreconditionFailed`, or an error of status 304.
    func checkRead(of current: SimulatedS3.Object) throws {
        if let match, !Self.names(match, current) { throw Self.failed("If-Match") }
        if let noneMatch, Self.names(noneMatch, current) {
            throw AWSError("NotModified", "Not Modified", status: 304)
        }
    }

    private static func names(_ tag: String, _ object: SimulatedS3.Object) -> Bool {
        tag == "*" || tag == object.tag || "\"\(tag)\"" == object.tag
    }

    private static func failed(_ condition: String) -> AWSError {
        AWSError(
            "PreconditionFailed",
            "At least one of the pre-conditions you specified did not hold (\(condition))",
            status: 412)
    }
}
