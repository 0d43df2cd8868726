import Foundation
import HTTP
import Journal
import Resources
import TestSupport
import Testing

@testable import ObjectState

@Suite struct DynamoDBRegisterTests {
    private static let unusable = "dynamodb://locks: the state store cannot be used: "
    private static let creation =
        """
        aws dynamodb create-table --region eu-central-1 --table-name locks \
        --attribute-definitions AttributeName=LockID,AttributeType=S \
        --key-schema AttributeName=LockID,KeyType=HASH --billing-mode PAY_PER_REQUEST
        """
    private static let head = [
        "POST https://dynamodb.eu-central-1.amazonaws.com/",
        "Content-Type: application/x-amz-json-1.0",
    ]

    @Test func readsTheLatestVersion() async throws {
        let http = ScriptedHTTPClient(
            .json(#"{"Item":{"LockID":{"S":"x"},"Document":{"S":"{ä}"},"Version":{"S":"v"}}}"#))
        let object = try await scripted(http) { try await $0.register().get() }
        #expect(object == StoredObject(bytes: Array("{ä}".utf8), tag: "v"))
        #expect(
            http.requests.map(\.lines) == [
                Self.head + [
                    "X-Amz-Target: DynamoDB_20120810.GetItem",
                    #"{"ConsistentRead":true,"Key":{"LockID":{"S":"b/state.json.launch-leases"}},"#
                        + #""TableName":"locks"}"#,
                ]
            ])
    }

    @Test func nothingIsThereToBeRead() async throws {
        let http = ScriptedHTTPClient(.json("{}"))
        let object = try await scripted(http) { try await $0.register().get() }
        #expect(object == nil)
    }

    @Test(arguments: [
        (WriteCondition.absent, #""ConditionExpression":"attribute_not_exists(LockID)","#),
        (
            .tag("v"),
            #""ConditionExpression":"Version = :seen","#
                + #""ExpressionAttributeValues":{":seen":{"S":"v"}},"#
        ),
    ])
    func writesOnCondition(_ condition: WriteCondition, _ expression: String) async throws {
        let http = ScriptedHTTPClient(.json("{}"))
        let result = try await scripted(http) {
            try await $0.register().put(Array(#"{"a":1}"#.utf8), if: condition)
        }
        guard case .written(let version) = result else {
            Issue.record("\(result)")
            return
        }
        #expect(version.count == 32)
        #expect(
            http.requests.map(\.lines) == [
                Self.head + [
                    "X-Amz-Target: DynamoDB_20120810.PutItem",
                    "{\(expression)"
                        + #""Item":{"Document":{"S":"{\"a\":1}"},"#
                        + #""LockID":{"S":"b/state.json.launch-leases"},"#
                        + #""Version":{"S":"\#(version)"}},"TableName":"locks"}"#,
                ]
            ])
    }

    @Test func whatIsNoTextIsKeptToo() async throws {
        let http = ScriptedHTTPClient(
            .json("{}"), .json(#"{"Item":{"Document":{"B":"/wA="},"Version":{"S":"v"}}}"#))
        let object = try await scripted(http) { bench in
            let register = try bench.register()
            _ = try await register.put([0xFF, 0], if: .absent)
            return try await register.get()
        }
        #expect(object?.bytes == [0xFF, 0])
        #expect(http.requests[0].text.contains(#""Document":{"B":"/wA="}"#))
    }

    @Test func aConditionThatDoesNotHoldIsNoError() async throws {
        let http = ScriptedHTTPClient(.refused("ConditionalCheckFailedException"))
        let result = try await scripted(http) { try await $0.register().put([], if: .absent) }
        #expect(result == .refused)
    }

    @Test func whatPassesIsTriedAgain() async throws {
        let http = ScriptedHTTPClient(
            .refused("ProvisionedThroughputExceededException"), .refused("ThrottlingException"),
            .refused("InternalServerError", status: 500), .json("{}"))
        let object = try await scripted(http) { try await $0.register().get() }
        #expect(object == nil)
        #expect(http.requests.count == 4)
    }

    @Test func anItemOfAnotherFormIsNotTakenForNone() async throws {
        let http = ScriptedHTTPClient(.json(#"{"Item":{"LockID":{"S":"x"},"Info":{"S":"{}"}}}"#))
        let complaint = try await scripted(http) { bench in
            try await failure { try await bench.register().get() }
        }
        #expect(
            complaint == """
                dynamodb://locks: the state cannot be read: the item \
                b/state.json.launch-leases has no Document and Version \
                Restore it from a backup, or move it away: objects are found again by their \
                marks.
                """)
    }

    @Test func whatNoItemCanHoldIsNotSent() async throws {
        let http = ScriptedHTTPClient()
        let complaint = try await scripted(http) { bench in
            try await failure {
                try await bench.register().put(Array(repeating: 0x20, count: 409_600), if: .absent)
            }
        }
        #expect(
            complaint == """
                dynamodb://locks: the state cannot be written: the item would have \
                409679 bytes; DynamoDB takes 409600 \
                Free space or grant access to that place, then run it again.
                """)
        #expect(http.requests.isEmpty)
    }

    private static let failures: [(HTTPResponse, String)] = [
        (
            HTTPResponse.refused("ResourceNotFoundException"),
            "\(unusable)there is no table \"locks\" in eu-central-1 Create it with `\(creation)`."
        ),
        (
            .refused("ValidationException"),
            """
            \(unusable)ValidationException: Some words. Name a table in `state.lock_table` whose \
            only key is the text LockID, as made by `\(creation)`.
            """
        ),
        (
            .refused("AccessDeniedException"),
            """
            \(unusable)AccessDeniedException: Some words. Grant dynamodb:GetItem on the table \
            locks to the credentials from AWS_ACCESS_KEY_ID.
            """
        ),
        (
            .refused("UnrecognizedClientException"),
            """
            \(unusable)UnrecognizedClientException: Some words. Check the credentials from \
            AWS_ACCESS_KEY_ID: DynamoDB does not know them.
            """
        ),
        (
            HTTPResponse(status: 200, body: Array("<html/>".utf8)),
            """
            \(unusable)the answer to GetItem is unreadable, and not in the form of DynamoDB Check \
            AWS_ENDPOINT_URL_DYNAMODB, and that no proxy answers in DynamoDB's place.
            """
        ),
        (
            HTTPResponse(status: 403, reason: "Forbidden", body: Array("<html/>".utf8)),
            """
            \(unusable)the answer is HTTP 403 Forbidden, and not in the form of DynamoDB Check \
            AWS_ENDPOINT_URL_DYNAMODB, and that no proxy answers in DynamoDB's place.
            """
        ),
    ]

    @Test(arguments: failures)
    func saysWhatHelps(_ answer: HTTPResponse, _ expected: String) async throws {
        let http = ScriptedHTTPClient(answer)
        let complaint = try await scripted(http) { bench in
            try await failure { try await bench.register().get() }
        }
        #expect(complaint == expected)
    }
}
