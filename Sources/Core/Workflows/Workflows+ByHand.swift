import Services

extension Workflows {
    /// Deploys again what the branch holds, without touching machines.
    var deploy: WorkflowFile {
        WorkflowFile(
            ".github/workflows/deploy.yml",
            head("Deploy", on: Self.byHand)
                + jobs(services.flatMap(deployJobs)))
    }

    private func deployJobs(_ service: ServiceSpec) -> [String] {
        guard service.runnerLife == .ephemeral else {
            return [deployJob(service, if: isNamed(service))]
        }
        let renewal = "renew-\(service.name)"
        return [
            renewalJob(service, if: isNamed(service)),
            deployJob(service, needs: renewal, if: "needs.\(renewal).result == 'success'"),
        ]
    }

    /// Converges services by hand: after drift, or a failure outside the repository.
    var reconcile: WorkflowFile {
        WorkflowFile(
            ".github/workflows/reconcile.yml",
            head("Reconcile", on: Self.byHand)
                + jobs(services.map { convergeJob($0, if: isNamed($0)) }))
    }
}
