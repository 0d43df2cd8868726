import OrderedCollections

/// What people do to budgets without asking the API.
extension SimulatedBudgets {
    func give(_ budget: SimulatedBudget) { budgets[budget.name] = budget }
}
