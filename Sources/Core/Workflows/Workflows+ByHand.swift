import Services

extension Workflows {
    /// Deploys what the branch holds, without touching machines: for a push, or by hand.
    var deploy: WorkflowFile {
        let mark = """
                mark:
                  description: Tells the run from others; the Converge workflow sets it
                  type: string
            """
        return WorkflowFile(
            ".github/workflows/deploy.yml",
            head(
                "Deploy",
                run: "Deploy ${{ inputs.services }}"
                    + "${{ inputs.mark && format(' for {0}', inputs.mark) }}",
                on: Self.byHand + "\n" + mark)
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
