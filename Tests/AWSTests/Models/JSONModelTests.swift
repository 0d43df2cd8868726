import Cryptography
import Foundation
import HTTP
import Resources
import Services
import Simulation
import TestSupport
import Testing

@testable import AWS

/// The JSON protocol's requests and answers, against AWS's own models: SSM, Budgets, Pricing.
@Suite(.enabled(if: MotoServer.python != nil, "\(Botocore.reason)"))
struct JSONModelTests {
    @Test func everyRequestIsAsBotocoreWritesIt() async throws {
        let requests = try await Self.budgetLife() + Self.imageAndPrices()
        let calls = requests.compactMap(BotocoreModel.Call.init)
        let operations = Set(calls.map { String($0.target.split(separator: ".")[1]) })
        #expect(
            operations.isSuperset(of: [
                "CreateBudget", "CreateNotification", "CreateSubscriber", "DeleteBudget",
                "DeleteNotification", "DeleteSubscriber", "DescribeBudget",
                "DescribeNotificationsForBudget", "DescribeSubscribersForNotification",
                "GetParameter", "GetProducts", "ListTagsForResource", "TagResource",
                "UpdateBudget",
            ]), "\(operations.sorted())")
        #expect(try BotocoreModel.problems(of: calls) == [])
    }

    /// Each answer has every member of its model, and members that no model has yet.
    @Test func everyAnswerIsReadAsItsModelHasIt() async throws {
        let names = [
            "ssm:GetParameter", "budgets:DescribeBudget", "budgets:ListTagsForResource",
            "budgets:DescribeNotificationsForBudget", "budgets:DescribeSubscribersForNotification",
        ]
        let answers = zip(names, try BotocoreModel.jsonAnswers(to: names)).map { name, text in
            let operation = name.split(separator: ":")[1]
            let service = name.hasPrefix("ssm") ? AWSService.ssm : .budgets
            // The first of two pages, and the last.
            let pages = [text, text.replacing(#""NextToken": "text""#, with: #""Next": 1"#)]
            return (
                "\(service.targetPrefix).\(operation)",
                pages.map { HTTPResponse(status: 200, body: Array($0.utf8)) }
            )
        }
        let http = RoutedHTTPClient(Dictionary(uniqueKeysWithValues: answers))
        try await scripted(http) { aws, _ in
            let api = aws.ec2.api
            let budgets = Budgets(
                api: api, account: AWSIdentity(account: "1", arn: "arn:aws:iam::1:user/x"))
            #expect(try await ImageSource(.ubuntu2404, .x86).currentID(api) == "text")
            #expect(try await budgets.budget("b")?["BudgetName"] == "text")
            #expect(try await budgets.tags(of: "b") == ["text": "text"])
            let notifications = try await budgets.notifications(of: "b")
            #expect(notifications.count == 2)
            #expect(notifications.map(\.subscribers) == [["text"], ["text"]])
            #expect(notifications.first?.0["ComparisonOperator"] == "GREATER_THAN")
        }
    }

    private static func budgetLife() async throws -> [HTTPRequest] {
        try await withVirtualTime { clock in
            let world = SimulatedWorld(
                time: clock, random: SeededRandom(seed: 3), digests: OpenSSLDigests()
            ) { _ in [:] }
            let recorder = RequestRecorder(world)
            var project = ProjectSpec(
                project: "demo",
                budget: BudgetSpec(
                    monthlyUSD: 50,
                    notify: ["ops@example.com", "arn:aws:sns:us-east-1:123456789012:bills"]))
            let aws = AWSProvider(
                project, environment: world.environment, http: recorder, time: clock,
                random: SeededRandom(seed: 1), digests: OpenSSLDigests())
            var made = try await aws.create(
                BudgetBlueprint().resources(for: project)[0], key: IdempotencyKey("k"))
            let edits: [@Sendable (inout BudgetSpec) -> Void] = [
                { $0.monthlyUSD = 80 }, { $0.notify = ["ops@example.com", "boss@example.com"] },
                { $0.alertAt = [50, 100] }, { $0.watched = .account },
            ]
            for edit in edits {
                if var budget = project.budget {
                    edit(&budget)
                    project.budget = budget
                }
                project.environment = "staging"
                made = try await aws.update(
                    made, to: BudgetBlueprint().resources(for: project)[0])
            }
            try await aws.delete(made)
            return recorder.requests
        }
    }

    private static func imageAndPrices() async throws -> [HTTPRequest] {
        let empty = HTTPResponse(status: 200, body: Array(#"{"PriceList":[]}"#.utf8))
        let more = HTTPResponse(
            status: 200, body: Array(#"{"PriceList":[],"NextToken":"more"}"#.utf8))
        let http = RoutedHTTPClient([
            "AWSPriceListService.GetProducts": [more, empty],
            "AmazonSSM.GetParameter": [.imageParameter("ami-1")],
            "DescribeSpotPriceHistory": [.xml("DescribeSpotPriceHistory")],
        ])
        try await scripted(http) { aws, clock in
            _ = try await ImageSource(.debian13, .arm).currentID(aws.ec2.api)
            _ = try await PriceCatalogue(
                configuration: AWSConfiguration(region: "eu-central-1", environment: [:]),
                credentials: EnvironmentCredentials([
                    "AWS_ACCESS_KEY_ID": "AKIDEXAMPLE", "AWS_SECRET_ACCESS_KEY": "secret",
                ]), http: http, time: clock, random: SeededRandom(seed: 1),
                digests: OpenSSLDigests()
            ).table(of: ["t3.small"])
        }
        return http.requests
    }
}

extension BotocoreModel.Call {
    /// `nil` for a request of another protocol.
    fileprivate init?(_ request: HTTPRequest) {
        let header = { (name: String) in request.headers.first { $0.name == name }?.value }
        guard case .bytes(let bytes) = request.body, let target = header("X-Amz-Target") else {
            return nil
        }
        self.init(
            target: target, contentType: header("Content-Type") ?? "",
            body: String(decoding: bytes, as: UTF8.self))
    }
}
