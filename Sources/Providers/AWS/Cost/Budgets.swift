import Resources

/// One account's budgets as Launch uses them.
///
/// <https://docs.aws.amazon.com/aws-cost-management/latest/APIReference/API_Operations_AWS_Budgets.html>
struct Budgets: Sendable {
    let api: AWSAPI
    let account: AWSIdentity

    /// The budget of that name; `nil` when there is none.
    func budget(_ name: String) async throws -> Value? {
        do {
            return try await call("DescribeBudget", name)["Budget"]
        } catch let error as AWSError where error.code == Self.notFound {
            return nil
        }
    }

    func tags(of name: String) async throws -> [String: String] {
        let arn = Value.string(arn(of: name))
        let answer = try await api.json("ListTagsForResource", of: .budgets, ["ResourceARN": arn])
        let tags = (answer["ResourceTags"]?.list ?? []).compactMap { tag -> (String, String)? in
            tag["Key"]?.string.map { ($0, tag["Value"]?.string ?? "") }
        }
        return Dictionary(tags) { $1 }
    }

    /// Every notification of a budget, with its subscribers.
    func notifications(of name: String) async throws -> [(Value, subscribers: Set<String>)] {
        var found: [(Value, subscribers: Set<String>)] = []
        let notifications = try await list(
            "DescribeNotificationsForBudget", name, [:], "Notifications")
        for notification in notifications {
            let subscribers = try await list(
                "DescribeSubscribersForNotification", name,
                ["Notification": notification.withoutState], "Subscribers")
            found.append((notification, Set(subscribers.compactMap { $0["Address"]?.string })))
        }
        return found
    }

    func create(_ budget: Value, alerts: [BudgetAlert], tags: [String: String]) async throws {
        _ = try await api.json(
            "CreateBudget", of: .budgets,
            [
                "AccountId": .string(account.account), "Budget": budget,
                "NotificationsWithSubscribers": .list(
                    alerts.map {
                        ["Notification": $0.notification, "Subscribers": $0.subscribers]
                    }),
                "ResourceTags": Tag.list(tags),
            ])
    }

    func update(_ budget: Value) async throws {
        _ = try await api.json(
            "UpdateBudget", of: .budgets,
            ["AccountId": .string(account.account), "NewBudget": budget])
    }

    func tag(_ name: String, _ tags: [String: String]) async throws {
        _ = try await api.json(
            "TagResource", of: .budgets,
            ["ResourceARN": .string(arn(of: name)), "ResourceTags": Tag.list(tags)])
    }

    func delete(_ name: String) async throws {
        try await tolerating(Self.notFound) { _ = try await call("DeleteBudget", name) }
    }

    /// One there is already is left as it is.
    func add(_ alert: BudgetAlert, to name: String) async throws {
        try await tolerating(Self.duplicate) {
            _ = try await call(
                "CreateNotification", name,
                ["Notification": alert.notification, "Subscribers": alert.subscribers])
        }
    }

    func remove(_ notification: Value, from name: String) async throws {
        try await tolerating(Self.notFound) {
            _ = try await call(
                "DeleteNotification", name, ["Notification": notification.withoutState])
        }
    }

    func subscribe(_ address: String, to alert: BudgetAlert, of name: String) async throws {
        try await tolerating(Self.duplicate) {
            _ = try await call("CreateSubscriber", name, parameters(alert, address))
        }
    }

    func unsubscribe(_ address: String, from alert: BudgetAlert, of name: String) async throws {
        try await tolerating(Self.notFound) {
            _ = try await call("DeleteSubscriber", name, parameters(alert, address))
        }
    }

    static let duplicate = "DuplicateRecordException"
    private static let notFound = "NotFoundException"

    private func parameters(_ alert: BudgetAlert, _ address: String) -> [String: Value] {
        ["Notification": alert.notification, "Subscriber": BudgetAlert.subscriber(address)]
    }

    private func tolerating(_ code: String, _ body: () async throws -> Void) async throws {
        do { try await body() } catch let error as AWSError where error.code == code {}
    }

    private func call(
        _ operation: String, _ name: String, _ more: [String: Value] = [:]
    ) async throws -> Value {
        let input: [String: Value] = [
            "AccountId": .string(account.account), "BudgetName": .string(name),
        ]
        return try await api.json(operation, of: .budgets, .object(input.merging(more) { $1 }))
    }

    /// The elements of every page.
    private func list(
        _ operation: String, _ name: String, _ more: [String: Value], _ member: String
    ) async throws -> [Value] {
        var elements: [Value] = []
        var token: Value?
        repeat {
            var more = more
            more["NextToken"] = token
            let page = try await call(operation, name, more)
            elements += page[member]?.list ?? []
            token = page["NextToken"].flatMap { ($0.string ?? "").isEmpty ? nil : $0 }
        } while token != nil
        return elements
    }

    private func arn(of name: String) -> String {
        "arn:\(account.partition):budgets::\(account.account):budget/\(name)"
    }
}

extension AWSIdentity {
    /// `aws` of `arn:aws:iam::123456789012:user/launch`.
    fileprivate var partition: String {
        let parts = arn.split(separator: ":", omittingEmptySubsequences: false)
        return parts.count > 1 ? String(parts[1]) : "aws"
    }
}

extension Value {
    /// A notification as requests name it: whether it has gone off is not part of it.
    fileprivate var withoutState: Value {
        .object((object ?? [:]).filter { $0.key != "NotificationState" })
    }
}
