extension WorkflowFile {
    /// One issue for all drift, which speaks up when something new is found, and else is silent.
    ///
    /// A comment notifies, an edit of the issue's body does not. The comment comes first: a run that
    /// breaks off in between tells the same again, and keeps nothing to itself.
    static let issueScript = script(
        "issue",
        #"""
        # Keeps one issue about all findings. Nothing is written while the report stays the same, and
        # nobody is notified until something is found that the issue does not list yet.
        #
        # usage: issue TITLE REPORT FINDINGS
        #   REPORT    what the issue says, as Markdown that Launch wrote: it fits
        #   FINDINGS  the same, as `launch drift --format json` writes it
        """# + "\n" + reporting + "\n"
            + #"""
            path=repos/$GITHUB_REPOSITORY/issues
            issue=$(gh api --paginate "$path?state=all&creator=github-actions%5Bbot%5D&per_page=100" \
                --jq "$ours | {number, state, body} | tojson" | sed -n 1p)
            text=$(sha256sum < "$2" | cut -c 1-16)
            # Of more than a thousand findings, the issue has room for what they are together.
            together=$(jq --compact-output '[.findings[].fingerprint] | sort' "$3" | sha256sum | cut -c 1-8)

            # Every request that is due, one a line.
            jq --null-input --compact-output --arg path "$path" --argjson issue "${issue:-null}" \
                --arg title "$1" --rawfile report "$2" --slurpfile found "$3" --arg text "$text" \
                --arg together "$together" --arg mark "$mark" --arg foot "$foot" '
                def listed: (.body // "") | [scan("<!-- launch:findings ([^>]*) -->")]
                    | flatten | join(" ") | split(" ");
                $found[0].findings as $findings
                | ($findings | map(.fingerprint[:8]) | unique) as $each
                | (if ($each | length) > 1000 then [$together] else $each end) as $now
                | ($issue | if . then listed else [] end) as $known
                | ($now - $known) as $new
                | "<!-- launch:findings \($now | join(" ")) -->" as $list
                | "<!-- launch:report \($text) -->" as $print
                | "\($mark)\n\($list)\n\($print)\n\($report)\n\($foot)" as $body
                | ($findings | map(select(.fingerprint[:8] as $one | $new | index($one)))
                    | map("- \(.kind) <code>\(.address | @html)</code>")) as $lines
                | (if $lines == [] then ["There are other findings than before."] else $lines end
                    | .[:20] + if length > 20 then ["- … and \(length - 20) more"] else [] end
                    | join("\n")) as $news
                | "\($path)/\($issue.number // "")" as $at
                | if $issue == null then
                    select($now != []) | {method: "POST", path: $path, body: {$title, $body}}
                elif $new != [] then
                    {method: "POST", path: "\($at)/comments", body: {body: "New:\n\n\($news)\n\n\($foot)"}},
                    {method: "PATCH", path: $at, body: {$body, state: "open"}}
                elif $now == [] and $issue.state == "open" then
                    {method: "POST", path: "\($at)/comments", body: {body: "No drift any more. \($foot)"}},
                    {method: "PATCH", path: $at, body: {$body, state: "closed"}}
                elif $issue.body | contains($print) then empty
                else {method: "PATCH", path: $at, body: {$body}} end' \
                | while read -r request; do
                    jq .body <<< "$request" | gh api --input - --silent \
                        --method "$(jq -r .method <<< "$request")" "$(jq -r .path <<< "$request")"
                done
            """#)
}
