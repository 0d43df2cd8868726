/// `budget`: who is told when the project's bill grows.
package struct BudgetSpec: Hashable, Sendable {
    /// What the budget counts.
    package enum Watched: String, Sendable, CaseIterable {
        /// What bears the project's tag, once that is a cost allocation tag.
        case project
        case account
    }

    /// US dollars a month.
    package var monthlyUSD: Int
    /// Mail addresses and SNS topics.
    package var notify: [String]
    /// Percentages of the sum at which what was spent is reported.
    package var alertAt: [Int]
    package var watched: Watched

    package init(
        monthlyUSD: Int, notify: [String], alertAt: [Int] = [80, 100],
        watched: Watched = .project
    ) {
        self.monthlyUSD = monthlyUSD
        self.notify = notify
        self.alertAt = alertAt
        self.watched = watched
    }
}
