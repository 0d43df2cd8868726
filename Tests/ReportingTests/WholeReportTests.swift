import Foundation
import Planning
import Reporting
import Resources
import TestSupport
import Testing

/// `UPDATE_REPORTS=1 swift test --filter WholeReportTests` writes the stored reports anew.
private let updates = ProcessInfo.processInfo.environment["UPDATE_REPORTS"] != nil

/// Every form of every report, whole, for one service and for twenty.
@Suite struct WholeReportTests {
    private static let folder = PackageFiles.root + "/Tests/ReportingTests/Fixtures"
    private static let moment = Date(timeIntervalSince1970: 1_760_000_000)

    static let forms = ["txt", "md", "json", "html", "annotations"]

    private func plan(_ services: Int, as form: String) -> String? {
        let report = PlanReport(Fleet(count: services).plan, requests: [.aws: 4, .github: 1])
        return switch form {
        case "txt": report.text()
        case "md": report.markdown
        case "json": report.json
        case "html": report.html(at: Self.moment)
        case "annotations": report.annotations
        default: nil
        }
    }

    private func drift(_ services: Int, as form: String) -> String? {
        let report = DriftReport(Fleet(count: services).drift)
        return switch form {
        case "txt": report.text()
        case "md": report.markdown
        case "json": report.json
        case "html": report.html(at: Self.moment)
        default: nil
        }
    }

    private func isAsStored(_ report: String, _ name: String) throws -> Bool {
        let file = "\(Self.folder)/\(name)"
        if updates { try report.write(toFile: file, atomically: true, encoding: .utf8) }
        return try String(contentsOfFile: file, encoding: .utf8) == report
    }

    @Test(arguments: [1, 20], forms) func aPlanIsAsItIsStored(services: Int, form: String) throws {
        let report = try #require(plan(services, as: form))
        #expect(try isAsStored(report, "plan-\(services).\(form)"))
    }

    @Test(arguments: [1, 20], forms.dropLast())
    func aDriftIsAsItIsStored(services: Int, form: String) throws {
        let report = try #require(drift(services, as: form))
        #expect(try isAsStored(report, "drift-\(services).\(form)"))
    }
}
