extension WorkflowFile {
    /// What a push means for the services. The base is the last push that converged whole, so a
    /// run that failed or was replaced in the queue loses nothing.
    static let changesScript = script(
        "changes",
        #"""
        # Says which services a push changed and which it removed, as JSON lists for later jobs.
        # launch.yaml, the deploy script and the setup action concern every service; infrastructure/*.tf
        # concern each that these describe. Services do not depend on each other, but for one that takes over from its former name (`was`).
        #
        # usage: changes BEFORE AFTER
        set -euo pipefail

        last_success() {
            gh run list --workflow converge.yml --branch "$GITHUB_REF_NAME" --status success \
                --limit 1 --json headSha --jq '.[0].headSha // empty' || :
        }

        is_known() { [[ -n $1 ]] && git cat-file -e "$1^{commit}" 2>/dev/null; }

        # The services that modules in infrastructure/*.tf describe at a commit.
        modules() {
            git ls-tree --name-only "$1" infrastructure/ | sed -n '/\.tf$/p' | while IFS= read -r file; do
                git show "$1:$file"
            done | awk '
                function finish() { if (ours && name != "") print name; ours = 0; name = "" }
                /^[ \t]*module[ \t]/ { finish(); name = $2; gsub(/["{]/, "", name) }
                /^[ \t]*source[ \t]*=[ \t]*"\.\.?\/(.*\/)?launch-service\/*"/ { ours = 1 }
                /^[ \t]*service_name[ \t]*=[ \t]*"/ { split($0, parts, "\""); name = parts[2] }
                /^}/ { finish() }
                END { finish() }'
        }

        # The services of a commit.
        services() {
            {
                git ls-tree -r --name-only "$1" services/ \
                    | sed -nE 's#^services/([^/]*)/service\.(yaml|hcl)$#\1#p'
                modules "$1"
            } | sort -u
        }

        as_json() { jq --raw-input --null-input --compact-output '[inputs | select(. != "")]'; }

        base=$(last_success)
        is_known "$base" || base=$1
        changed=$(services "$2")
        removed=
        if is_known "$base"; then
            paths=$(git diff --name-only --no-renames "$base" "$2")
            if ! grep -qxE 'launch\.yaml|action\.yml|\.github/launch/deploy' <<< "$paths"; then
                touched=$(
                    sed -n 's|^services/\([^/]*\)/.*|\1|p' <<< "$paths"
                    # A module may refer to any of the files.
                    ! grep -qE '^infrastructure/[^/]*\.tf$' <<< "$paths" || modules "$2"
                )
                touched=$(sort -u <<< "$touched")
                changed=$(comm -12 <(sort <<< "$changed") - <<< "$touched")
            fi
            renamed=$(git grep -hE '^[[:blank:]]*was[[:blank:]]*[:=]' "$2" \
                -- 'services/*/service.yaml' 'services/*/service.hcl' 'infrastructure/*.tf' \
                | sed -E "s/^[^:=]*[:=][[:blank:]]*[\"']?([a-z0-9-]+).*/\1/" | sort -u || :)
            removed=$(comm -23 <(services "$base" | sort) <(services "$2" | sort) \
                | comm -23 - <(printf '%s\n' "$renamed"))
        fi
        {
            printf 'changed=%s\n' "$(as_json <<< "$changed")"
            printf 'removed=%s\n' "$(as_json <<< "$removed")"
        } | tee -a "$GITHUB_OUTPUT"
        """#)
}
