import HTTP
import Resources
import Services
import TestSupport
import Testing

@testable import AWS

/// Launch's requests against AWS's own models and serializers.
@Suite(.enabled(if: BotocoreModel.isInstalled, "\(BotocoreModel.reason)"))
struct ModelRequestTests {
    /// Every operation that the sources name is called, is one that botocore would write as well,
    /// and is one that the policy allows.
    @Test func everyRequestIsAsBotocoreWritesIt() async throws {
        let sent = try await RecordedRequests.all()
        let requests = sent.compactMap { BotocoreModel.Request($0) }
        #expect(requests.count == sent.count)
        let named = try BotocoreModel.operations(
            of: ["ec2", "iam", "sts", "ssm", "budgets", "pricing", "cloudtrail"],
            namedIn: "Sources/Providers/AWS", except: ["AWSPolicy.swift"])
        #expect(named.subtracting(requests.map(\.operation)) == [])
        #expect(named.count > 80)
        #expect(try BotocoreModel.problems(of: Array(Set(requests))) == [])
    }

    @Test func thePolicyAllowsWhatIsAsked() async throws {
        let asked = try await RecordedRequests.all().compactMap { BotocoreModel.Request($0) }
        let wanted = Set(asked.compactMap(\.permission))
        #expect(wanted.subtracting(Self.permitted) == Self.grantedOtherwise)
        let unused = Self.permitted.subtracting(wanted)
        #expect(unused == Self.partsOfOthers)
    }

    /// The caller's own role, refreshing the prices, and what only these tests do to disturb.
    private static let grantedOtherwise: Set = [
        "sts:AssumeRole", "sts:AssumeRoleWithWebIdentity", "sts:GetCallerIdentity",
        "pricing:GetProducts", "ec2:DescribeSpotPriceHistory", "iam:AttachRolePolicy",
        "ec2:DisassociateIamInstanceProfile",
    ]

    /// What another request takes besides its own action.
    private static let partsOfOthers: Set = ["iam:PassRole", "iam:TagInstanceProfile"]

    /// What the policy that the doctor prints allows for such a service.
    private static var permitted: Set<String> {
        let project = RecordedRequests.project
        let resources =
            AWSBlueprint { _ in .null }.resources(for: RecordedRequests.service, in: project)
            + BudgetBlueprint().resources(for: project)
        let policy = AWSPolicy(for: resources, in: project).document
        return Set(
            (policy["Statement"]?.list ?? []).flatMap { statement in
                (statement["Action"]?.list ?? [statement["Action"] ?? .null])
                    .compactMap(\.string)
            })
    }
}

extension BotocoreModel.Request {
    /// As policies name it: `budgets:ViewBudget`.
    fileprivate var permission: String? {
        let known = AWSService.allCases.first {
            $0.rawValue == service || $0.targetPrefix == service
        }
        return known?.permission(for: operation)
    }
}
