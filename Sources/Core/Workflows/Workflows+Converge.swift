import Services

extension Workflows {
    /// A push to the default branch: each changed service is converged and deployed by itself, so
    /// one that fails holds up no other; what was removed is taken down, its data kept.
    var converge: WorkflowFile {
        let chains = services.flatMap { service in
            [
                convergeJob(
                    service, needs: "changes",
                    if: "contains(fromJSON(needs.changes.outputs.changed), '\(service.name)')"),
                startDeployJob(service),
            ]
        }
        return WorkflowFile(
            ".github/workflows/converge.yml",
            head("Converge", on: "push:\n  branches: [\"\(project.workflows.branch)\"]")
                + jobs([changesJob] + chains + [removeJob, servingJob]))
    }

    /// Has the service deployed by a run of its own: this one sees the repository's secrets as they
    /// were when it was queued.
    private func startDeployJob(_ service: ServiceSpec) -> String {
        """
        deploy-\(service.name):
          name: Have \(service.name) deployed
          needs: converge-\(service.name)
          if: needs.converge-\(service.name).result == 'success'
          \(Self.machine)
          timeout-minutes: 180
          permissions:
            actions: write
            contents: read
          steps:
        \(checkout().indented(4))
            - name: Have it deployed
              env:
                GH_TOKEN: ${{ github.token }}
              run: bash .github/launch/start-deploy \(service.name)
        """
    }

    private var changesJob: String {
        """
        changes:
          name: Find what changed
          \(Self.machine)
          timeout-minutes: 10
          permissions:
            actions: read
            contents: read
          outputs:
            changed: ${{ steps.changes.outputs.changed }}
            removed: ${{ steps.changes.outputs.removed }}
          steps:
        \(checkout(depth: 0).indented(4))
            - id: changes
              name: Compare with the last push that converged
              env:
                BEFORE: ${{ github.event.before }}
                GH_TOKEN: ${{ github.token }}
              run: bash .github/launch/changes "$BEFORE" "$GITHUB_SHA"
        """
    }

    private var removeJob: String {
        """
        remove:
          name: Remove ${{ matrix.service }}
          needs: changes
          if: needs.changes.outputs.removed != '[]'
          \(Self.machine)
          environment: "\(project.environment)"
          timeout-minutes: 60
          strategy:
            fail-fast: false
            matrix:
              service: ${{ fromJSON(needs.changes.outputs.removed) }}
          concurrency:
            group: launch-converge-${{ matrix.service }}
            cancel-in-progress: false
        \(permissions(for: Self.everyVendor).indented(2))
          steps:
        \(checkout().indented(4))
        \(setup.indented(4))
            - name: Take down, and keep the data
        \(environment(credentials(Self.everyVendor) + [("SERVICE", "${{ matrix.service }}")]).indented(6))
              run: |
                if launch state pull | jq -e --arg name "$SERVICE" '.services | has($name)'; then
                  launch destroy "$SERVICE" --yes --lock-timeout 30m
                fi
        """
    }

    /// The proof: what was deployed answers, and how long that took. Of a service that moves to
    /// another target the name now goes over.
    private var servingJob: String {
        """
        serving:
          name: See that it serves
          needs: [\(services.map { "deploy-\($0.name)" }.joined(separator: ", "))]
          if: ${{ !cancelled() }}
          \(Self.machine)
          environment: "\(project.environment)"
          timeout-minutes: 60
        \(permissions(for: vendors).indented(2))
          steps:
            - id: deployed
              name: Find what was deployed
              env:
                JOBS: ${{ toJSON(needs) }}
              run: |
                jq -r '[to_entries[] | select(.value.result == "success") | .key | ltrimstr("deploy-")]
                  | "services=\\(join(" "))"' <<< "$JOBS" >> "$GITHUB_OUTPUT"
        \(checkout().indented(4))
        \(setup.indented(4))
            - name: Wait until it serves
              if: steps.deployed.outputs.services != ''
        \(environment(credentials(vendors) + [("SERVICES", "${{ steps.deployed.outputs.services }}")]).indented(6))
              run: |
                read -ra services <<< "$SERVICES"
                launch wait "${services[@]}"
                launch converge "${services[@]}" --finish-moves --yes --lock-timeout 30m
                launch status "${services[@]}" --format markdown >> "$GITHUB_STEP_SUMMARY"
        """
    }
}
