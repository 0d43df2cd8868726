package import Resources
package import Services

/// The budget that `launch.yaml` asks for: one in a project.
package struct BudgetBlueprint: Blueprint {
    package init() {}

    package func resources(for service: ServiceSpec, in project: ProjectSpec) -> [Resource] { [] }

    package func resources(for project: ProjectSpec) -> [Resource] {
        guard let budget = project.budget else { return [] }
        let notify = Set(budget.notify)
        let alerts =
            Set(budget.alertAt).sorted().map {
                BudgetAlert(.actual, percent: $0, notify: notify)
            } + [BudgetAlert(.forecast, percent: 100, notify: notify)]
        return [
            Resource(
                Budget.address,
                attributes: [
                    "name": .string(Budget.name(of: project.project)),
                    "environment": .string(project.environment),
                    "monthly_usd": .integer(budget.monthlyUSD),
                    "project_tag": budget.watched == .account
                        ? .null : .string("user:\(Tag.project)$\(project.project)"),
                    "alerts": .list(alerts.map(\.value)),
                ],
                origins: [
                    "monthly_usd": "budget", "project_tag": "budget.watch", "alerts": "budget",
                ])
        ]
    }
}
