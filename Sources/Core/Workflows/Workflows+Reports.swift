import Services

extension Workflows {
    /// What a pull request would change. A fork gets no secrets, so of it only the specs are
    /// checked.
    var plan: WorkflowFile {
        WorkflowFile(
            ".github/workflows/plan.yml",
            head(
                "Plan", on: "pull_request:",
                concurrency: """
                    group: launch-plan-${{ github.event.pull_request.number }}
                    cancel-in-progress: true
                    """) + jobs([checkJob, planJob]))
    }

    /// `launch validate` prints one `file:line:column: error: …` a line.
    private var checkJob: String {
        #"""
        check:
          name: Check the specs
          \#(Self.machine)
          timeout-minutes: 60
          permissions:
            contents: read
          steps:
        \#(checkout().indented(4))
        \#(setup.indented(4))
            - name: Check the specs
              run: |
                launch validate 2>&1 | sed -E \
                  -e 's/%/%25/g' \
                  -e 's/^([^:]+):([0-9]+):([0-9]+): (error|warning): (.*)$/::\4 file=\1,line=\2,col=\3::\5/'
            - name: Check that the workflows are up to date
              run: launch workflows --check
            - name: Say why there is no plan
              if: github.event.pull_request.head.repo.full_name != github.repository
              run: echo "::notice::A pull request from a fork gets no secrets, so there is no plan of it."
        """#
    }

    private var planJob: String {
        """
        plan:
          name: Plan
          needs: check
          if: github.event.pull_request.head.repo.full_name == github.repository
          \(Self.machine)
          timeout-minutes: 60
        \(permissions(["pull-requests: write"], for: Self.everyVendor).indented(2))
          steps:
        \(checkout().indented(4))
        \(setup.indented(4))
            - name: Plan
        \(environment(credentials(Self.everyVendor)).indented(6))
              run: |
                launch plan --format markdown > plan.md
                cat plan.md >> "$GITHUB_STEP_SUMMARY"
            - name: Comment
              env:
                GH_TOKEN: ${{ github.token }}
                LAUNCH_MARK: \(project.project)/plan
                NUMBER: ${{ github.event.pull_request.number }}
              run: bash .github/launch/comment "$NUMBER" plan.md
        """
    }

    /// Every six hours, off the full hour, when GitHub is less busy.
    var drift: WorkflowFile {
        WorkflowFile(
            ".github/workflows/drift.yml",
            head(
                "Drift",
                on: """
                    schedule:
                      - cron: "23 5,11,17,23 * * *"
                    workflow_dispatch:
                    """,
                concurrency: "group: launch-drift\ncancel-in-progress: false") + jobs([driftJob]))
    }

    private var driftJob: String {
        """
        drift:
          name: Compare what is real with what was recorded
          \(Self.machine)
          timeout-minutes: 60
        \(permissions(["issues: write"], for: vendors).indented(2))
          steps:
        \(checkout().indented(4))
        \(setup.indented(4))
            - id: drift
              name: Look for drift
        \(environment(credentials(vendors)).indented(6))
              run: |
                code=0
                launch drift --detailed-exitcode --format markdown > drift.md || code=$?
                cat drift.md >> "$GITHUB_STEP_SUMMARY"
                [[ $code -eq 0 || $code -eq 2 ]] || exit "$code"
                echo "code=$code" >> "$GITHUB_OUTPUT"
            - name: Open, renew or close the issue
              env:
                CODE: ${{ steps.drift.outputs.code }}
                GH_TOKEN: ${{ github.token }}
                LAUNCH_MARK: \(project.project)/drift
              run: |
                if [[ $CODE -eq 2 ]]; then
                  bash .github/launch/issue "Drift in \(project.project)" drift.md
                else
                  bash .github/launch/issue "Drift in \(project.project)"
                fi
        """
    }
}
