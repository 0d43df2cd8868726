import OrderedCollections
import Resources

/// What can be asked of Budgets.
extension SimulatedBudgets {
    static let operations: [String: Operation] = [
        "CreateBudget": { try $0.createBudget($1) },
        "UpdateBudget": { try $0.updateBudget($1) },
        "DescribeBudget": { budgets, members in
            let budget = try budgets.budget(members)
            try members.rejectUnread()
            return ["Budget": budget.shown]
        },
        "DeleteBudget": { budgets, members in
            let budget = try budgets.budget(members)
            try members.rejectUnread()
            budgets.budgets[budget.name] = nil
            return [:]
        },
        "ListTagsForResource": { budgets, members in
            let budget = try budgets.budget(ofARN: members)
            try members.rejectUnread()
            let tags = budget.tags.sorted { $0.key < $1.key }
            return [
                "ResourceTags": .list(
                    tags.map { ["Key": .string($0.key), "Value": .string($0.value)] })
            ]
        },
        "TagResource": { budgets, members in
            var budget = try budgets.budget(ofARN: members)
            budget.tags.merge(try tags(members)) { $1 }
            try members.rejectUnread()
            budgets.budgets[budget.name] = budget
            return [:]
        },
        "DescribeNotificationsForBudget": { budgets, members in
            let budget = try budgets.budget(members)
            return try page(
                budget.notifications.map { .object($0.document) }, "Notifications", members)
        },
        "DescribeSubscribersForNotification": { budgets, members in
            let budget = try budgets.budget(members)
            let place = try budget.place(of: try notification(members))
            return try page(budget.notifications[place].subscribers, "Subscribers", members)
        },
        "CreateNotification": { try $0.createNotification($1) },
        "DeleteNotification": { budgets, members in
            try budgets.changing(members) { budget in
                let place = try budget.place(of: try notification(members))
                budget.notifications.remove(at: place)
            }
        },
        "CreateSubscriber": { try $0.createSubscriber($1) },
        "DeleteSubscriber": { try $0.deleteSubscriber($1) },
    ]

    // MARK: - Budgets

    private func createBudget(_ members: JSONMembers) throws -> [String: Value] {
        try requireAccount(members)
        let (name, document) = try Self.budget(members, "Budget")
        let notifications = try members.structuresIfAny("NotificationsWithSubscribers").map {
            SimulatedNotification(
                document: try Self.notification($0), subscribers: try Self.subscribers($0))
        }
        let tags = try Self.tags(members)
        try members.rejectUnread()
        guard budgets[name] == nil else {
            throw AWSError(
                "DuplicateRecordException",
                "Error creating budget: \(name) - the budget already exists.")
        }
        guard notifications.count <= 10, notifications.allSatisfy(\.isComplete) else {
            throw AWSError("InvalidParameterException", "A notification needs 1 to 11 subscribers")
        }
        budgets[name] = SimulatedBudget(
            name: name, document: document, notifications: notifications, tags: tags)
        return [:]
    }

    private func updateBudget(_ members: JSONMembers) throws -> [String: Value] {
        try requireAccount(members)
        let (name, document) = try Self.budget(members, "NewBudget")
        try members.rejectUnread()
        var budget = try budget(named: name)
        budget.document = document
        budgets[name] = budget
        return [:]
    }

    private static func budget(
        _ members: JSONMembers, _ member: String
    ) throws -> (name: String, document: [String: Value]) {
        guard let budget = try members.structure(member) else {
            throw AWSError("InvalidParameterException", "\(member) is missing")
        }
        let name = try budget.required("BudgetName")
        guard (1...100).contains(name.count), !name.contains(where: ":\\".contains) else {
            throw AWSError("InvalidParameterException", "\(name) is no budget's name")
        }
        var document: [String: Value] = [:]
        for (key, allowed) in [("BudgetType", ["COST", "USAGE"]), ("TimeUnit", timeUnits)] {
            let value = try budget.choice(key, of: allowed)
            document[key] = .string(try budget.present(value, key))
        }
        let limit = try budget.present(try budget.structure("BudgetLimit"), "BudgetLimit")
        document["BudgetLimit"] = [
            "Amount": .string(try limit.required("Amount")),
            "Unit": .string(try limit.required("Unit")),
        ]
        let filters = try budget.object("CostFilters") ?? [:]
        if !filters.isEmpty { document["CostFilters"] = .object(filters) }
        return (name, document)
    }

    private static let timeUnits = ["DAILY", "MONTHLY", "QUARTERLY", "ANNUALLY"]

    private static func tags(_ members: JSONMembers) throws -> [String: String] {
        try members.structuresIfAny("ResourceTags").reduce(into: [:]) { tags, tag in
            tags[try tag.required("Key")] = try tag.required("Value")
        }
    }

    // MARK: - Notifications and subscribers

    private func createNotification(_ members: JSONMembers) throws -> [String: Value] {
        try changing(members) { budget in
            let notification = SimulatedNotification(
                document: try Self.notification(members),
                subscribers: try Self.subscribers(members))
            guard !budget.notifications.contains(where: { $0.document == notification.document })
            else { throw AWSError("DuplicateRecordException", "The notification exists already.") }
            guard notification.isComplete, budget.notifications.count < 10 else {
                throw AWSError("CreationLimitExceededException", "Too many notifications.")
            }
            budget.notifications.append(notification)
        }
    }

    private func createSubscriber(_ members: JSONMembers) throws -> [String: Value] {
        try changing(members) { budget in
            let place = try budget.place(of: try Self.notification(members))
            let subscriber = try Self.subscriber(try members.structure("Subscriber"))
            guard !budget.notifications[place].subscribers.contains(subscriber) else {
                throw AWSError("DuplicateRecordException", "The subscriber exists already.")
            }
            budget.notifications[place].subscribers.append(subscriber)
            guard budget.notifications[place].isComplete else {
                throw AWSError("CreationLimitExceededException", "Too many subscribers.")
            }
        }
    }

    private func deleteSubscriber(_ members: JSONMembers) throws -> [String: Value] {
        try changing(members) { budget in
            let place = try budget.place(of: try Self.notification(members))
            let subscriber = try Self.subscriber(try members.structure("Subscriber"))
            let subscribers = budget.notifications[place].subscribers
            guard subscribers.contains(subscriber) else {
                throw AWSError("NotFoundException", "The subscriber doesn't exist.")
            }
            guard subscribers.count > 1 else {
                throw AWSError("InvalidParameterException", "A notification needs a subscriber.")
            }
            budget.notifications[place].subscribers.removeAll { $0 == subscriber }
        }
    }

    /// Has the budget changed, if the change goes through.
    private func changing(
        _ members: JSONMembers, _ change: (inout SimulatedBudget) throws -> Void
    ) throws -> [String: Value] {
        var budget = try budget(members)
        try change(&budget)
        try members.rejectUnread()
        budgets[budget.name] = budget
        return [:]
    }

    private static func notification(_ members: JSONMembers) throws -> [String: Value] {
        let structure = try members.structure("Notification")
        let notification = try members.present(structure, "Notification")
        let type = try notification.choice("NotificationType", of: ["ACTUAL", "FORECASTED"])
        let comparison = try notification.choice(
            "ComparisonOperator", of: ["GREATER_THAN", "LESS_THAN", "EQUAL_TO"])
        let thresholdType = try notification.choice(
            "ThresholdType", of: ["PERCENTAGE", "ABSOLUTE_VALUE"])
        let threshold = try notification.number("Threshold")
        return [
            "NotificationType": .string(try notification.present(type, "NotificationType")),
            "ComparisonOperator": .string(
                try notification.present(comparison, "ComparisonOperator")),
            "Threshold": .number(try notification.present(threshold, "Threshold")),
            "ThresholdType": .string(thresholdType ?? "PERCENTAGE"),
        ]
    }

    private static func subscribers(_ members: JSONMembers) throws -> [Value] {
        try members.structures("Subscribers").map(subscriber)
    }

    private static func subscriber(_ members: JSONMembers?) throws -> Value {
        guard let members else {
            throw AWSError("InvalidParameterException", "Subscriber is missing")
        }
        let type = try members.choice("SubscriptionType", of: ["SNS", "EMAIL"])
        return [
            "SubscriptionType": .string(try members.present(type, "SubscriptionType")),
            "Address": .string(try members.required("Address")),
        ]
    }

    /// One page, of two elements when nothing else is asked for: so that paging is met.
    private static func page(
        _ elements: [Value], _ member: String, _ members: JSONMembers
    ) throws -> [String: Value] {
        let size = try members.integer("MaxResults", in: 1...100) ?? 2
        let start = try members.string("NextToken").map { Int($0) ?? 0 } ?? 0
        try members.rejectUnread()
        let rest = elements.dropFirst(start)
        var page: [String: Value] = [member: .list(Array(rest.prefix(size)))]
        if rest.count > size { page["NextToken"] = .string(String(start + size)) }
        return page
    }
}

extension SimulatedBudget {
    /// - Throws: `NotFoundException`
    fileprivate func place(of notification: [String: Value]) throws -> Int {
        guard let place = notifications.firstIndex(where: { $0.document == notification }) else {
            throw AWSError("NotFoundException", "The notification doesn't exist.")
        }
        return place
    }

    fileprivate var shown: Value {
        var shown = document
        shown["BudgetName"] = .string(name)
        shown["CalculatedSpend"] = ["ActualSpend": ["Amount": "0.0", "Unit": "USD"]]
        return .object(shown)
    }
}

extension SimulatedNotification {
    fileprivate var isComplete: Bool { (1...11).contains(subscribers.count) }
}

extension JSONMembers {
    /// A list of structures that may be left out.
    fileprivate func structuresIfAny(_ name: String) throws -> [JSONMembers] {
        has(name) ? try structures(name) : []
    }
}
