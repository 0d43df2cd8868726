import Resources

/// One notification of a budget: who is told, and when.
struct BudgetAlert: Hashable {
    enum Spending: String { case actual, forecast }

    let spending: Spending
    /// Of the budget's sum.
    let percent: Int
    /// Mail addresses and SNS topics.
    let notify: Set<String>

    init(_ spending: Spending, percent: Int, notify: Set<String>) {
        self.spending = spending
        self.percent = percent
        self.notify = notify
    }

    /// An element of the attribute `alerts`.
    init?(_ value: Value) {
        guard let spending = value["spending"]?.string.flatMap(Spending.init(rawValue:)),
            let percent = value["percent"]?.integer
        else { return nil }
        self.init(
            spending, percent: percent,
            notify: Set((value["notify"]?.list ?? []).compactMap(\.string)))
    }

    var value: Value {
        [
            "spending": .string(spending.rawValue), "percent": .integer(percent),
            "notify": .list(notify.sorted().map(Value.string)),
        ]
    }

    /// True for the same notification, whoever is told: it can only be made anew.
    func hasTrigger(of other: BudgetAlert) -> Bool {
        spending == other.spending && percent == other.percent
    }
}

// MARK: - As AWS writes it

extension BudgetAlert {
    /// `nil` for a notification of a kind that Launch does not make.
    init?(notification: Value, notify: Set<String>) {
        guard notification["ComparisonOperator"]?.string == "GREATER_THAN",
            (notification["ThresholdType"]?.string ?? "PERCENTAGE") == "PERCENTAGE",
            let percent = notification["Threshold"]?.integer
        else { return nil }
        switch notification["NotificationType"]?.string {
        case "ACTUAL": self.init(.actual, percent: percent, notify: notify)
        case "FORECASTED": self.init(.forecast, percent: percent, notify: notify)
        default: return nil
        }
    }

    var notification: Value {
        [
            "NotificationType": spending == .actual ? "ACTUAL" : "FORECASTED",
            "ComparisonOperator": "GREATER_THAN", "Threshold": .number(Double(percent)),
            "ThresholdType": "PERCENTAGE",
        ]
    }

    var subscribers: Value { .list(notify.sorted().map(Self.subscriber)) }

    static func subscriber(_ address: String) -> Value {
        [
            "SubscriptionType": address.hasPrefix("arn:") ? "SNS" : "EMAIL",
            "Address": .string(address),
        ]
    }
}
