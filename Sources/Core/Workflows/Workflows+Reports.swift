import Services

extension Workflows {
    /// What a pull request would change, with remarks on the lines of the specs. A fork gets no
    /// secrets, so of it only the specs are checked.
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
                launch plan --format github --report plan.md --report plan.txt --report plan.html
                cat plan.md >> "$GITHUB_STEP_SUMMARY"
        \(keep("plan").indented(4))
            - name: Comment
              env:
                GH_TOKEN: ${{ github.token }}
                LAUNCH_ARTIFACT: ${{ steps.whole.outputs.artifact-url }}
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
            - name: Look for drift
        \(environment(credentials(vendors)).indented(6))
              run: |
                launch drift --report drift.md --report drift.json --report drift.html > drift.txt
                cat drift.md >> "$GITHUB_STEP_SUMMARY"
        \(keep("drift").indented(4))
            - name: Open, renew or close the issue
              env:
                GH_TOKEN: ${{ github.token }}
                LAUNCH_ARTIFACT: ${{ steps.whole.outputs.artifact-url }}
                LAUNCH_MARK: \(project.project)/drift
              run: bash .github/launch/issue "Drift in \(project.project)" drift.md drift.json
        """
    }

    /// <https://github.com/actions/upload-artifact/releases/tag/v7.0.1>
    private static let upload =
        "actions/upload-artifact@043fb46d1a93c77aae656e7c1c64a875d1fc6a0a # v7.0.1"

    /// The report that was written to `name.txt` and `name.html`, as an artifact of the run. Without
    /// room for it the run goes on.
    private func keep(_ name: String) -> String {
        """
        - id: whole
          name: Keep the whole report
          continue-on-error: true
          uses: \(Self.upload)
          with:
            name: launch-\(name)
            path: |
              \(name).txt
              \(name).html
            if-no-files-found: error
            overwrite: true
        """
    }
}
