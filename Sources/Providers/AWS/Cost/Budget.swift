import Foundation
import Resources

/// A project's budget: AWS sends a message when the bill reaches a part of it.
///
/// Its name is the project's, so it is looked up by that, and only where the specs, the state or
/// an unfinished creation speak of one: it costs requests to another service, and a permission.
struct Budget: ResourceHandler {
    static let kind = ResourceKind(
        KindName(.aws, "budget"), title: "AWS Budget",
        fields: [
            Field("id", .string, [.computed]),
            Field("name", .string, [.immutable]),
            Field("environment", .string),
            Field("monthly_usd", .integer),
            Field("project_tag", .string),
            Field("alerts", .list, [.unordered], fallback: [], canonical: inOrder),
        ])

    static let address = Address(service: Address.projectWide, kind: kind.name)

    static func name(of project: String) -> String { "launch-\(project)" }

    let project: String
    let budgets: @Sendable () async throws -> Budgets

    let creation = "CreateBudget"
    let hasDryRun = false

    func parameters(
        toCreate desired: Resource, key: IdempotencyKey
    ) async throws -> [String: Value] { [:] }

    func create(_ desired: Resource, key: IdempotencyKey) async throws -> ObservedResource {
        let budgets = try await budgets()
        do {
            try await budgets.create(
                document(of: desired), alerts: alerts(desired["alerts"]),
                tags: desired.tags(project: project, key: key))
        } catch let error as AWSError where error.code == Budgets.duplicate {
            // By an earlier attempt, or by somebody else.
            guard let made = try await observed(budgets) else { throw error }
            return try await update(made, to: desired)
        }
        return try await present(budgets, action: "create")
    }

    func update(
        _ observed: ObservedResource, to desired: Resource
    ) async throws -> ObservedResource {
        let budgets = try await budgets()
        if differs("monthly_usd", observed, from: desired)
            || differs("project_tag", observed, from: desired)
        {
            try await budgets.update(document(of: desired))
        }
        if differs("environment", observed, from: desired) {
            try await budgets.tag(observed.id, desired.ownership)
        }
        if differs("alerts", observed, from: desired) {
            try await align(alerts(desired["alerts"]), of: observed.id, budgets)
        }
        return try await present(budgets, action: "update")
    }

    func delete(_ observed: ObservedResource) async throws {
        try await budgets().delete(observed.id)
    }

    /// The project's budget; `nil` when there is none that bears its mark.
    func observed(_ budgets: Budgets) async throws -> ObservedResource? {
        let name = Self.name(of: project)
        guard let budget = try await budgets.budget(name) else { return nil }
        let tags = try await budgets.tags(of: name)
        guard tags[Tag.project] == project, tags[Tag.address] == Self.address.description
        else { return nil }
        let alerts = try await budgets.notifications(of: name).compactMap {
            BudgetAlert(notification: $0, notify: $1)
        }
        return ObservedResource(
            Self.address, id: name,
            attributes: [
                "id": .string(name), "name": .string(name),
                "environment": tags[Tag.environment].map(Value.string) ?? .null,
                "monthly_usd": Self.sum(budget["BudgetLimit"]),
                "project_tag": Self.tag(in: budget["CostFilters"]),
                "alerts": .list(alerts.map(\.value)),
            ])
    }

    private func present(_ budgets: Budgets, action: String) async throws -> ObservedResource {
        if let observed = try await observed(budgets) { return observed }
        throw ProviderError(
            .conflict, provider: .aws, address: Self.address, action: "\(action) the budget",
            detail: "there is another one named \(Self.name(of: project)), without the mark")
    }

    /// Brings the notifications to `wanted`; what is told to more people is told first.
    private func align(
        _ wanted: [BudgetAlert], of name: String, _ budgets: Budgets
    ) async throws {
        let existing = try await budgets.notifications(of: name)
        for alert in wanted {
            let same = existing.lazy.compactMap { BudgetAlert(notification: $0, notify: $1) }
                .first(where: alert.hasTrigger)
            guard let same else {
                try await budgets.add(alert, to: name)
                continue
            }
            for address in alert.notify.subtracting(same.notify).sorted() {
                try await budgets.subscribe(address, to: alert, of: name)
            }
            for address in same.notify.subtracting(alert.notify).sorted() {
                try await budgets.unsubscribe(address, from: alert, of: name)
            }
        }
        for (notification, subscribers) in existing {
            let alert = BudgetAlert(notification: notification, notify: subscribers)
            let isWanted = alert.map { alert in wanted.contains(where: alert.hasTrigger) }
            if isWanted != true { try await budgets.remove(notification, from: name) }
        }
    }
}

// MARK: - As AWS writes it

extension Budget {
    private func document(of desired: Resource) -> Value {
        var filters: [String: Value] = [:]
        if let tag = desired["project_tag"]?.string { filters["TagKeyValue"] = [.string(tag)] }
        return [
            "BudgetName": .string(Self.name(of: project)), "BudgetType": "COST",
            "TimeUnit": "MONTHLY",
            "BudgetLimit": [
                "Amount": .string((desired["monthly_usd"] ?? 0).plainText), "Unit": "USD",
            ],
            "CostFilters": .object(filters),
        ]
    }

    /// Whole dollars; another sum or currency reads as text, which nobody wants.
    private static func sum(_ limit: Value?) -> Value {
        guard let limit, let amount = limit["Amount"]?.string else { return .null }
        guard limit["Unit"]?.string == "USD", let usd = Double(amount),
            let whole = Int(exactly: usd)
        else { return .string("\(amount) \(limit["Unit"]?.string ?? "")") }
        return .integer(whole)
    }

    /// How Launch's own filter reads; any other one reads as its document.
    private static func tag(in filters: Value?) -> Value {
        let filters = filters?.object ?? [:]
        if filters.isEmpty { return .null }
        if filters.count == 1, let tags = filters["TagKeyValue"]?.list, tags.count == 1 {
            return tags[0]
        }
        return .string(Value.object(filters).jsonText())
    }

    private func alerts(_ value: Value?) -> [BudgetAlert] {
        (value?.list ?? []).compactMap { BudgetAlert($0) }
    }

    /// Alerts whose subscribers are in one order.
    @Sendable private static func inOrder(_ alerts: Value) -> Value {
        guard case .list(let alerts) = alerts else { return alerts }
        return .list(alerts.map { BudgetAlert($0)?.value ?? $0 })
    }
}
