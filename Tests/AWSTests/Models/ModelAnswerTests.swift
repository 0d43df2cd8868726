import Cryptography
import Foundation
import HTTP
import Resources
import Services
import Simulation
import TestSupport
import Testing
import XMLCoder

@testable import AWS

/// The reading of answers that have every member of AWS's own models, and members that no model
/// has yet.
@Suite(.enabled(if: BotocoreModel.isInstalled, "\(BotocoreModel.reason)"))
struct ModelAnswerTests {
    /// Whose answer says something that is read, and has its check here or below.
    @Test func everyAnswerThatIsReadIsChecked() throws {
        let named = try BotocoreModel.operations(
            of: ["ec2", "iam", "sts", "ssm", "budgets", "pricing", "cloudtrail"],
            namedIn: "Sources/Providers/AWS", except: ["AWSPolicy.swift"])
        let checked = AnswerReading.all.map(\.operation) + Self.documents + Self.wholes
        let names = Set(checked.map { String($0.split(separator: ":")[1]) })
        #expect(names.isDisjoint(with: Self.unread))
        #expect(named.symmetricDifference(names.union(Self.unread)) == [])
    }

    /// Those that say no more than that it is done.
    private static let unread: Set = [
        "AssociateAddress", "AssociateIamInstanceProfile", "AttachInternetGateway",
        "AttachVolume", "AuthorizeSecurityGroupEgress", "AuthorizeSecurityGroupIngress",
        "CreateRoute", "CreateTags", "DeleteInternetGateway", "DeleteSecurityGroup",
        "DeleteSubnet", "DeleteTags", "DeleteVolume", "DeleteVpc", "DetachInternetGateway",
        "DetachVolume",
        "DisassociateAddress", "ModifyInstanceAttribute", "ModifyInstanceMetadataOptions",
        "ModifySubnetAttribute", "ModifyVolume", "RebootInstances", "ReleaseAddress",
        "ReplaceIamInstanceProfileAssociation", "RevokeSecurityGroupEgress",
        "RevokeSecurityGroupIngress", "StartInstances", "StopInstances", "TerminateInstances",
        // IAM
        "AddRoleToInstanceProfile", "CreateInstanceProfile", "CreateRole",
        "DeleteInstanceProfile", "DeleteRole", "DeleteRolePolicy", "DetachRolePolicy",
        "PutRolePolicy", "RemoveRoleFromInstanceProfile", "TagRole",
        "UntagInstanceProfile", "UntagRole", "UpdateAssumeRolePolicy",
        // Budgets
        "CreateBudget", "CreateNotification", "CreateSubscriber", "DeleteBudget",
        "DeleteNotification", "DeleteSubscriber", "TagResource", "UpdateBudget",
    ]

    @Test func everyXMLAnswerIsReadAsItsModelHasIt() throws {
        let readings = AnswerReading.all
        let answers = try BotocoreModel.answers(to: readings.map(\.operation))
        for (reading, answer) in zip(readings, answers) {
            #expect(throws: Never.self, "\(reading.operation)") {
                try reading.check(XMLDecoder(), Data(answer.utf8))
            }
        }
    }

    // MARK: - Through what asks for them

    private static let documents = [
        "ssm:GetParameter", "budgets:DescribeBudget", "budgets:ListTagsForResource",
        "budgets:DescribeNotificationsForBudget", "budgets:DescribeSubscribersForNotification",
        "cloudtrail:LookupEvents",
    ]

    @Test func everyJSONAnswerIsReadAsItsModelHasIt() async throws {
        let names = Self.documents
        let answers = zip(names, try BotocoreModel.answers(to: names)).map { name, text in
            let parts = name.split(separator: ":").map(String.init)
            let service = AWSService(rawValue: parts[0]) ?? .budgets
            // The first of two pages, and the last.
            let pages = [text, text.replacing(#""NextToken": "text""#, with: #""Next": 1"#)]
            return ("\(service.targetPrefix).\(parts[1])", pages.map { HTTPResponse.json($0) })
        }
        let http = RoutedHTTPClient(Dictionary(uniqueKeysWithValues: answers))
        try await scripted(http) { aws, _ in
            let api = aws.ec2.api
            let budgets = Budgets(
                api: api, account: AWSIdentity(account: "1", arn: "arn:aws:iam::1:user/x"))
            #expect(try await ImageSource(.ubuntu2404, .x86).currentID(api) == "text")
            #expect(try await budgets.budget("b")?["BudgetName"] == "text")
            var trail = CloudTrail(api: api)
            let machine = Address(service: "web", kind: Instance.kind.name)
            #expect(
                try await trail.lastChange(of: ChangedObject(machine, id: "i-1", since: nil))
                    == Attribution(
                        by: "text", at: Date(timeIntervalSince1970: 1_767_322_985.5)))
            #expect(try await budgets.tags(of: "b") == ["text": "text"])
            let notifications = try await budgets.notifications(of: "b")
            #expect(notifications.count == 2)
            #expect(notifications.map(\.subscribers) == [["text"], ["text"]])
            #expect(notifications.first?.0["ComparisonOperator"] == "GREATER_THAN")
        }
    }

    private static let wholes = [
        "sts:GetCallerIdentity", "sts:DecodeAuthorizationMessage", "sts:AssumeRole",
        "sts:AssumeRoleWithWebIdentity", "ec2:GetConsoleOutput", "ec2:DescribeSpotPriceHistory",
        "pricing:GetProducts",
    ]

    /// The rendered answers of `wholes`, by operation.
    private static func client(
        editing edit: (String) -> String = { $0 }, _ others: [String: [HTTPResponse]] = [:]
    ) throws -> RoutedHTTPClient {
        let answers = zip(wholes, try BotocoreModel.answers(to: wholes)).map { name, text in
            let operation = String(name.split(separator: ":")[1])
            let target = operation == "GetProducts" ? "AWSPriceListService.\(operation)" : operation
            return (target, [HTTPResponse.json(edit(text))])
        }
        return RoutedHTTPClient(
            Dictionary(uniqueKeysWithValues: answers).merging(others) { $1 })
    }

    @Test func theCallerAndTheConsoleAreRead() async throws {
        let console = Data("booted".utf8).base64EncodedString()
        let http = try Self.client(editing: {
            $0.replacing("<output>text<", with: "<output>\(console)<")
        })
        let (identity, output) = try await scripted(http) { aws, _ in
            (try await aws.identity(), try await aws.consoleOutput(of: "i-1"))
        }
        #expect(identity == AWSIdentity(account: "text", arn: "text"))
        #expect(output == "booted")
    }

    @Test func aDecodedRefusalIsRead() async throws {
        let document = #"{"context":{"action":"ec2:RunInstances"}}"#
        let refusal = HTTPResponse.failure(
            "UnauthorizedOperation", message: "Encoded authorization failure message: abc")
        let http = try Self.client(
            editing: {
                $0.replacing("<DecodedMessage>text<", with: "<DecodedMessage>\(document)<")
            }, ["GetConsoleOutput": [refusal]])
        let error = try await scripted(http) { aws, _ in
            try await providerError { try await aws.consoleOutput(of: "i-1") }
        }
        #expect(error?.reason == .forbidden(permission: "ec2:RunInstances"))
    }

    @Test func aRolesCredentialsAreRead() async throws {
        let later = "2027-01-02T03:04:05.000Z"
        let http = try Self.client(editing: {
            $0.replacing("2026-01-02T03:04:05.000Z", with: later)
        })
        let issued = try await withVirtualTime { clock in
            let service = SecurityTokenService(
                configuration: { _ in AWSConfiguration(region: "eu-central-1", environment: [:]) },
                http: http, time: clock, random: SeededRandom(seed: 1), digests: OpenSSLDigests())
            let role = AssumedRoleRequest(roleARN: "arn:aws:iam::1:role/ci", sessionName: "launch")
            return [
                try await service.assume(role, presenting: Secret("token")),
                try await service.assume(
                    role,
                    with: StaticCredentials(
                        origin: "a test",
                        value: AWSCredentials(
                            accessKeyID: "AKID", secretAccessKey: Secret("s")))),
            ]
        }
        for one in issued {
            #expect(one.credentials.line == "text text text")
            #expect(one.expiry == Date(iso8601: later))
        }
    }

    /// What products are like is no part of the model: see the catalogue's own tests.
    @Test func pricesAreRead() async throws {
        let http = try Self.client(editing: {
            $0.replacing(#""NextToken": "text""#, with: #""Next": 1"#)
                .replacing("<nextToken>text</nextToken>", with: "<nextToken/>")
                .replacing("<spotPrice>text<", with: "<spotPrice>0.0123<")
                .replacing("<instanceType>text<", with: "<instanceType>t3.small<")
        })
        let table = try await withVirtualTime { clock in
            try await PriceCatalogue.scripted(http, clock).table(of: ["t3.small"])
        }
        let price = table.regions["eu-central-1"]?[AWSPriceName.spotInstance("t3.small")]
        #expect(price?.usd == Decimal(string: "0.0123"))
    }
}
