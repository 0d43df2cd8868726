extension WorkflowFile {
    /// What a push means for the services. The base is the last push that converged whole, so a
    /// run that failed or was replaced in the queue loses nothing.
    static let changesScript = script(
        "changes",
        #"""
        # Says which services a push changed and which it removed, as JSON lists for later jobs.
        # launch.yaml, the deploy script and the setup action concern every service. Services do
        # not depend on each other, but for one that takes over from its former name (`was`).
        #
        # usage: changes BEFORE AFTER
        set -euo pipefail

        last_success() {
            gh run list --workflow converge.yml --branch "$GITHUB_REF_NAME" --status success \
                --limit 1 --json headSha --jq '.[0].headSha // empty' || :
        }

        is_known() { [[ -n $1 ]] && git cat-file -e "$1^{commit}" 2>/dev/null; }

        # The services of a commit.
        services() {
            git ls-tree -r --name-only "$1" services/ | sed -n 's|^services/\([^/]*\)/service\.yaml$|\1|p'
        }

        as_json() { jq --raw-input --null-input --compact-output '[inputs | select(. != "")]'; }

        base=$(last_success)
        is_known "$base" || base=$1
        changed=$(services "$2")
        removed=
        if is_known "$base"; then
            paths=$(git diff --name-only --no-renames "$base" "$2")
            if ! grep -qxE 'launch\.yaml|action\.yml|\.github/launch/deploy' <<< "$paths"; then
                touched=$(sed -n 's|^services/\([^/]*\)/.*|\1|p' <<< "$paths" | sort -u)
                changed=$(comm -12 <(sort <<< "$changed") - <<< "$touched")
            fi
            renamed=$(git grep -hE '^was:' "$2" -- 'services/*/service.yaml' \
                | sed -E "s/^was:[[:space:]]*[\"']?([a-z0-9-]+).*/\1/" | sort -u || :)
            removed=$(comm -23 <(services "$base" | sort) <(services "$2" | sort) \
                | comm -23 - <(printf '%s\n' "$renamed"))
        fi
        {
            printf 'changed=%s\n' "$(as_json <<< "$changed")"
            printf 'removed=%s\n' "$(as_json <<< "$removed")"
        } | tee -a "$GITHUB_OUTPUT"
        """#)
}
