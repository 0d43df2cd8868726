extension WorkflowFile {
    /// What a deploy job runs on the service's own machine. A release is a folder with all that
    /// the application needs, named by what is in it, so the same content is the same release.
    ///
    /// The `.env` syntax is Compose's: <https://github.com/compose-spec/compose-go>, dotenv.
    static let deployScript = script(
        "deploy",
        #"""
        # Deploys services/SERVICE on the machine that this runs on. When the new release does not
        # become healthy, the one before is restored and the job fails.
        #
        # usage: deploy SERVICE
        #   LAUNCH_SECRETS       the variables that go into .env, separated by blanks
        #   LAUNCH_HEALTH        the URL that must answer; empty when Compose's word is enough
        #   LAUNCH_TUNNEL_IMAGE  the tunnel's connector; empty for a service without a tunnel
        #   LAUNCH_TUNNEL_TOKEN  its token
        #   LAUNCH_ORIGIN_CERTIFICATE  a private key and its certificate; not set for a service that
        #                        has none of Launch's
        #   LAUNCH_FORMER        what the service was called before; its machine may have been set up
        #                        under that name
        #   LAUNCH_PATIENCE      how many seconds a release may take to become healthy: 300
        #   LAUNCH_HOME          where releases and the certificate are kept: /srv/SERVICE
        set -euo pipefail

        service=$1
        former=${LAUNCH_FORMER:-}
        home=${LAUNCH_HOME:-/srv/$service}
        releases=$home/releases
        tls=$home/tls
        patience=${LAUNCH_PATIENCE:-300}
        token=${LAUNCH_TUNNEL_TOKEN:-}
        certificate=${LAUNCH_ORIGIN_CERTIFICATE-none}
        unset LAUNCH_TUNNEL_TOKEN LAUNCH_ORIGIN_CERTIFICATE

        say() { printf 'launch: %s\n' "$*"; }
        fail() {
            printf '::error::%s\n' "$*"
            exit 1
        }

        # A machine keeps the folder that it was set up with, and with it the name of its Compose
        # project, to which volumes and networks belong; the new name leads there. Only root may
        # write beside the folder, so a container makes the link.
        # https://hub.docker.com/_/busybox
        settle_in() {
            local root=${home%/*} folder
            if [[ ! -e $home && -n $former && -d $root/$former ]]; then
                folder=$(basename "$(readlink -f "$root/$former")")
                say "$service goes on with what $former had"
                docker run --rm --volume "$root:/mnt" busybox:1.38.0 \
                    ln -s "$folder" "/mnt/${home##*/}"
            fi
            project=$service
            [[ ! -L $home ]] || project=$(basename "$(readlink -f "$home")")
        }

        # A value that Compose reads back unchanged: on one line, nothing in it expanded.
        quoted() {
            local value=$1
            value=${value//\\/\\\\}
            value=${value//\"/\\\"}
            value=${value//\$/\\\$}
            value=${value//$'\n'/\\n}
            value=${value//$'\r'/\\r}
            printf '"%s"' "$value"
        }

        # Takes the secrets out of the environment, where they would win over an older .env.
        write_secrets() {
            local name missing=()
            for name in ${LAUNCH_SECRETS:-}; do
                [[ -n ${!name:-} ]] || missing+=("$name")
            done
            [[ ${#missing[@]} -eq 0 ]] || fail "not set in GitHub's secrets: ${missing[*]}"
            (
                umask 077
                for name in ${LAUNCH_SECRETS:-}; do
                    printf '%s=%s\n' "$name" "$(quoted "${!name}")"
                done > "$1"
            )
            for name in ${LAUNCH_SECRETS:-}; do unset "$name"; done
        }

        # Sets `release`. A folder appears under its name only when it is complete.
        stage_release() {
            local staged=$releases/.staged
            rm -rf "$staged"
            mkdir -p "$releases"
            cp -a "services/$service" "$staged"
            chmod 700 "$staged"
            rm -f "$staged/.env"
            write_secrets "$staged/.env"
            local form=(--sort=name --mtime=@0 --owner=0 --group=0 --numeric-owner)
            release=$releases/$(tar "${form[@]}" -C "$staged" -c . | sha256sum | cut -c 1-16)
            if [[ -d $release ]]; then rm -rf "$staged"; else mv "$staged" "$release"; fi
        }

        # Key and certificate change together: both names lead through one link, which is replaced
        # at once. The link is inside of the folder, so containers that have that mounted follow it.
        write_certificate() {
            [[ $certificate != none ]] || return 0
            local key=${certificate%%-----BEGIN CERTIFICATE-----*} chain folder name
            [[ $certificate == *"PRIVATE KEY-----"*"-----BEGIN CERTIFICATE-----"* ]] ||
                fail "the origin certificate is not in GitHub's secrets: converge puts it there"
            chain=${certificate#"$key"}
            folder=.$(printf '%s' "$certificate" | sha256sum | cut -c 1-16)
            [[ $(readlink "$tls/.current" || :) != "$folder" ]] || return 0
            (
                umask 077
                mkdir -p "$tls/$folder"
                printf '%s' "$key" > "$tls/$folder/origin.key"
                printf '%s\n' "${chain%$'\n'}" > "$tls/$folder/origin.pem"
            )
            chmod 700 "$tls"
            for name in origin.key origin.pem; do ln -sfn ".current/$name" "$tls/$name"; done
            ln -sfn "$folder" "$tls/.next"
            mv -T "$tls/.next" "$tls/.current"
        }

        # Programs read a certificate when they start. What they started with is noted, so that a
        # deploy that broke off in between is made up for.
        restart_with_certificate() {
            local folder
            [[ $certificate != none ]] || return 0
            folder=$(readlink "$tls/.current")
            [[ $(readlink "$tls/.used" || :) != "$folder" ]] || return 0
            if [[ -n $current ]]; then
                say "restarting $service with its new certificate"
                compose "$1" restart || return 1
                start "$1" || return 1
            fi
            ln -sfn "$folder" "$tls/.used"
        }

        # What a service without a certificate of Launch's, or an earlier one, has left.
        prune_certificates() {
            local folder
            [[ -L $tls/.current ]] || return 0
            for folder in "$tls"/.[0-9a-f]*; do
                [[ -d $folder && ! -L $folder ]] || continue
                [[ $certificate != none && $folder == "$tls/$(readlink "$tls/.current")" ]] ||
                    rm -rf "$folder"
            done
            [[ $certificate == none ]] || return 0
            rm -f "$tls/origin.key" "$tls/origin.pem" "$tls/.used" "$tls/.current"
            rmdir --ignore-fail-on-non-empty "$tls"
        }

        compose() {
            local folder=$1
            shift
            docker compose --project-name "$project" --project-directory "$folder" \
                --file "$folder/compose.yaml" --env-file "$folder/.env" "$@"
        }

        start() {
            compose "$@" up --detach --remove-orphans --wait --wait-timeout "$patience"
        }

        answers() {
            [[ -n ${LAUNCH_HEALTH:-} ]] || return 0
            curl --silent --show-error --fail --output /dev/null --max-time 10 \
                --retry "$patience" --retry-delay 2 --retry-max-time "$patience" \
                --retry-all-errors "$LAUNCH_HEALTH"
        }

        # Tags move; a release that comes back gets the images that it had.
        note_images() {
            local image
            compose "$1" config --images | sort -u | while read -r image; do
                printf '%s %s\n' "$(docker image inspect --format '{{.Id}}' "$image")" "$image"
            done > "$1.images.new"
            mv "$1.images.new" "$1.images"
        }

        restore() {
            local id image
            while read -r id image; do
                docker tag "$id" "$image" 2>/dev/null || say "$image stays as it is"
            done < "$1.images"
            compose "$1" up --detach --remove-orphans --pull never \
                --wait --wait-timeout "$patience"
        }

        point() {
            ln -sfn "$(basename "$2")" "$releases/.$1"
            mv -T "$releases/.$1" "$releases/$1"
        }

        prune() {
            local kept=("$current" "$(readlink -f "$releases/previous" || :)") folder id used
            for folder in "$releases"/*; do
                [[ ! -L $folder && " ${kept[*]} " != *" ${folder%.images} "* ]] || continue
                rm -rf "$folder"
            done
            used=$(
                cat "$releases"/*.images
                docker container inspect launch-tunnel --format '{{.Image}}' 2>/dev/null || :
            )
            docker image ls --quiet --no-trunc | sort -u | while read -r id; do
                [[ $used == *"$id"* ]] || docker image rm "$id" >/dev/null 2>&1 || :
            done
        }

        connect() {
            local image=${LAUNCH_TUNNEL_IMAGE:-} digest running
            running=$(docker container inspect launch-tunnel --format \
                '{{.State.Running}} {{index .Config.Labels "launch.digest"}}' 2>/dev/null) || :
            if [[ -z $image ]]; then
                [[ -z $running ]] || docker rm --force launch-tunnel
                return 0
            fi
            [[ -n $token ]] || fail "the tunnel's token is not in GitHub's secrets: converge puts it there"
            digest=$(printf '%s %s' "$image" "$token" | sha256sum | cut -d ' ' -f 1)
            [[ $running != "true $digest" ]] || return 0
            say "starting the tunnel's connector"
            docker pull --quiet "$image"
            [[ -z $running ]] || docker rm --force launch-tunnel
            TUNNEL_TOKEN=$token docker run --detach --name launch-tunnel --network host \
                --restart unless-stopped --label "launch.digest=$digest" --env TUNNEL_TOKEN \
                "$image" tunnel --no-autoupdate run
        }

        settle_in
        write_certificate
        stage_release
        current=$(readlink -f "$releases/current" || :)
        [[ -d $current ]] || current=
        compose "$release" config --quiet
        compose "$release" pull --quiet --ignore-buildable
        compose "$release" build --quiet --pull
        if ! { start "$release" && restart_with_certificate "$release" && answers; }; then
            compose "$release" ps --all
            compose "$release" logs --no-color --tail 100
            [[ -n $current ]] || fail "$service does not become healthy, and there is no release before"
            say "restoring the release before"
            { restore "$current" && restart_with_certificate "$current"; } ||
                fail "$service does not become healthy, and neither does the release before"
            fail "$service does not become healthy; the release before runs again"
        fi
        note_images "$release"
        if [[ $release != "$current" ]]; then
            [[ -z $current ]] || point previous "$current"
            point current "$release"
            current=$release
        fi
        connect
        prune
        prune_certificates
        say "$service runs release $(basename "$release")"
        """#)
}
