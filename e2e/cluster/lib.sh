# What the groups of e2e/cluster.sh have in common.

# ---- the checks ---------------------------------------------------------------------------------------------------------

say() { printf '%6d s  %s\n' "$SECONDS" "$*"; }

seconds_since() { awk -v a="$1" -v b="$(date +%s.%N)" 'BEGIN { printf "%.1f", b - a }'; }

record() { # ok|FAILED, since, text; $TMP/out is what the check said
    local took
    took=$(seconds_since "$2")
    if [ "$1" = ok ]; then passed=$((passed + 1)); else failed=$((failed + 1)); fi
    printf '%-6s %6s s  %s\n' "$1" "$took" "$3"
    printf '| %s | %s | %s s | %s |\n' "$3" "$1" "$took" "${4:-}" >>"$rows"
}

check() { # TEXT COMMAND...
    local text=$1 begun
    begun=$(date +%s.%N)
    shift
    if "$@" >"$TMP/out" 2>&1; then
        record ok "$begun" "$text"
    else
        record FAILED "$begun" "$text"
        tail -n 25 "$TMP/out" | sed 's/^/         | /'
        return 1
    fi
}

until_true() { # seconds, command...: the command, again each half second until it succeeds
    local end=$((SECONDS + $1))
    shift
    until "$@"; do
        [ "$SECONDS" -lt "$end" ] || return 1
        sleep 0.5
    done
}

k() { kubectl -n "$NS" "$@"; }

h() { helm -n "$NS" "$@"; }

# ---- the load -----------------------------------------------------------------------------------------------------------

java_tool() { # class, arguments; replaces the shell that it runs in
    local class=org.vitrina.e2e.$1
    shift
    exec "$JAVA_HOME/bin/java" -Xmx128m -XX:+UseSerialGC -XX:TieredStopAtLevel=1 \
        -cp "$ROOT/e2e/target/test-classes:$ROOT/e2e/target/lib/*" "$class" "$@"
}

bff_url() { # sets url, where the BFF's NodePort is asked
    url=http://127.0.0.1:$(k get svc "$RELEASE"-bff -o 'jsonpath={.spec.ports[?(@.name=="http")].nodePort}')
}

start_load() {
    [ -z "$loading" ] || return 0
    bff_url || return
    until_true 60 complete || return
    coproc LOAD { java_tool Load "$url" "$RATE" 2>"$TMP/load.err"; }
    loading=$LOAD_PID
    until_true 60 steady || {
        cat "$TMP/steady"
        echo "the pages were not all complete for three seconds, though nothing was done to the release"
        return 1
    }
}

# The load itself and processes that were never asked begin cold, which no check is about.
steady() {
    # shellcheck disable=SC2015
    load begin && sleep 3 && load end >"$TMP/steady" 2>&1 || return
    [ "$(tail -n 1 "$TMP/steady")" = "all right" ] && [ "$(grep -cE '^[0-9]+ ' "$TMP/steady")" -eq 2 ] && grep -qE '^[0-9]+ complete$' "$TMP/steady"
}

stop_load() {
    [ -z "$loading" ] || kill "$loading" 2>/dev/null
    [ -z "$loading" ] || wait "$loading" 2>/dev/null
    loading=''
}

load() { # begin; or end, which prints what the load saw
    local line
    echo "$1" >&"${LOAD[1]}" || return
    [ "$1" = end ] || return 0
    while read -r -t 60 line <&"${LOAD[0]}"; do
        [ "$line" != . ] || return 0
        printf '%s\n' "$line"
    done
    cat "$TMP/load.err"
    echo "the load does not answer"
    return 1
}

# the page as it should be: nothing missing, nothing old
complete() { curl -fsS --max-time 5 "$url/products/all?user_id=1" | grep -q '"degraded":\[\]'; }

gone() { # pods: none of the release is on its way out
    [ -z "$(k get pods -l "app.kubernetes.io/instance=$RELEASE,app.kubernetes.io/component!=test" \
        -o 'jsonpath={range .items[?(@.metadata.deletionTimestamp)]}{.metadata.name} {end}')" ]
}

rolled_out() { k rollout status deploy -l app.kubernetes.io/instance="$RELEASE" --timeout=180s; }

settled() { # everything is there, nothing is on its way out, pages are complete
    rolled_out || return
    until_true 90 gone || {
        echo "pods do not end"
        return 1
    }
    # a deployment may not have noticed at first that it lacks a pod
    rolled_out || return
    until_true 40 complete || {
        echo "pages are not complete again: $(curl -sS --max-time 5 "$url/products/all?user_id=1" | grep -o '"degraded".*')"
        return 1
    }
}

# Does it, waits until all is settled, and passes when in all that time every page was complete, or degraded and said so.
under_load() { # TEXT COMMAND...
    judge 'all right' "$@"
}

judge() { # pattern that the load's last line must match, TEXT COMMAND...
    local right=$1 text=$2 begun result=ok
    shift 2
    begun=$(date +%s.%N)
    # shellcheck disable=SC2015
    start_load >"$TMP/out" 2>&1 && load begin || {
        record FAILED "$begun" "$text"
        sed 's/^/         | /' "$TMP/out"
        return 1
    }
    "$@" >"$TMP/out" 2>&1 && settled >>"$TMP/out" 2>&1 || result=FAILED
    load end >"$TMP/figures" 2>&1 || result=FAILED
    [[ $(tail -n 1 "$TMP/figures") =~ ^$right$ ]] || result=FAILED
    record $result "$begun" "$text" "$(paste -sd ';' "$TMP/figures" | sed 's/;/; /g; s/|/\\|/g')"
    sed 's/^/           /' "$TMP/figures"
    [ $result = ok ] || tail -n 15 "$TMP/out" | sed 's/^/         | /'
    [ $result = ok ]
}

# ---- the cluster --------------------------------------------------------------------------------------------------------

pod() { # service -> name of its newest pod that runs
    k get pods -l "app.kubernetes.io/instance=$RELEASE,app.kubernetes.io/component=$1" --sort-by=.metadata.creationTimestamp \
        -o 'jsonpath={range .items[?(@.status.phase=="Running")]}{.metadata.name} {.metadata.deletionTimestamp}{"\n"}{end}' |
        awk 'NF == 1 { name = $1 } END { print name }'
}

replicas() { # service, least, most: so many of its pods are ready
    local ready
    ready=$(k get deploy "$RELEASE-$1" -o 'jsonpath={.status.readyReplicas}')
    k get hpa "$RELEASE-$1" --no-headers
    [ "${ready:-0}" -ge "$2" ] && [ "$ready" -le "$3" ]
}

restarts() { # pod, container -> how often it was started again
    k get pod "$1" -o "jsonpath={.status.containerStatuses[?(@.name==\"$2\")].restartCount}{.status.initContainerStatuses[?(@.name==\"$2\")].restartCount}"
}

container_id() { # pod, container
    k get pod "$1" -o "jsonpath={.status.containerStatuses[?(@.name==\"$2\")].containerID}{.status.initContainerStatuses[?(@.name==\"$2\")].containerID}" |
        sed 's|.*//||'
}

# Pids on the node; the node is this machine, also with kind, whose nodes are containers here.
pids() { # pod, container, name of the program
    local id file pid
    id=$(container_id "$1" "$2")
    [ -n "$id" ] || return 1
    grep -ls "$id" /proc/[0-9]*/cgroup | while read -r file; do
        pid=${file#/proc/}
        pid=${pid%/cgroup}
        [ "$(cat "/proc/$pid/comm" 2>/dev/null)" != "$3" ] || echo "$pid"
    done
}

main_pid() { # pod, container: the process that is number 1 in its container
    local id file pid
    id=$(container_id "$1" "$2")
    [ -n "$id" ] || return 1
    grep -ls "$id" /proc/[0-9]*/cgroup | while read -r file; do
        pid=${file#/proc/}
        pid=${pid%/cgroup}
        [ "$(awk '$1 == "NSpid:" { print $NF }' "/proc/$pid/status" 2>/dev/null)" != 1 ] || echo "$pid"
    done | head -n 1
}

kill_hard() { # pids
    [ $# -gt 0 ] || {
        echo "there is no such process"
        return 1
    }
    if [ "$(id -u)" -eq 0 ]; then kill -9 "$@"; else sudo -n kill -9 "$@"; fi
}

kill_container() { # pod, container: and waits until the kubelet has started it again
    local before
    before=$(restarts "$1" "$2")
    # shellcheck disable=SC2046
    kill_hard $(main_pid "$1" "$2") || return
    until_true 60 restarted "$1" "$2" "$before" || {
        echo "container $2 of $1 was not started again"
        return 1
    }
    k wait --for=condition=Ready "pod/$1" --timeout=90s
}

restarted() { [ "$(restarts "$1" "$2")" = $(($3 + 1)) ]; }

kill_service() { kill_container "$(pod "$1")" "$1"; }

# ---- the release --------------------------------------------------------------------------------------------------------

make_namespace() { # name: one that refuses what is not restricted
    ! kubectl create namespace "$1" 2>/dev/null || made+=("$1")
    kubectl label --overwrite namespace "$1" pod-security.kubernetes.io/enforce=restricted
}

# The machine's own side of a NodePort: some clusters let the policies judge it too.
from_this_machine() {
    kubectl get nodes -o 'jsonpath={.items[0].status.addresses[?(@.type=="InternalIP")].address}' |
        awk -F. '{ printf "[{\"ipBlock\":{\"cidr\":\"%s.%s.0.0/16\"}}]", $1, $2 }'
}

values() { # options of every install; whoever asks has every role, where the chart knows of roles
    ! grep -q '^auth:' "${chart:-$CHART}/values.yaml" || printf '%s\n' --set auth.mode=off
    printf '%s\n' --set "image.tag=$tag" --set services.bff.service.type=NodePort --set "services.bff.service.nodePort=$node_port" \
        --set-json "services.bff.networkPolicy.from=$(from_this_machine)"
}

upgrade() { # options
    local options
    mapfile -t options < <(values)
    h upgrade "$RELEASE" "${chart:-$CHART}" "${options[@]}" --wait --wait-for-jobs --timeout 240s "$@"
}

port_forward() { # service, the bff where none is named, or pod/NAME; port, 80 where none is
    local end=$((SECONDS + 20)) port='' to=svc/$RELEASE-${1:-bff}
    [[ ${1:-} != pod/* ]] || to=$1
    # not by k: the pid would be a shell's, and kubectl would outlive it
    kubectl -n "$NS" port-forward "$to" ":${2:-80}" >"$TMP/forward" 2>&1 &
    forward=$!
    until [ -n "$port" ]; do
        [ "$SECONDS" -lt "$end" ] || {
            cat "$TMP/forward"
            return 1
        }
        sleep 0.2
        port=$(sed -n 's/^Forwarding from 127.0.0.1:\([0-9]*\).*/\1/p' "$TMP/forward")
    done
    forwarded=http://127.0.0.1:$port
}

stop_forward() {
    [ -z "$forward" ] || kill "$forward" 2>/dev/null
    [ -z "$forward" ] || wait "$forward" 2>/dev/null
    forward=''
}

service_asked() { # namespace, release, service, method, path, options: through a port-forward of its own
    local namespace=$1 release=$2 service=$3 method=$4 path=$5 pid port='' status end=$((SECONDS + 20))
    shift 5
    kubectl -n "$namespace" port-forward "svc/$release-$service" :80 >"$TMP/asked" 2>&1 &
    pid=$!
    until [ -n "$port" ] || [ "$SECONDS" -ge "$end" ]; do
        sleep 0.2
        port=$(sed -n 's/^Forwarding from 127.0.0.1:\([0-9]*\).*/\1/p' "$TMP/asked")
    done
    curl -fsS --max-time 10 -X "$method" "$@" "http://127.0.0.1:$port$path"
    status=$?
    kill $pid
    wait $pid 2>/dev/null
    return $status
}

of_release() { service_asked "$NS" "$RELEASE" "$@"; }

nothing_but_claims() { # namespace, claims
    local rest
    rest=$(left "$1" | sort | paste -sd ' ')
    echo "left: $rest"
    [ "$rest" = "$2" ]
}

left() { # namespace -> what is in it but what every namespace has, and events
    kubectl api-resources --verbs=list --namespaced -o name | grep -vE '^(events|events.events.k8s.io|pods.metrics.k8s.io)$' | paste -sd, |
        xargs -I{} kubectl -n "$1" get {} --ignore-not-found -o name 2>/dev/null |
        grep -vE '^(configmap/kube-root-ca.crt|serviceaccount/default)$'
}

uninstall() { # namespace, release
    helm -n "$1" uninstall "$2" --wait --timeout 120s
}

# ---- products and their predictions, for two groups ---------------------------------------------------------------------

row() { # number -> the features of that row of the data set
    sed -n "$(($1 + 2))s/\(.*\),[^,]*/[\1]/p" "$ROOT/platform/diabetes/src/main/resources/org/vitrina/diabetes/diabetes.csv"
}

prediction() { # product -> its value, as the BFF has it
    curl -fsS --max-time 5 "$url/predictions/product/$1" | grep -o '"value":[-0-9.]*' | cut -d : -f 2
}

predicted() { # product, value
    local value
    value=$(prediction "$1")
    echo "product $1: ${value:-none}, expected $2"
    [ -n "$value" ] && awk -v a="$value" -v b="$2" 'BEGIN { exit !(a - b <= 1e-6 && b - a <= 1e-6) }'
}

patch_features() { # product, features; at $forwarded, which leads to products
    curl -fsS --max-time 5 -o "$TMP/patched" -X PATCH -H 'Content-Type: application/merge-patch+json' -d '{"features":'"$2"'}' "$forwarded/products/$1"
}

rows_and_pairs() { # sets ahead: rows that were sent, less the pairs they made; while no row is sent
    local rows pairs
    rows=$(of_release features GET /ops/generator | grep -o '"rows":[0-9]*' | cut -d : -f 2)
    pairs=$(of_release metrics GET '/metrics/error?window=1d' | grep -o '"pairs":[0-9]*' | head -n 1 | cut -d : -f 2)
    echo "rows: ${rows:-none}, pairs: ${pairs:-none}"
    [ -n "$rows" ] && [ -n "$pairs" ] && [ "$pairs" -gt 0 ] && of_release features GET /ops/generator | grep -q "\"rows\":$rows," || return
    ahead=$((rows - pairs))
}

all_paired() { rows_and_pairs && [ "$ahead" -eq "$1" ]; }
