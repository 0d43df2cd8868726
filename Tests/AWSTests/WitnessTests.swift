import Foundation
import HTTP
import Resources
import Simulation
import TestSupport
import Testing

@testable import AWS

/// Who changed what, by CloudTrail.
@Suite struct WitnessTests {
    private static let machine = Address(service: "web", kind: Instance.kind.name)
    private static let target =
        "com.amazonaws.cloudtrail.v20131101.CloudTrail_20131101.LookupEvents"
    private static let left = Date(timeIntervalSince1970: 1_790_000_000)

    private static func object(
        _ number: Int = 1, _ kind: KindName = Instance.kind.name, since: Date? = left
    ) -> ChangedObject {
        ChangedObject(
            Address(service: "web\(number)", kind: kind), id: "i-\(number)", since: since)
    }

    private static func event(
        _ user: String, at seconds: Int, isRead: Bool = false, _ record: Value = [:]
    ) -> Value {
        [
            "EventName": "StopInstances", "Username": .string(user),
            "EventTime": .integer(seconds), "ReadOnly": .string(String(isRead)),
            "CloudTrailEvent": .string(record.jsonText()),
        ]
    }

    private static func page(_ events: [Value], next: String? = nil) -> HTTPResponse {
        var members: [String: Value] = ["Events": .list(events)]
        members["NextToken"] = next.map(Value.string)
        return .json(Value.object(members).jsonText())
    }

    private static func changes(
        of objects: [ChangedObject], _ http: any HTTPClient
    ) async throws -> (changes: [Address: Attribution], seconds: TimeInterval) {
        try await scripted(http) { aws, clock in
            let start = clock.now()
            let changes = await aws.lastChanges(of: objects, at: start)
            return (changes, clock.now().timeIntervalSince(start))
        }
    }

    /// Looks, refused calls and Launch's own calls changed nothing that it would not know.
    @Test func theLatestForeignChangeCounts() async throws {
        let http = ScriptedHTTPClient(
            Self.page(
                [
                    Self.event("reader", at: 1_790_000_900, isRead: true),
                    Self.event(
                        "mallory", at: 1_790_000_800, ["errorCode": "Client.UnauthorizedOperation"]),
                    Self.event("ci", at: 1_790_000_700, ["userAgent": "[launch]"]),
                ], next: "more"),
            Self.page([
                Self.event("alice", at: 1_790_000_600, ["userAgent": "Mozilla/5.0"]),
                Self.event("bob", at: 1_790_000_500),
            ]))
        let object = Self.object()
        let (changes, _) = try await Self.changes(of: [object], http)
        #expect(
            changes == [
                object.address: Attribution(
                    by: "alice", at: Date(timeIntervalSince1970: 1_790_000_600))
            ])
        #expect(
            http.requests.map(\.url)
                == Array(repeating: "https://cloudtrail.eu-central-1.amazonaws.com/", count: 2))
        #expect(http.requests.map(\.operation) == [Self.target, Self.target])
        let first: Value = [
            "LookupAttributes": [["AttributeKey": "ResourceName", "AttributeValue": "i-1"]],
            "StartTime": 1_790_000_000,
        ]
        var second = first.object ?? [:]
        second["NextToken"] = "more"
        #expect(try http.requests.map(Self.input) == [first, .object(second)])
    }

    private static func input(_ request: HTTPRequest) throws -> Value? {
        guard case .bytes(let bytes) = request.body else { return nil }
        return try JSONDecoder().decode(Value.self, from: Data(bytes))
    }

    /// Twice a second, no more than twenty times, and what was left last comes first.
    @Test func lookupsAreFewAndSlow() async throws {
        let objects = (1...30).map {
            Self.object($0, since: Self.left.addingTimeInterval(Double($0)))
        }
        let http = RoutedHTTPClient([Self.target: [Self.page([])]])
        let (changes, seconds) = try await Self.changes(of: objects, http)
        #expect(changes == [:])
        #expect(http.requests.count == 20 && seconds == 9)
        let last = try #require(try http.requests.first.flatMap(Self.input))
        #expect(last["LookupAttributes"]?.list?.first?["AttributeValue"] == "i-30")

        let endless = RoutedHTTPClient([Self.target: [Self.page([], next: "more")]])
        _ = try await Self.changes(of: objects, endless)
        #expect(endless.requests.count == 20)
    }

    @Test func whatTheTrailHasUnderAnotherNameIsNotAskedFor() async throws {
        let http = ScriptedHTTPClient([])
        let objects = [InstanceProfile.kind, Budget.kind].map { Self.object(1, $0.name) }
        #expect(try await Self.changes(of: objects, http).changes == [:])
        #expect(http.requests.count == 0)
    }

    /// What was found before it stays.
    @Test func aRefusalLeavesItOpen() async throws {
        let refusal = HTTPResponse.json(
            #"{"__type":"AccessDeniedException","Message":"no"}"#, status: 400)
        let http = ScriptedHTTPClient(
            Self.page([Self.event("alice", at: 1_790_000_600)]), refusal)
        let objects = (1...3).map { Self.object($0) }
        let (changes, _) = try await Self.changes(of: objects, http)
        #expect(changes.values.map(\.by) == ["alice"])
        #expect(http.requests.count == 2)
    }

    /// An event without a name would put the blame on somebody earlier.
    @Test func anOddAnswerLeavesItOpen() async throws {
        let nameless: Value = ["EventTime": 1_790_000_700]
        for answer in [
            Self.page([nameless, Self.event("bob", at: 1_790_000_500)]), .json("{}"),
            .json("<html>"),
        ] {
            let http = ScriptedHTTPClient(answer)
            #expect(try await Self.changes(of: [Self.object()], http).changes == [:])
        }
    }
}
