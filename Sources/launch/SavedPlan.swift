import Cryptography
import Foundation
import Planning
import Reporting
import Resources

/// A plan in a file: what it was, and a digest that tells whether it still is.
struct SavedPlan: Codable {
    let services: [String]
    let digest: String
    let plan: Value

    private enum CodingKeys: String, CodingKey { case services, digest, plan }

    init(_ plan: Plan, services: [String]) {
        self.services = services.sorted()
        digest = Self.digest(of: plan)
        self.plan = PlanReport(plan, requests: [:]).document
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

    var text: String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        return (try? encoder.encode(self)).map { String(decoding: $0, as: UTF8.self) + "\n" } ?? ""
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
