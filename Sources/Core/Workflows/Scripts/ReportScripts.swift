extension WorkflowFile {
    /// One comment on a pull request, written anew at each push.
    static let commentScript = script(
        "comment",
        reporting + "\n"
            + #"""
            # usage: comment NUMBER FILE
            path=repos/$GITHUB_REPOSITORY/issues
            id=$(gh api --paginate "$path/$1/comments?per_page=100" --jq "$ours" | sed -n 1p)
            if [[ -n $id ]]; then
                body "$2" | gh api --method PATCH "$path/comments/$id" --input - --silent
            else
                body "$2" | gh api --method POST "$path/$1/comments" --input - --silent
            fi
            """#)

    /// One issue for all drift: opened when there is some, closed when it is gone.
    static let issueScript = script(
        "issue",
        reporting + "\n"
            + #"""
            # usage: issue TITLE FILE  opens the issue, or brings it up to date
            #        issue TITLE       closes it, if it is open
            path=repos/$GITHUB_REPOSITORY/issues
            id=$(gh api --paginate "$path?state=open&per_page=100" --jq "$ours" | sed -n 1p)
            if [[ $# -eq 2 && -n $id ]]; then
                body "$2" | gh api --method PATCH "$path/$id" --input - --silent
            elif [[ $# -eq 2 ]]; then
                body "$2" | jq --arg title "$1" '. + {title: $title}' \
                    | gh api --method POST "$path" --input - --silent
            elif [[ -n $id ]]; then
                gh api --method PATCH "$path/$id" --field state=closed --silent
            fi
            """#)

    /// What Launch wrote is known by a mark that no reader sees, and by its author.
    private static let reporting = #"""
        # LAUNCH_MARK tells this text from others; GH_TOKEN is the workflow's own.
        set -euo pipefail

        mark="<!-- launch:$LAUNCH_MARK -->"
        ours=".[] | select(.user.login == \"github-actions[bot]\")
            | select((.body // \"\") | startswith(\"$mark\")) | .number // .id"

        # GitHub takes 65,536 characters; what is cut off is in the run's summary.
        body() {
            local run=$GITHUB_SERVER_URL/$GITHUB_REPOSITORY/actions/runs/$GITHUB_RUN_ID
            jq --null-input --rawfile text "$1" --arg mark "$mark" --arg run "$run" '
                ($text | if length > 60000 then .[:60000] + "\n\n… cut off" else . end) as $text
                | {body: "\($mark)\n\($text)\n\n[The run](\($run))"}'
        }

        """#
}
