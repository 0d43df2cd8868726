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

    /// Converges services by hand: after drift, or a failure outside the repository. On a schedule
    /// it removes what services have left behind that moved to another target.
    var reconcile: WorkflowFile {
        let schedule = """
            schedule:
              - cron: "53 2,8,14,20 * * *"
            """
        return WorkflowFile(
            ".github/workflows/reconcile.yml",
            head("Reconcile", on: schedule + "\n" + Self.byHand)
                + jobs(services.map { convergeJob($0, if: isNamed($0)) } + [movesJob]))
    }

    private var movesJob: String {
        """
        finish-moves:
          name: Remove what moves have left behind
          if: github.event_name == 'schedule'
          \(Self.machine)
          environment: "\(project.environment)"
          timeout-minutes: 60
        \(permissions(for: Self.everyVendor).indented(2))
          steps:
        \(checkout().indented(4))
        \(setup.indented(4))
            - name: Finish moves whose time is over
        \(environment(credentials(Self.everyVendor)).indented(6))
              run: launch converge --finish-moves --yes --lock-timeout 30m
        """
    }
}
