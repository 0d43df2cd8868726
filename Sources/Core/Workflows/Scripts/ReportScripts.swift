extension WorkflowFile {
    /// One comment on a pull request, written anew at each push.
    static let commentScript = script(
        "comment",
        #"""
        # usage: comment NUMBER REPORT
        #   REPORT  what the comment says, as Markdown that Launch wrote: it fits
        """# + "\n" + reporting + "\n"
            + #"""
            path=repos/$GITHUB_REPOSITORY/issues
            id=$(gh api --paginate "$path/$1/comments?per_page=100" --jq "$ours | .id" | sed -n 1p)
            request() {
                jq --null-input --rawfile text "$2" --arg mark "$mark" --arg foot "$foot" \
                    '{body: "\($mark)\n\($text)\n\($foot)"}'
            }
            if [[ -n $id ]]; then
                request "$@" | gh api --method PATCH "$path/comments/$id" --input - --silent
            else
                request "$@" | gh api --method POST "$path/$1/comments" --input - --silent
            fi
            """#)

    /// What Launch wrote is known by a mark that no reader sees, and by its author.
    static let reporting = #"""
        #   LAUNCH_MARK      tells this text from others: PROJECT/plan
        #   LAUNCH_ARTIFACT  the URL of the run's artifact with the whole report; may be empty
        #   GH_TOKEN         the workflow's own
        set -euo pipefail

        mark="<!-- launch:$LAUNCH_MARK -->"
        ours=".[] | select(.user.login == \"github-actions[bot]\")
            | select((.body // \"\") | startswith(\"$mark\"))"
        foot="[The run]($GITHUB_SERVER_URL/$GITHUB_REPOSITORY/actions/runs/$GITHUB_RUN_ID)"
        if [[ -n ${LAUNCH_ARTIFACT:-} ]]; then
            foot+=" has the whole report, as text and as a page: [launch-${LAUNCH_MARK##*/}]($LAUNCH_ARTIFACT)"
        fi

        """#
}
