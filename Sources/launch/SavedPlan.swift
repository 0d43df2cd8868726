import Cryptography
import Foundation
import Planning
import Reporting
import Resources

/// A plan in a file: what it was, and a digest that tells whether it still is.
struct SavedPlan: Codable {
    let services: [String]
    /// The services whose machines it replaces for a newer image.
    let upgraded: [String]?
    let digest: String
    let plan: Value

    private enum CodingKeys: String, CodingKey { case services, upgraded, digest, plan }

    /// Keeps the report, in which secrets and what is not known yet are left out.
    init(_ plan: Plan, services: [String], upgraded: [String]) throws {
        self.services = services.sorted()
        self.upgraded = upgraded.isEmpty ? nil : upgraded.sorted()
        digest = Self.digest(of: plan)
        let report = PlanReport(plan, requests: [:]).json
        self.plan = try JSONDecoder().decode(Value.self, from: Data(report.utf8))
    }

    /// - Throws: `CommandFailure` when the file is no saved plan.
    init(path: String) throws {
        guard let data = FileManager.default.contents(atPath: path) else {
            throw CommandFailure(
                "\(path) cannot be read", remedy: "Make it with `launch plan --out \(path)`.")
        }
        do {
            self = try JSONDecoder().decode(SavedPlan.self, from: data)
        } catch {
            throw CommandFailure(
                "\(path) is not a saved plan", remedy: "Make it with `launch plan --out \(path)`.")
        }
    }

    func write(to path: String) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        try writeFile(String(decoding: try encoder.encode(self), as: UTF8.self) + "\n", to: path)
    }

    /// - Throws: `CommandFailure` when specs, state or world have moved since the plan was made.
    func check(_ plan: Plan) throws {
        guard Self.digest(of: plan) == digest else {
            throw CommandFailure(
                "the saved plan is out of date: specs, state or world have changed since",
                remedy: "Make a new one with `launch plan --out FILE`.")
        }
    }

    /// Covers the state's serial, so that a plan can be carried out once.
    private static func digest(of plan: Plan) -> String {
        OpenSSLDigests().sha256Hexadecimal(PlanReport(plan, requests: [:]).json)
    }
}
