extension WorkflowFile {
    /// Has a service deployed by a run of its own, which sees what converge has just written.
    ///
    /// <https://docs.github.com/en/rest/actions/workflows#create-a-workflow-dispatch-event>; it does
    /// not say which run it led to, so the run bears a mark in its name.
    static let startDeployScript = script(
        "start-deploy",
        #"""
        # Starts the Deploy workflow for a service, follows its run, and ends as that does.
        #
        # It is a run of its own because a run sees the repository's secrets as they were when it
        # was queued, and converge may just have written one:
        # https://docs.github.com/en/actions/reference/security/secrets
        #
        # usage: start-deploy SERVICE
        #   GH_TOKEN      the workflow's own, with actions: write
        #   LAUNCH_PAUSE  seconds between two looks at the run: 10
        set -euo pipefail

        service=$1
        path=repos/$GITHUB_REPOSITORY/actions
        mark=$GITHUB_RUN_ID-$GITHUB_RUN_ATTEMPT-$service

        fail() {
            printf '::error::%s\n' "$*"
            exit 1
        }

        # A look that fails is as good as none: the next one tells.
        look() { gh api "$1" --jq "$2" || :; }

        gh api --method POST "$path/workflows/deploy.yml/dispatches" --silent \
            --raw-field "ref=$GITHUB_REF_NAME" --raw-field "inputs[services]=$service" \
            --raw-field "inputs[mark]=$mark"

        run=
        for _ in {1..30}; do
            run=$(look "$path/workflows/deploy.yml/runs?event=workflow_dispatch&per_page=50" \
                ".workflow_runs[] | select(.display_title | endswith(\" $mark\")) | .id" | sed -n 1p)
            [[ -z $run ]] || break
            sleep "${LAUNCH_PAUSE:-10}"
        done
        [[ -n $run ]] || fail "the run that deploys $service does not show up"
        page=$GITHUB_SERVER_URL/$GITHUB_REPOSITORY/actions/runs/$run
        printf 'launch: %s is deployed by %s\n' "$service" "$page"

        state=
        until [[ $state == completed* ]]; do
            sleep "${LAUNCH_PAUSE:-10}"
            state=$(look "$path/runs/$run" '"\(.status) \(.conclusion)"')
        done
        [[ $state == "completed success" ]] || fail "the deploy of $service ended as ${state#* }: $page"
        """#)
}
