import Foundation
import HTTP
import OrderedCollections
import Resources

/// The Budgets service of one account.
///
/// <https://docs.aws.amazon.com/aws-cost-management/latest/APIReference/API_Operations_AWS_Budgets.html>
package final class SimulatedBudgets {
    typealias Operation = @Sendable (SimulatedBudgets, JSONMembers) throws -> [String: Value]

    unowned let core: WorldCore
    var budgets: OrderedDictionary<String, SimulatedBudget> = [:]
    /// Actions that the credentials may not do: `budgets:ModifyBudget`.
    package var denied: Set<String> = []

    init(_ core: WorldCore) { self.core = core }

    var inventory: [String: Int] { ["budget": budgets.count] }

    /// - Throws: `AWSError`
    func answer(_ call: AWSJSONCall) throws -> HTTPResponse {
        guard let operation = Self.operations[call.operation] else {
            throw AWSError("UnknownOperationException", "")
        }
        let action = Self.action(of: call.operation)
        guard !denied.contains(action) else {
            throw AWSError("AccessDeniedException", AWSError.denial(of: action, on: arn("*")))
        }
        return AWSService.budgets.json(try operation(self, call.members))
    }

    /// As policies name what is done.
    private static func action(of operation: String) -> String {
        if operation.contains("Tag") { return "budgets:\(operation)" }
        return operation.hasPrefix("Describe") ? "budgets:ViewBudget" : "budgets:ModifyBudget"
    }

    func arn(_ name: String) -> String {
        "arn:aws:budgets::\(SimulatedAWS.account):budget/\(name)"
    }

    /// Every budget, in order of creation.
    var all: [SimulatedBudget] { Array(budgets.values) }

    // MARK: - Looking up

    /// - Throws: `NotFoundException`
    func budget(_ members: JSONMembers) throws -> SimulatedBudget {
        try requireAccount(members)
        return try budget(named: try members.required("BudgetName"))
    }

    func budget(named name: String) throws -> SimulatedBudget {
        guard let budget = budgets[name] else {
            throw AWSError(
                "NotFoundException",
                "Unable to get budget: \(name) - the budget doesn't exist.")
        }
        return budget
    }

    func budget(ofARN members: JSONMembers) throws -> SimulatedBudget {
        let arn = try members.required("ResourceARN")
        let prefix = self.arn("")
        guard arn.hasPrefix(prefix) else {
            throw AWSError("InvalidParameterException", "\(arn) is not a budget's ARN")
        }
        return try budget(named: String(arn.dropFirst(prefix.count)))
    }

    func requireAccount(_ members: JSONMembers) throws {
        let account = try members.required("AccountId")
        guard account == SimulatedAWS.account else {
            throw AWSError("AccessDeniedException", "Account \(account) is not the caller's")
        }
    }
}

/// One budget with what hangs on it.
struct SimulatedBudget {
    let name: String
    /// `Budget`, without the name.
    var document: [String: Value]
    var notifications: [SimulatedNotification]
    var tags: [String: String]
}

struct SimulatedNotification: Hashable {
    /// `NotificationType` and the rest.
    let document: [String: Value]
    var subscribers: [Value]
}
