import Foundation
import HTTP
import Journal
import Resources
import TestSupport
import Testing

@testable import ObjectState

/// What the state's clients send and read, against AWS's own models of its services.
@Suite(.enabled(if: BotocoreModel.isInstalled, "\(BotocoreModel.reason)"))
struct ModelTests {
    private static let wrapped = WrappedKey(
        id: "1", wrapped: "d3JhcHBlZA==", source: .kms(keyID: "alias/launch"))
    private static let written = HTTPResponse(status: 200, headers: [HTTPHeader("ETag", "\"2\"")])
    private static let page = HTTPResponse.json(
        """
        <ListBucketResult><IsTruncated>true</IsTruncated>\
        <NextContinuationToken>a+/=</NextContinuationToken></ListBucketResult>
        """)
    private static let lastPage = HTTPResponse.json(
        "<ListBucketResult><IsTruncated>false</IsTruncated></ListBucketResult>")

    // MARK: - Requests

    /// Every operation that the sources name is called, and is one that botocore would write.
    @Test func everyJSONRequestIsAsBotocoreWritesIt() async throws {
        let sent = try await Self.sent(answering: Array(repeating: .json("{}"), count: 5)) {
            bench in
            let register = try bench.register()
            _ = try await register.get()
            _ = try await register.put(Array("{}".utf8), if: .absent)
            _ = try await register.put([0xFF, 0], if: .tag("v"))
            _ = try await failure { try await bench.wrapping().makeKey() }
            _ = try await failure { try await bench.wrapping().unwrap(Self.wrapped, location: "l") }
        }
        let requests = sent.compactMap { BotocoreModel.Request($0) }
        #expect(requests.count == 5)
        let named = try BotocoreModel.operations(
            of: ["dynamodb", "kms"], namedIn: "Sources/Platform/ObjectState")
        #expect(named == ["Decrypt", "GenerateDataKey", "GetItem", "PutItem"])
        #expect(named == Set(requests.map(\.operation)))
        #expect(try BotocoreModel.problems(of: requests) == [])
    }

    private struct Call: Sendable {
        let kind: S3Operation
        /// As the model calls it.
        let operation: String
        let answers: [HTTPResponse]
        let run: @Sendable (Bench) async throws -> Void
    }

    private static let calls = [
        Call(kind: .get, operation: "GetObject", answers: [.object("{}")]) {
            _ = try await $0.storage().get("my state/é+.json")
        },
        Call(kind: .create, operation: "PutObject", answers: [written]) {
            _ = try await $0.storage().put("a/b", Array("{}".utf8), if: .absent)
        },
        Call(kind: .create, operation: "PutObject", answers: [written]) {
            _ = try await $0.storage(encryption: .managed).put("k", [], if: .absent)
        },
        Call(kind: .replace, operation: "PutObject", answers: [written]) {
            _ = try await $0.storage(encryption: .kms(keyID: "alias/k"))
                .put("k", Array("{ä}".utf8), if: .tag("\"1\""))
        },
        Call(kind: .list, operation: "ListObjectsV2", answers: [page, lastPage]) {
            _ = try await $0.storage().list("my journal/", after: "my journal/é&+")
        },
        Call(kind: .list, operation: "ListObjectsV2", answers: [lastPage]) {
            _ = try await $0.storage().list("j/", after: nil, limit: 7)
        },
        Call(kind: .delete, operation: "DeleteObject", answers: [written]) {
            try await $0.storage().delete("a/b")
        },
    ]

    @Test func everyRequestToABucketIsAsBotocoreWritesIt() async throws {
        #expect(Set(Self.calls.map(\.kind)) == Set(S3Operation.allCases))
        var requests: [BotocoreModel.Request] = []
        for call in Self.calls {
            requests += try await Self.sent(answering: call.answers, call.run).map {
                BotocoreModel.Request($0, service: "s3", operation: call.operation)
            }
        }
        #expect(requests.count == 8)
        #expect(try BotocoreModel.problems(of: requests) == [])
    }

    private static func sent(
        answering answers: [HTTPResponse],
        _ body: @escaping @Sendable (Bench) async throws -> Void
    ) async throws -> [HTTPRequest] {
        let http = ScriptedHTTPClient(
            answers.map { answer -> ScriptedHTTPClient.Answer in { _ in answer } })
        try await scripted(http) { try await body($0) }
        return http.requests
    }

    // MARK: - Answers

    @Test func aListIsReadAsItsModelHasIt() async throws {
        let answer = try Self.answer(to: "s3:ListObjectsV2")
        let listed = try await scripted(ScriptedHTTPClient(answer)) {
            try await $0.storage().list("", after: nil)
        }
        #expect(listed == [ListedObject(key: "text", size: 7)])
    }

    @Test func aKeyIsReadAsItsModelHasIt() async throws {
        let bytes = [UInt8](0..<32)
        let http = ScriptedHTTPClient(
            try Self.answer(to: "kms:GenerateDataKey"), try Self.answer(to: "kms:Decrypt"))
        let (made, back) = try await scripted(http) { bench in
            let wrapping = try bench.wrapping()
            let made = try await wrapping.makeKey()
            return (made, try await wrapping.unwrap(made.wrapped, location: "l"))
        }
        #expect(made.key == bytes)
        #expect(made.wrapped.wrapped == Data(bytes).base64EncodedString())
        #expect(made.wrapped.source == .kms(keyID: "text"))
        #expect(back == bytes)
    }

    /// The names of attributes are the table's, so the answer has one that is no one's.
    @Test func anItemIsReadAsItsModelHasIt() async throws {
        let answer = try #require(Self.answer(to: "dynamodb:GetItem").json)
        let attribute = try #require(answer["Item"]?["text"])
        var members = answer.object ?? [:]
        members["Item"] = ["LockID": attribute, "Document": attribute, "Version": attribute]
        let http = ScriptedHTTPClient(.json(Value.object(members).jsonText()), .json("{}"))
        let object = try await scripted(http) { try await $0.register().get() }
        #expect(object == StoredObject(bytes: Array("text".utf8), tag: "text"))
    }

    @Test func aWrittenItemIsReadAsItsModelHasIt() async throws {
        let http = ScriptedHTTPClient(try Self.answer(to: "dynamodb:PutItem"))
        let result = try await scripted(http) { try await $0.register().put([1], if: .absent) }
        guard case .written = result else {
            Issue.record("\(result)")
            return
        }
    }

    private static func answer(to operation: String) throws -> HTTPResponse {
        .json(try #require(BotocoreModel.answers(to: [operation]).first))
    }
}
