import Services
import Testing

@testable import ServiceFiles

@Suite struct BudgetFilesTests {
    private static func project(_ text: String) throws -> ProjectSpec {
        try RepositoryReader(
            files: InMemoryFiles(texts: ["launch.yaml": "project: sample\n" + text]),
            environment: [:]
        ).read().project
    }

    @Test func everyKeyOfABudgetIsRead() throws {
        let project = try Self.project(
            """
            budget:
              notify: [ops@example.com, "arn:aws:sns:eu-central-1:123456789012:bills"]
              alert_at: [50, 100]
              monthly_usd: 120
              watch: account
            """)
        var expected = BudgetSpec(
            monthlyUSD: 120,
            notify: ["ops@example.com", "arn:aws:sns:eu-central-1:123456789012:bills"])
        expected.alertAt = [50, 100]
        expected.watched = .account
        #expect(project.budget == expected)
    }

    @Test func theLimitIsTheBudgetUnlessItNamesASum() throws {
        let project = try Self.project(
            "limits: {monthly_usd: 200}\nbudget: {notify: [ops@example.com]}\n")
        #expect(project.budget == BudgetSpec(monthlyUSD: 200, notify: ["ops@example.com"]))
        #expect(try Self.project("limits: {monthly_usd: 200}\n").budget == nil)
    }
}
