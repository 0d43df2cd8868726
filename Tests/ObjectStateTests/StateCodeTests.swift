import HTTP
import Journal
import Resources
import TestSupport
import Testing

@testable import ObjectState

/// What becomes of each code with which S3 and DynamoDB may answer, whatever they were asked.
@Suite struct StateCodeTests {
    enum Outcome: Hashable, Sendable {
        /// The condition did not hold; who asked decides what that means.
        case refused
        case nothing
        /// What a person reads.
        case complaint(String)
    }

    struct Case: Sendable, CustomTestStringConvertible {
        let code: String
        let status: Int
        /// What becomes of a read and of a write on condition.
        let reading: Outcome
        let writing: Outcome
        var testDescription: String { code }

        init(_ code: String, _ status: Int, reading: Outcome, writing: Outcome) {
            self.code = code
            self.status = status
            self.reading = reading
            self.writing = writing
        }

        /// One that means the same for both.
        init(_ code: String, _ status: Int, _ complaint: String) {
            self.init(code, status, reading: .complaint(complaint), writing: .complaint(complaint))
        }
    }

    private static let unusable = "the state store cannot be used"
    private static let correct = "Correct `state` in launch.yaml by what"
    private static let check = "Check the endpoint and the network, then run it again."

    private static func silence(_ place: String, _ code: String) -> String {
        "\(place): the state store does not answer: \(code): Some words. \(check)"
    }

    private static let transient = [
        "RequestTimeout", "RequestTimeoutException", "PriorRequestNotComplete", "Throttling",
        "ThrottlingException", "ThrottledException", "RequestThrottledException",
        "TooManyRequestsException", "ProvisionedThroughputExceededException",
        "TransactionInProgressException", "RequestLimitExceeded", "BandwidthLimitExceeded",
        "LimitExceededException", "RequestThrottled", "SlowDown", "EC2ThrottledException",
    ]

    private static let clock = """
        a clock is wrong: this machine's is 0 s ahead of %'s Set the clock, for example with \
        `timedatectl set-ntp true`.
        """
    private static let key = """
        Check the secret key that goes with AWS_ACCESS_KEY_ID: it is another key's.
        """

    static let s3 =
        [
            Case(
                "PreconditionFailed", 412,
                reading: .complaint(
                    "s3://b: \(unusable): PreconditionFailed: Some words. \(correct) S3 says."),
                writing: .refused),
            Case("NoSuchKey", 404, reading: .nothing, writing: .refused),
            Case(
                "ConditionalRequestConflict", 409, silence("s3://b", "ConditionalRequestConflict")),
            Case(
                "RequestTimeTooSkewed", 403,
                "s3://b: \(clock.replacing("%", with: "S3"))"),
            Case("RequestExpired", 400, "s3://b: \(clock.replacing("%", with: "S3"))"),
            Case(
                "SignatureDoesNotMatch", 403,
                "s3://b: \(unusable): SignatureDoesNotMatch: Some words. \(key)"),
        ] + transient.map { Case($0, 400, silence("s3://b", $0)) }

    static let dynamoDB =
        [
            Case(
                "ConditionalCheckFailedException", 400,
                reading: .complaint(
                    "dynamodb://locks: \(unusable): ConditionalCheckFailedException: Some words. "
                        + "\(correct) DynamoDB says."),
                writing: .refused)
        ] + transient.map { Case($0, 400, silence("dynamodb://locks", $0)) }

    @Test(arguments: s3) func aBucketsCodeMeansSomething(_ example: Case) async throws {
        let answer = HTTPResponse.s3(example.code, status: example.status)
        try await expect(example, answering: answer) { bench in
            let storage = bench.storage()
            return (
                { try await storage.get("k") },
                { try await storage.put("k", [1], if: .tag("\"1\"")) }
            )
        }
    }

    @Test(arguments: dynamoDB) func aTablesCodeMeansSomething(_ example: Case) async throws {
        let answer = HTTPResponse.refused(example.code, status: example.status)
        try await expect(example, answering: answer) { bench in
            let register = try bench.register()
            return (
                { try await register.get() }, { try await register.put([1], if: .tag("v")) }
            )
        }
    }

    /// Of what the facts say on retrying, all but what only STS answers.
    @Test(.enabled(if: AWSFacts.isThere, "\(AWSFacts.reason)"))
    func everyCodeOfTheFactsIsInATable() {
        let named = AWSFacts.errorCodes { title in
            AWSFacts.isAboutState(title) || ["Retrying", "SigV4"].contains { title.hasPrefix($0) }
        }
        #expect(named.count > 20)
        let known = Set((Self.s3 + Self.dynamoDB).map(\.code)).union(["IDPCommunicationError"])
        #expect(named.subtracting(known) == [])
    }

    private typealias Calls = (
        get: @Sendable () async throws -> StoredObject?,
        put: @Sendable () async throws -> WriteResult
    )

    private func expect(
        _ example: Case, answering answer: HTTPResponse,
        _ calls: @escaping @Sendable (Bench) throws -> Calls
    ) async throws {
        let (reading, writing) = try await scripted(ScriptedHTTPClient(always: answer)) { bench in
            let calls = try calls(bench)
            return (
                try await Self.outcome { try await calls.get() == nil ? .nothing : nil },
                try await Self.outcome { try await calls.put() == .refused ? .refused : nil }
            )
        }
        #expect(reading == example.reading)
        #expect(writing == example.writing)
    }

    private static func outcome(
        of call: @Sendable () async throws -> Outcome?
    ) async throws -> Outcome? {
        do {
            return try await call()
        } catch let error as StateError {
            return .complaint("\(error) \(error.remedy)")
        }
    }
}
