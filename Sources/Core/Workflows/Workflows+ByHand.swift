extension Workflows {
    /// Deploys again what the branch holds, without touching machines.
    var deploy: WorkflowFile {
        WorkflowFile(
            ".github/workflows/deploy.yml",
            head("Deploy", on: Self.byHand)
                + jobs(services.map { deployJob($0, if: isNamed($0)) }))
    }

    /// Converges services by hand: after drift, or a failure outside the repository.
    var reconcile: WorkflowFile {
        WorkflowFile(
            ".github/workflows/reconcile.yml",
            head("Reconcile", on: Self.byHand)
                + jobs(services.map { convergeJob($0, if: isNamed($0)) }))
    }
}
