#!/usr/bin/env bash
# Proves charts/vitrina on a real cluster: install, traffic without a lost answer, kills, evictions, policies, uninstall. See --help.
set -uo pipefail
ROOT=$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/.." && pwd)
readonly ROOT
readonly SHARED=$ROOT/../shared/cluster
readonly CHART=$ROOT/charts/vitrina
readonly GROUPS_OF_CASES="install network values traffic orders predictions model kills evictions previous releases uninstall"
SERVICES=$(cd "$ROOT/services" && dirname -- */pom.xml | paste -sd ' ')
readonly SERVICES
# those that a page is made of
readonly PAGE="products inventory favorites cart bff"
readonly PREDICTIONS="predictions features model metrics"
readonly RATE=50

usage() {
    cat <<'TEXT'
e2e/cluster.sh [--load devcluster|kind|none] [--tag T] [--no-build] [--node-port N] [--only GROUP,...] [--keep] [--report FILE]

Installs charts/vitrina on the cluster of KUBECONFIG, in namespaces vitrina-proof*, and checks what it promises: each check is
a line with its time, what the load saw is below it, the last line is 'N passed, N failed'. Takes about 15 minutes on two cores.

  --load WHERE    how images get to the cluster: devcluster (../shared/cluster, which is brought up and, if it was down, taken
                  down again at the end), kind (the cluster $KIND_CLUSTER, default kind), none (they are there);
                  default: devcluster where that is there and KUBECONFIG is not set, else none
  --tag T         tag of the images (default proof)
  --no-build      take the images of that tag as they are
  --node-port N   port on 127.0.0.1 under which the BFF is asked; default: one that the cluster chooses.
                  kind needs the one that e2e/kind.yaml maps: 30900
  --only GROUPS   some of: install network values traffic orders predictions model kills evictions previous releases uninstall;
                  without 'install' an installed release is used
  --keep          leave everything as it is at the end; else the namespaces go that this run made
  --report FILE   write a table of the checks to FILE

Under load means: 50 pages a second, half on kept-alive, half on new connections, each answer judged (org.vitrina.e2e.Load).
Needs a JDK, Maven, kubectl and helm; kills need the right to end processes of the node (root, or sudo).
Exit status: 0 all passed, 1 not, 2 wrong command line.
TEXT
}

wrong() {
    printf '%s\n' "$1 See e2e/cluster.sh --help." >&2
    exit 2
}

stop() {
    printf 'cluster.sh: %s\n' "$1" >&2
    exit 1
}

load_by='' tag=proof build=yes node_port=0 only=$GROUPS_OF_CASES keep='' report=''
while [ $# -gt 0 ]; do
    case $1 in
    -h | --help)
        usage
        exit 0
        ;;
    --load | --tag | --node-port | --only | --report)
        [ $# -ge 2 ] || wrong "'$1' lacks its value."
        case $1 in
        --load) load_by=$2 ;;
        --tag) tag=$2 ;;
        --node-port) node_port=$2 ;;
        --only) only=${2//,/ } ;;
        --report) report=$(readlink -m "$2") ;;
        esac
        shift
        ;;
    --no-build) build='' ;;
    --keep) keep=yes ;;
    *) wrong "There is no option '$1'." ;;
    esac
    shift
done
for group in $only; do
    [[ " $GROUPS_OF_CASES " == *" $group "* ]] || wrong "There is no group '$group'."
done
if [ -z "$load_by" ]; then
    load_by=none
    [ -n "${KUBECONFIG:-}" ] || [ ! -x "$SHARED/up" ] || load_by=devcluster
fi
[[ $load_by =~ ^(devcluster|kind|none)$ ]] || wrong "--load is devcluster, kind or none, not '$load_by'."

NS=vitrina-proof NS2=vitrina-proof-2 RELEASE=vitrina
made=() # the namespaces of this run, which it removes
passed=0 failed=0 was_down='' forward='' loading=''
TMP=$(mktemp -d)
readonly TMP
rows=$TMP/rows

# ---- checks ---------------------------------------------------------------------------------------------------------

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

# ---- the load -------------------------------------------------------------------------------------------------------

java_tool() { # class, arguments; replaces the shell that it runs in
    local class=org.vitrina.e2e.$1
    shift
    exec "$JAVA_HOME/bin/java" -Xmx128m -XX:+UseSerialGC -XX:TieredStopAtLevel=1 \
        -cp "$ROOT/e2e/target/test-classes:$ROOT/e2e/target/lib/*" "$class" "$@"
}

start_load() {
    [ -z "$loading" ] || return 0
    url=http://127.0.0.1:$(k get svc $RELEASE-bff -o 'jsonpath={.spec.ports[?(@.name=="http")].nodePort}') || return
    until_true 60 complete || return
    coproc LOAD { java_tool Load "$url" $RATE 2>"$TMP/load.err"; }
    loading=$LOAD_PID
    until_true 60 steady || {
        cat "$TMP/steady"
        echo "the pages were not all complete for three seconds, though nothing was done to the release"
        return 1
    }
}

# The load itself and processes that were never asked begin cold, which no check is about.
steady() {
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

rolled_out() {
    local deployment
    for deployment in $(k get deploy -l app.kubernetes.io/instance=$RELEASE -o name); do
        k rollout status "$deployment" --timeout=180s || return
    done
}

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

# Does it, waits until all is settled, and passes when in all that time every page was complete or honestly degraded.
under_load() { # TEXT COMMAND...
    judge 'all right' "$@"
}

judge() { # pattern that the load's last line must match, TEXT COMMAND...
    local right=$1 text=$2 begun result=ok
    shift 2
    begun=$(date +%s.%N)
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

# ---- the cluster ----------------------------------------------------------------------------------------------------

pod() { # service -> name of its newest pod that runs
    k get pods -l "app.kubernetes.io/instance=$RELEASE,app.kubernetes.io/component=$1" --sort-by=.metadata.creationTimestamp \
        -o 'jsonpath={range .items[?(@.status.phase=="Running")]}{.metadata.name} {.metadata.deletionTimestamp}{"\n"}{end}' |
        awk 'NF == 1 { name = $1 } END { print name }'
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

# ---- images ---------------------------------------------------------------------------------------------------------

prepare_cluster() {
    case $load_by in
    devcluster)
        export KUBECONFIG=/var/lib/devcluster/kubeconfig/admin.conf PATH=/var/lib/devcluster/bin:$PATH
        kubectl get nodes --request-timeout=3s >/dev/null 2>&1 || was_down=yes
        say "cluster: $([ -n "$was_down" ] && echo "is being brought up" || echo "is up")"
        "$SHARED/up" >"$TMP/up.log" 2>&1 || {
            tail -n 20 "$TMP/up.log" >&2
            stop "the cluster does not come up"
        }
        # the base images of this chart: others would take minutes each
        "$SHARED/images" jre/bookworm redis/bookworm postgres/trixie rabbitmq/trixie busybox/trixie 2>&1 | sed -u 's/^/         /'
        [ "${PIPESTATUS[0]}" -eq 0 ] || stop "the stand-ins of the base images could not be built"
        ;;
    kind) command -v kind >/dev/null || stop "there is no program kind" ;;
    esac
    kubectl get nodes --request-timeout=10s >/dev/null || stop "the cluster of KUBECONFIG=${KUBECONFIG:-} does not answer"
}

images() { # tag -> names
    local service
    for service in $SERVICES migrations; do echo "vitrina/$service:$1"; done
}

give_images() { # names: to the cluster
    [ $load_by != kind ] || kind load docker-image --name "${KIND_CLUSTER:-kind}" "$@"
}

build_images() {
    local builder=docker
    [ $load_by != devcluster ] || builder=cluster
    "$ROOT/native-build/build" --tag "$tag" --builder $builder || return
    # shellcheck disable=SC2046
    give_images $(images "$tag")
}

within_budget() { # size, start and memory of each image, ADR 0013
    local runner=docker
    [ $load_by != devcluster ] || runner=cluster
    # shellcheck disable=SC2086
    "$ROOT/native-build/budget" --tag "$tag" --runner $runner $SERVICES migrations
}

# The migrations of a next release: one more change set, which only adds, and says that the release before works with it.
build_next_migrations() {
    local context=$TMP/next
    mkdir -p "$context"
    cat >"$context/9000-gift-wrap.sql" <<'SQL'
--liquibase formatted sql

--changeset vitrina:9000-gift-wrap labels:compatible
ALTER TABLE user_cart ADD COLUMN gift_wrap BOOLEAN NOT NULL DEFAULT FALSE;
--rollback ALTER TABLE user_cart DROP COLUMN gift_wrap;
SQL
    printf 'FROM vitrina/migrations:%s\nCOPY 9000-gift-wrap.sql changelog/cart/\n' "$tag" >"$context/Dockerfile"
    if [ $load_by = devcluster ]; then
        "$SHARED/build-image" "vitrina/migrations:$tag-next" "$context"
    else
        docker build -t "vitrina/migrations:$tag-next" "$context"
    fi && give_images "vitrina/migrations:$tag-next"
}

build_tools() { # what runs Load, Contract and Rows
    local classes=$ROOT/e2e/target/test-classes/org/vitrina/e2e
    JAVA_HOME=$("$ROOT/vitrina" jdk) || return
    export JAVA_HOME
    if [ -d "$ROOT/e2e/target/lib" ] && [ -f "$classes/Load.class" ] &&
        [ -z "$(find "$ROOT/e2e/pom.xml" "$ROOT/e2e/src/test/java/org/vitrina/e2e" -maxdepth 1 -newer "$classes/Load.class")" ]; then
        return 0
    fi
    "${MAVEN_HOME:+$MAVEN_HOME/bin/}mvn" -B -q -f "$ROOT/pom.xml" -Dquick -DskipTests -pl e2e -am package
}

# ---- install --------------------------------------------------------------------------------------------------------

make_namespace() { # name: one that refuses what is not restricted
    ! kubectl create namespace "$1" 2>/dev/null || made+=("$1")
    kubectl label --overwrite namespace "$1" pod-security.kubernetes.io/enforce=restricted
}

# The machine's own side of a NodePort: some clusters let the policies judge it too.
from_this_machine() {
    kubectl get nodes -o 'jsonpath={.items[0].status.addresses[?(@.type=="InternalIP")].address}' |
        awk -F. '{ printf "[{\"ipBlock\":{\"cidr\":\"%s.%s.0.0/16\"}}]", $1, $2 }'
}

values() { # options of every install
    printf '%s\n' --set "image.tag=$tag" --set services.bff.service.type=NodePort --set "services.bff.service.nodePort=$node_port" \
        --set-json "services.bff.networkPolicy.from=$(from_this_machine)"
}

install_release() {
    local options
    mapfile -t options < <(values)
    h install $RELEASE "$CHART" "${options[@]}" --wait --wait-for-jobs --timeout 180s
}

upgrade() { # options
    local options
    mapfile -t options < <(values)
    h upgrade $RELEASE "${chart:-$CHART}" "${options[@]}" --wait --wait-for-jobs --timeout 240s "$@"
}

port_forward() { # service, the bff where none is named; port, 80 where none is
    local end=$((SECONDS + 20)) port=''
    # not by k: the pid would be a shell's, and kubectl would outlive it
    kubectl -n $NS port-forward "svc/$RELEASE-${1:-bff}" ":${2:-80}" >"$TMP/forward" 2>&1 &
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

contract() { (java_tool Contract "$forwarded"); }

group_install() {
    [ -z "$(h list -q)" ] || stop "there are releases in namespace $NS: $(h list -q | paste -sd ' '); remove them first"
    make_namespace $NS >/dev/null || stop "the namespace $NS could not be made"
    check "helm lint" helm lint "$CHART"
    check "helm install --wait --wait-for-jobs from nothing: everything ready within 3 minutes" install_release || stop_here
    check "kubectl port-forward svc/vitrina-bff" port_forward
    check "the contract of the BFF holds through it" contract
    sed 's/^/           /' "$TMP/out"
    stop_forward
    check "helm test" h test $RELEASE --timeout 90s
}

stop_here() {
    k get pods -o wide
    k get events --sort-by=.lastTimestamp | tail -n 15
    k logs -l "app.kubernetes.io/instance=$RELEASE" --all-containers --prefix --tail=8 2>/dev/null | tail -n 60
    finish
    exit 1
}

# ---- values ---------------------------------------------------------------------------------------------------------

refuses() { # what the sentence must name, options
    local names=$1
    shift
    if h install refused "$CHART" "$@" >"$TMP/refusal" 2>&1; then
        h uninstall refused
        echo "it was installed"
        return 1
    fi
    cat "$TMP/refusal"
    grep -qF -- "$names" "$TMP/refusal"
}

accepted() { # does the API server take what every supported combination of values renders? ServiceMonitor is not its own kind
    local values refused=0
    for values in "$CHART"/ci/*-values.yaml; do
        [[ $values != *service-monitor* ]] || continue
        helm template "$RELEASE" "$CHART" -n $NS -f "$values" | k apply --dry-run=server -f - >/dev/null || {
            echo "$values is refused" >&2
            refused=1
        }
    done
    return $refused
}

group_values() {
    check "the API server takes every combination of charts/vitrina/ci (--dry-run=server)" accepted
    check "an unknown key is refused by its name" refuses "'replica'" --set services.bff.replica=3
    check "a service that nobody knows is refused by its name" refuses services.bf.image.repository --set services.bf.replicas=3
    check "a value of a wrong type is refused by its name" refuses /services/cart/replicas --set-string services.cart.replicas=many
    check "a value that does not exist is refused by its name" refuses /services/bff/cache/topology --set services.bff.cache.topology=everywhere
    check "a call to a service that is not there is refused by its name" refuses services.bff.calls --set 'services.bff.calls={nobody}'
    check "no database at all is refused: postgres.external.host" refuses postgres.external.host --set postgres.enabled=false
    check "a Secret that is missing is refused: postgres.existingSecret" refuses postgres.existingSecret --set postgres.existingSecret=absent
    check "a port without its type is refused by its name" refuses services.bff.service.nodePort --set services.bff.service.nodePort=30999
}

# ---- network --------------------------------------------------------------------------------------------------------

probe_pod() { # namespace, name, component whose labels it wears (empty: a stranger)
    local labels='{run: probe}'
    [ -z "$3" ] || labels="{app.kubernetes.io/name: vitrina, app.kubernetes.io/instance: $RELEASE, app.kubernetes.io/component: $3}"
    # never ready: it wears a service's labels, but must get none of its requests
    kubectl -n "$1" apply -f - <<YAML
apiVersion: v1
kind: Pod
metadata: {name: $2, labels: $labels}
spec:
  automountServiceAccountToken: false
  terminationGracePeriodSeconds: 0
  securityContext: {runAsNonRoot: true, runAsUser: 65534, seccompProfile: {type: RuntimeDefault}}
  containers:
    - name: probe
      image: busybox:1.36
      command: [sleep, "600"]
      readinessProbe: {exec: {command: ["false"]}}
      securityContext: {allowPrivilegeEscalation: false, capabilities: {drop: [ALL]}}
YAML
}

reaches() { # namespace, pod, host, port
    kubectl -n "$1" exec "$2" -- timeout 3 nc -w 2 "$3" "$4" </dev/null
}

reaches_none() { # namespace, pod, host:port...
    local namespace=$1 name=$2 answers
    shift 2
    # all at once, as a closed port is known for one only when the time is up
    # shellcheck disable=SC2016 # for the shell of the pod
    answers=$(kubectl -n "$namespace" exec "$name" -- sh -c 'for target; do
            { timeout 3 nc -w 2 "${target%:*}" "${target#*:}" </dev/null >/dev/null 2>&1 && echo "reaches $target" || echo "not $target"; } &
        done; wait' sh "$@") || return
    echo "$name: $answers"
    [ "$(grep -c '^not ' <<<"$answers")" = $# ]
}

reaches_all() {
    local target namespace=$1 name=$2
    shift 2
    for target; do
        until_true 10 reaches "$namespace" "$name" "${target%:*}" "${target#*:}" || {
            echo "$name does not reach $target"
            return 1
        }
    done
}

foreign_pods_reach() { reaches_all $NS stranger "$1" && reaches_all $NS2 stranger "$1"; }

address() { echo "$RELEASE-$1.$NS.svc.cluster.local:$2"; }

probes_run() {
    local spec
    for spec in "$NS stranger" "$NS2 stranger" "$NS as-bff" "$NS as-products" "$NS as-orders" "$NS as-features"; do
        # shellcheck disable=SC2086
        kubectl -n ${spec% *} wait --for=jsonpath='{.status.phase}'=Running pod/${spec#* } --timeout=60s || return
    done
}

group_network() {
    local closed=() service
    make_namespace $NS2 >/dev/null
    for service in $SERVICES; do closed+=("$(address "$service" 80)"); done
    closed+=("$(address postgres 5432)" "$(address rabbitmq 5672)")
    { probe_pod $NS stranger '' && probe_pod $NS2 stranger '' && probe_pod $NS as-bff bff && probe_pod $NS as-products products &&
        probe_pod $NS as-orders orders && probe_pod $NS as-features features; } >/dev/null
    check "probe pods run" probes_run
    check "a pod that may call: as bff it reaches products, inventory, favorites, cart" reaches_all $NS as-bff \
        "$(address products 80)" "$(address inventory 80)" "$(address favorites 80)" "$(address cart 80)"
    check "a pod that may call: as products it reaches PostgreSQL" reaches_all $NS as-products "$(address postgres 5432)"
    [[ " $SERVICES " != *" orders "* ]] || check "a pod that may call: as orders it reaches products, wallet, inventory and RabbitMQ" reaches_all $NS as-orders \
        "$(address products 80)" "$(address wallet 80)" "$(address inventory 80)" "$(address rabbitmq 5672)"
    check "foreign pods have a network: they reach the API server" foreign_pods_reach kubernetes.default.svc.cluster.local:443
    check "a foreign pod of the same namespace reaches no service, no database and no broker" reaches_none $NS stranger "${closed[@]}"
    check "a pod of another namespace reaches no service, no database and no broker" reaches_none $NS2 stranger "${closed[@]}"
    check "the bff does not reach PostgreSQL, RabbitMQ, nor anybody's management port" reaches_none $NS as-bff \
        "$(address postgres 5432)" "$(address rabbitmq 5672)" "$(address products 9090)" "$(address cart 9090)"
    check "products does not reach cart, nor the API server" reaches_none $NS as-products "$(address cart 80)" kubernetes.default.svc.cluster.local:443
    check "a pod that only sends: as features it reaches RabbitMQ" reaches_all $NS as-features "$(address rabbitmq 5672)"
    check "... and no service, no database, nor the API server" reaches_none $NS as-features "$(address postgres 5432)" \
        "$(address model 80)" "$(address metrics 80)" "$(address predictions 80)" kubernetes.default.svc.cluster.local:443
    kubectl -n $NS delete pod stranger as-bff as-products as-orders as-features --now >/dev/null 2>&1
    kubectl -n $NS2 delete pod stranger --now >/dev/null 2>&1
}

# ---- traffic --------------------------------------------------------------------------------------------------------

delete_pod() { k delete pod "$(pod "$1")" --wait=false; }

restart() { k rollout restart "deploy/$RELEASE-$1"; }

each_other() { # command: for each service that no page needs
    local service
    for service in $SERVICES; do [[ " $PAGE " == *" $service "* ]] || "$1" "$service" || return; done
}

scale() {
    k scale "deploy/$RELEASE-bff" --replicas=3 && k rollout status "deploy/$RELEASE-bff" --timeout=120s &&
        k scale "deploy/$RELEASE-bff" --replicas=2
}

has_gift_wrap() { # yes|no: whether the cart's table has the next release's column
    local answer
    answer=$(k exec $RELEASE-postgres-0 -c postgres -- psql -U postgres -d cart -Atc \
        "select count(*) from information_schema.columns where table_name = 'user_cart' and column_name = 'gift_wrap'") || return
    [ "$answer" = "$([ "$1" = yes ] && echo 1 || echo 0)" ] || {
        echo "columns gift_wrap: $answer"
        return 1
    }
}

# Every pod of the shop is replaced at once. Those of the predictions are not among them: two processors that answer 50 pages a
# second have no room to start thirteen JVMs as well, and the two checks of each other service replace them under load.
upgrade_the_shop() { # a word that changes, options
    local service word=$1 changes=()
    shift
    for service in $SERVICES; do
        [[ " $PREDICTIONS " == *" $service "* ]] || changes+=(--set "services.$service.podAnnotations.release=$word")
    done
    upgrade "${changes[@]}" "$@"
}

upgrade_with_migration() {
    has_gift_wrap no && upgrade_the_shop next --set "migrations.image.tag=$tag-next" && has_gift_wrap yes
}

rollback() { # to what was before the last upgrade; the column stays, and the older release lives with it
    h rollback $RELEASE --wait --wait-for-jobs --timeout 240s && has_gift_wrap yes
}

group_traffic() {
    local service
    for service in $PAGE; do under_load "under load: kubectl delete pod of $service" delete_pod "$service"; done
    for service in $PAGE; do under_load "under load: kubectl rollout restart of $service" restart "$service"; done
    under_load "under load: kubectl delete pod of each other service, all at once" each_other delete_pod
    under_load "under load: kubectl rollout restart of each other service, all at once" each_other restart
    under_load "under load: kubectl scale of the bff, 2, 3, 2" scale
    under_load "under load: helm upgrade with changed values (every pod of the shop is replaced)" upgrade_the_shop this
    check "the image of a next release's migrations (one more change set)" build_next_migrations
    under_load "under load: helm upgrade with one more expanding migration" upgrade_with_migration
    under_load "under load: helm rollback of it" rollback
}

# ---- orders ---------------------------------------------------------------------------------------------------------

of_release() { service_asked $NS $RELEASE "$@"; }

# for customers 901 to 903: money and stock without end, and what the product costs
prepare_orders() {
    local user
    url=http://127.0.0.1:$(k get svc $RELEASE-bff -o 'jsonpath={.spec.ports[?(@.name=="http")].nodePort}') || return
    until_true 60 complete || return
    for user in 901 902 903; do
        curl -fsS --max-time 5 -X POST -H 'Content-Type: application/json' -H "Idempotency-Key: money-$user" -d '{"amount":"90000000.00"}' \
            "$url/wallet/top-ups?user_id=$user" || return
    done
    of_release inventory PUT /products/1/inventory -H 'Content-Type: application/json' -d '{"inventory":100000}' || return
    price=$(curl -fsS --max-time 5 "$url/products/1" | grep -o '"price":"[0-9.]*"' | cut -d '"' -f 4)
    [ -n "$price" ]
}

place() { # user, key: with the same key until it is accepted, as an app does that hears nothing or an error
    local end=$((SECONDS + 90)) status
    while [ "$SECONDS" -lt "$end" ]; do
        status=$(curl -sS --max-time 5 -o "$TMP/placed-$1" -w '%{http_code}' -X POST -H 'Content-Type: application/json' -H "Idempotency-Key: $2" \
            -d '{"products":[{"id":1,"price":"'"$price"'"}],"shipping_to":"Harbour 1","phone":"+79990000'"$1"'"}' "$url/api/v1/orders/?user_id=$1" 2>/dev/null)
        case $status in
        201 | 202) return ;;
        400 | 402 | 404 | 412 | 422) break ;;
        esac
        sleep 0.3
    done
    echo "order $2: $status $(cat "$TMP/placed-$1")"
    return 1
}

customer() { # user: one order after the other, until $TMP/enough is there
    local i=0
    until [ -e "$TMP/enough" ]; do
        place "$1" "order-$1-$i" >>"$TMP/refused" 2>&1 || return
        i=$((i + 1))
        echo $i >"$TMP/count-$1"
    done
}

orders_while_killed() {
    local user pids=() bad=0
    rm -f "$TMP/enough" "$TMP"/count-* "$TMP/refused"
    for user in 901 902 903; do
        customer $user &
        pids+=($!)
    done
    {
        kill_service orders && kill_container $RELEASE-rabbitmq-0 rabbitmq && kill_service notifications && kill_service wallet &&
            k delete pod $RELEASE-rabbitmq-0 --wait=true && kill_service inventory && kill_service orders &&
            k wait --for=condition=Ready pod/$RELEASE-rabbitmq-0 --timeout=90s
    } || bad=1
    sleep 3
    touch "$TMP/enough"
    wait "${pids[@]}"
    placed=$(cat "$TMP"/count-* | awk '{ sum += $1 } END { print sum + 0 }')
    echo "$placed orders were placed"
    cat "$TMP/refused" 2>/dev/null
    [ $bad = 0 ] && [ ! -s "$TMP/refused" ] && [ "$placed" -ge 30 ]
}

# what the services say of themselves, and that it agrees: so many confirmed orders, debits and SMS, and nothing under way
all_agree() { # orders
    local service answer wrong=0 confirmed sms
    for service in orders wallet inventory notifications; do
        answer=$(of_release $service GET /ops/audit) || return
        echo "$service: $answer"
        grep -q '"consistent":true' <<<"$answer" || wrong=1
        [ $service != orders ] || {
            confirmed=$(grep -o '"status":"confirmed","count":[0-9]*' <<<"$answer" | grep -o '[0-9]*$')
            grep -q '"unsettled":0,' <<<"$answer" || wrong=1
        }
        [ $service != wallet ] || grep -q "\"debits\":$1," <<<"$answer" || wrong=1
    done
    of_release sms-gateway GET '/sms?limit=1000' | grep -o '"client_ref":"[^"]*"' | sort >"$TMP/sms"
    sms=$(wc -l <"$TMP/sms")
    echo "$1 orders, ${confirmed:-none} confirmed, $sms SMS of $(uniq "$TMP/sms" | wc -l) events"
    [ $wrong = 0 ] && [ "${confirmed:-0}" -eq "$1" ] && [ "$sms" -eq "$1" ] && [ "$(uniq "$TMP/sms" | wc -l)" -eq "$1" ]
}

group_orders() {
    [[ " $SERVICES " == *" orders "* ]] || {
        say "there is no service orders yet"
        return
    }
    placed=0
    check "customers get money and the product stock" prepare_orders || return
    check "an order placed through the BFF is confirmed" eval 'place 901 first && grep "\"status\":\"confirmed\"" "$TMP/placed-901"'
    check "... its money is taken once and its SMS sent once" until_true 30 all_agree 1
    check "orders are placed while orders, wallet, inventory, notifications and RabbitMQ are killed one after the other" orders_while_killed
    check "... then each order is confirmed once, paid once and told once, and all audits agree" until_true 180 all_agree $((placed + 1))
    sed 's/^/           /' "$TMP/out" | tail -n 5 | cut -c 1-300
}

# ---- predictions ----------------------------------------------------------------------------------------------------

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

# Demonstration data: product 1 has the features of row 0, 103 those of row 102, whose prediction is known.
prepare_predictions() {
    url=http://127.0.0.1:$(k get svc $RELEASE-bff -o 'jsonpath={.spec.ports[?(@.name=="http")].nodePort}') || return
    port_forward products || return
    features=("$(row 102)" "$(row 0)") values=(150.647483)
    until_true 90 predicted 103 "${values[0]}" || return
    values[1]=$(prediction 1)
    [ -n "${values[1]}" ] && [ "${values[1]}" != "$(prediction 103)" ]
}

new_prediction() { patch_features 103 "${features[1]}" && until_true 60 predicted 103 "${values[1]}"; }

rows_and_pairs() { # sets ahead: rows that were sent, less the pairs they made; while no row is sent
    local rows pairs
    rows=$(of_release features GET /ops/generator | grep -o '"rows":[0-9]*' | cut -d : -f 2)
    pairs=$(of_release metrics GET '/metrics/error?window=1d' | grep -o '"pairs":[0-9]*' | head -n 1 | cut -d : -f 2)
    echo "rows: ${rows:-none}, pairs: ${pairs:-none}"
    [ -n "$rows" ] && [ -n "$pairs" ] && [ "$pairs" -gt 0 ] && of_release features GET /ops/generator | grep -q "\"rows\":$rows," || return
    ahead=$((rows - pairs))
}

has_pairs() { rows_and_pairs && labels_are_logged; }

labels_are_logged() {
    k exec "$(pod metrics)" -c metrics -- grep -m 1 -E 'y_true .* -?[0-9]+\.[0-9]+$' /logs/labels_log.txt
}

changes() { # one product after the other gets the features of one of the rows, round after round, until $TMP/enough is there
    local product round=0
    until [ -e "$TMP/enough" ]; do
        for product in {41..60}; do
            if patch_features "$product" "${features[(product + round) % 2]}" 2>>"$TMP/refused"; then
                echo $(((product + round) % 2)) >"$TMP/last-$product"
            else
                echo "product $product was not changed" >>"$TMP/refused"
            fi
        done
        round=$((round + 1))
        echo $round >"$TMP/rounds"
    done
}

changes_while_killed() {
    local changing bad=0
    rm -f "$TMP/enough" "$TMP"/last-* "$TMP/refused" "$TMP/rounds"
    changes &
    changing=$!
    { kill_service model && kill_container $RELEASE-rabbitmq-0 rabbitmq && kill_service predictions && kill_service metrics; } || bad=1
    sleep 3
    touch "$TMP/enough"
    wait $changing
    echo "$(cat "$TMP/rounds") rounds of changes"
    cat "$TMP/refused"
    [ $bad = 0 ] && [ ! -s "$TMP/refused" ] && [ "$(cat "$TMP/rounds")" -ge 3 ]
}

all_predicted() { # as the last change of each wants it
    local product
    for product in {41..60}; do predicted "$product" "${values[$(cat "$TMP/last-$product")]}" || return; done
}

all_paired() { rows_and_pairs && [ "$ahead" -eq "$1" ]; }

group_predictions() {
    [[ " $SERVICES " == *" predictions "* ]] || {
        say "there is no service predictions yet"
        return
    }
    ahead=0
    check "a product's prediction is read through the BFF, and is the one that is known of its features" prepare_predictions || {
        stop_forward
        return
    }
    check "a product that is PATCHed gets a new one" new_prediction
    check "rows of the generator and their predictions meet in metrics, each with a line in labels_log.txt" until_true 60 has_pairs
    check "products are changed while model, RabbitMQ, predictions and metrics are killed one after the other" changes_while_killed
    check "... then each product has the prediction of its last change" until_true 180 all_predicted
    check "... and each row of the generator made one pair" until_true 120 all_paired "$ahead"
    stop_forward
}

# ---- versions and replicas of the model -----------------------------------------------------------------------------

# As group_predictions leaves it, or the demonstration data: product 1 has the features of row 0.
prepare_model() {
    url=http://127.0.0.1:$(k get svc $RELEASE-bff -o 'jsonpath={.spec.ports[?(@.name=="http")].nodePort}') || return
    features=("$(row 102)" "$(row 0)") values=(150.647483)
    until_true 90 prediction 1 && values[1]=$(prediction 1) && until_true 30 rows_and_pairs && before=$ahead
}

send_rows() { # rate, options of Rows; prints how many were sent
    local status
    RABBITMQ_PASSWORD=$(k get secret $RELEASE-rabbitmq -o 'jsonpath={.data.rabbitmq-password}' | base64 -d) || return
    export RABBITMQ_PASSWORD
    port_forward rabbitmq 5672 || return
    (java_tool Rows "${forwarded##*:}" vitrina "$@")
    status=$?
    stop_forward
    return $status
}

rows_of_another_law() { send_rows 200 2000 && sent=2000 && until_true 60 all_paired $((before - sent)); }

# On one node any number of pods may have a claim that is ReadWriteOnce.
share_versions() { # options
    local volumes='[{"name":"models","persistentVolumeClaim":{"claimName":"models"}}]'
    k apply -f - <<'YAML' || return
apiVersion: v1
kind: PersistentVolumeClaim
metadata: {name: models}
spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 16Mi}}}
YAML
    upgrade --set-json "services.model.extraVolumes=$volumes" --set-json "services.retraining.extraVolumes=$volumes" "$@"
}

serves() { # version
    local state
    state=$(of_release model GET /ops/model)
    echo "model: $state"
    grep -q "\"serving\":\[{\"version\":\"$1\"" <<<"$state"
}

learned_by_the_clock() {
    until_true 180 serves 2 && return
    k get cronjobs,jobs,pods
    k logs -l "app.kubernetes.io/component=retraining" --tail=20
    return 1
}

change_products() { # which of the two rows
    local product
    port_forward products || return
    for product in {41..50}; do patch_features "$product" "${features[$1]}" || break; done
    stop_forward
    [ "$product" = 50 ]
}

predicted_by() { # version: each of the ten
    local product answer
    for product in {41..50}; do
        answer=$(curl -fsS --max-time 5 "$url/predictions/product/$product")
        grep -q "\"model_version\":\"$1\"" <<<"$answer" || {
            echo "not by version $1: $answer"
            return 1
        }
    done
}

# Each replica looks for another choice once a second: a change before that is answered by the version that was.
predict_by() { # version, which of the two rows
    change_products $((1 - $2)) && change_products "$2" && until_true 5 predicted_by "$1"
}

no_retraining() { [ "$(k get jobs -l app.kubernetes.io/component=retraining -o 'jsonpath={.items[*].status.active}')" = '' ]; }

roll_back_the_model() { # the retraining would publish the better version again
    k patch cronjob $RELEASE-retraining -p '{"spec":{"suspend":true}}' && until_true 60 no_retraining &&
        of_release model POST /ops/model/rollback && until_true 30 serves 1 &&
        until_true 60 predict_by 1 1 && predicted 41 "${values[1]}"
}

own_versions_again() { upgrade && k delete pvc models --wait=true --timeout=90s; }

replicas() { # least, most
    local ready
    ready=$(k get deploy $RELEASE-model -o 'jsonpath={.status.readyReplicas}')
    k get hpa $RELEASE-model --no-headers
    [ "${ready:-0}" -ge "$1" ] && [ "$ready" -le "$2" ]
}

follow_the_cpu() { # a request so small that this machine can make more than one replica busy
    share_versions --set services.model.resources.requests.cpu=20m --set-json 'services.model.autoscaling={"enabled":true,"minReplicas":1,"maxReplicas":3,"targetCPUUtilizationPercentage":100,
        "behavior":{"scaleDown":{"stabilizationWindowSeconds":15}}}' && until_true 120 replicas 1 1
}

scaled_up() { # under rows that come faster than one replica should answer
    local sending result=0
    rm -f "$TMP/enough"
    { until [ -e "$TMP/enough" ]; do sleep 0.5; done; echo enough; } | send_rows 500 >"$TMP/sent" 2>&1 &
    sending=$!
    until_true 180 replicas 2 3 || result=1
    touch "$TMP/enough"
    wait $sending || result=1
    cat "$TMP/sent"
    sent=$((sent + $(grep -xE '[0-9]+' "$TMP/sent"))) || result=1
    return $result
}

group_model() {
    [[ " $SERVICES " == *" model "* ]] || {
        say "there is no service model yet"
        return
    }
    sent=0
    check "2000 rows of another law, sent by an AMQP client, each make a pair" eval 'prepare_model && rows_of_another_law' || return
    check "the retraining of each minute, in a Job, publishes a better version, which the model serves" eval \
        "share_versions --set services.model.replicas=2 --set services.retraining.enabled=true --set-string 'services.retraining.schedule=* * * * *' && learned_by_the_clock" || return
    check "... and both replicas of the model predict by" until_true 60 predict_by 2 0
    check "one command rolls it back" roll_back_the_model
    check "model's replicas follow the CPU: one while little is to do" follow_the_cpu || return
    check "... more under 500 rows a second" scaled_up
    check "... one again afterwards" until_true 240 replicas 1 1
    check "... and each row, of the client and of the generator, made one pair" until_true 180 all_paired $((before - sent))
    check "the model without claim, as it was installed" own_versions_again
}

# ---- kills ----------------------------------------------------------------------------------------------------------

put_line() { curl -fsS --max-time 5 -X PUT -H 'Content-Type: application/json' -d '{"quantity":7}' "$url/cart/5?user_id=78"; }

has_line() { [ "$(curl -fsS --max-time 5 "$url/cart?user_id=78")" = '[{"product_id":5,"quantity":7}]' ]; }

kill_redis() {
    local target
    target=$(pod bff)
    # shellcheck disable=SC2046
    kill_hard $(pids "$target" redis redis-server) && until_true 30 test_redis "$target"
}

test_redis() { [ -n "$(pids "$1" redis redis-server)" ]; }

kill_sidecar() { kill_container "$(pod bff)" redis; }

kill_service() { kill_container "$(pod "$1")" "$1"; }

kill_postgres() { put_line && kill_container $RELEASE-postgres-0 postgres && until_true 30 has_line; }

group_kills() {
    under_load "under load: kill -9 of a bff's Redis" kill_redis
    under_load "under load: kill -9 of PostgreSQL, which keeps its data" kill_postgres
    under_load "under load: kill -9 of the products container" kill_service products
    under_load "under load: kill -9 of the inventory container" kill_service inventory
    under_load "under load: kill -9 of a whole Redis sidecar" kill_sidecar
    # nothing can save what is on its connections, nor those that come until the cluster has noticed
    judge '(all right|[0-9]+ wrong, the last asked [0-4]?[0-9]{1,3} ms after the first)' \
        "under load: kill -9 of a bff container; errors for less than 5 s" kill_service bff
}

# ---- evictions ------------------------------------------------------------------------------------------------------

evict() { # pod
    printf '{"apiVersion":"policy/v1","kind":"Eviction","metadata":{"name":"%s","namespace":"%s"}}' "$1" $NS |
        kubectl create --raw "/api/v1/namespaces/$NS/pods/$1/eviction" -f -
}

evict_both() { # the first goes, the second must stay
    local both
    mapfile -t both < <(k get pods -l app.kubernetes.io/instance=$RELEASE,app.kubernetes.io/component=bff -o 'jsonpath={range .items[*]}{.metadata.name}{"\n"}{end}')
    [ ${#both[@]} -eq 2 ] || {
        echo "the bff has ${#both[@]} pods"
        return 1
    }
    evict "${both[0]}" || return
    if evict "${both[1]}" >"$TMP/eviction" 2>&1; then
        echo "the second was evicted too"
        return 1
    fi
    cat "$TMP/eviction"
    grep -q "TooManyRequests.*disruption budget" "$TMP/eviction"
}

fill_tmp() { # service: writes more into /tmp than it may hold, and waits until the kubelet has evicted the pod
    local target
    target=$(pod "$1")
    k exec "$target" -c "$1" -- sh -c 'head -c 48m /dev/zero >/tmp/too-much' || return
    # it measures about once a minute
    until_true 180 evicted "$target" || {
        echo "$target was not evicted"
        return 1
    }
    k get pod "$target" -o 'jsonpath={.status.message}{"\n"}'
}

evicted() { [ "$(k get pod "$1" -o 'jsonpath={.status.reason}')" = Evicted ]; }

group_evictions() {
    under_load "under load: an eviction of one bff, while that of the other is refused with 429" evict_both
    under_load "under load: products' pod is evicted because its emptyDir exceeds its sizeLimit" fill_tmp products
    k delete pod --field-selector=status.phase=Failed >/dev/null 2>&1
}

# ---- the chart before -----------------------------------------------------------------------------------------------

group_previous() {
    local last chart
    last=$(git -C "$ROOT" tag --list 'chart-*' --sort=-version:refname --merged HEAD 2>/dev/null | head -n 1)
    if [ -z "$last" ]; then
        say "there is no chart-* tag yet: the upgrade with one more migration above stands for that from the chart before"
        return
    fi
    mkdir -p "$TMP/previous"
    git -C "$ROOT" archive "$last" charts/vitrina | tar -x -C "$TMP/previous" || return
    chart=$TMP/previous/charts/vitrina
    under_load "under load: down to the chart of $last" upgrade
    chart=$CHART
    under_load "under load: helm upgrade from the chart of $last" upgrade
    under_load "under load: helm rollback to the chart of $last" h rollback $RELEASE --wait --wait-for-jobs --timeout 240s
}

# ---- several releases, and the end ----------------------------------------------------------------------------------

left() { # namespace -> what is in it but what every namespace has, and events
    kubectl api-resources --verbs=list --namespaced -o name | grep -vE '^(events|events.events.k8s.io|pods.metrics.k8s.io)$' | paste -sd, |
        xargs -I{} kubectl -n "$1" get {} --ignore-not-found -o name 2>/dev/null |
        grep -vE '^(configmap/kube-root-ca.crt|serviceaccount/default)$'
}

nothing_but_claims() { # namespace, claims
    local rest
    rest=$(left "$1" | sort | paste -sd ' ')
    echo "left: $rest"
    [ "$rest" = "$2" ]
}

uninstall() { # namespace, release
    helm -n "$1" uninstall "$2" --wait --timeout 120s
}

group_uninstall() {
    stop_load
    check "NOTES say that the claim stays and how it goes" says_what_stays
    check "helm uninstall" uninstall $NS $RELEASE
    check "... leaves nothing but the claims of PostgreSQL and RabbitMQ" until_true 60 nothing_but_claims $NS \
        "persistentvolumeclaim/data-$RELEASE-postgres-0 persistentvolumeclaim/data-$RELEASE-rabbitmq-0"
}

says_what_stays() { h get notes $RELEASE | grep -A 3 'helm uninstall' | tee /dev/stderr | grep -q 'delete pvc'; }

# as small as it goes: three of them share this machine
small() { # namespace, release
    helm -n "$1" install "$2" "$CHART" -f "$CHART/ci/without-predictions-values.yaml" --set "image.tag=$tag" --set services.bff.replicas=1 --set postgres.resources.requests.cpu=10m --set rabbitmq.resources.requests.cpu=10m \
        --set-json 'defaults.resources={"requests":{"cpu":"10m","memory":"128Mi"},"limits":{"memory":"320Mi"}}' \
        --set-json 'services.bff.resources={"requests":{"cpu":"10m","memory":"128Mi"},"limits":{"memory":"384Mi"}}' \
        --wait --wait-for-jobs --timeout 240s
}

three_releases() {
    local pid pids=() bad=0
    small $NS $RELEASE >"$TMP/one" 2>&1 & pids+=($!)
    small $NS second >"$TMP/two" 2>&1 & pids+=($!)
    small $NS2 $RELEASE >"$TMP/three" 2>&1 & pids+=($!)
    for pid in "${pids[@]}"; do wait "$pid" || bad=1; done
    [ $bad = 0 ] || cat "$TMP/one" "$TMP/two" "$TMP/three"
    return $bad
}

asked() { # namespace, release, method, path, options: the BFF
    local namespace=$1 release=$2
    shift 2
    service_asked "$namespace" "$release" bff "$@"
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

is_complete() { asked "$1" "$2" GET '/products/all?user_id=1' | grep -q '"degraded":\[\]'; }

line_of_its_own() { # what one release writes, no other has
    local cart='/cart?user_id=79'
    asked $NS second PUT '/cart/6?user_id=79' -H 'Content-Type: application/json' -d '{"quantity":3}' || return
    [ "$(asked $NS second GET "$cart")" = '[{"product_id":6,"quantity":3}]' ] &&
        [ "$(asked $NS $RELEASE GET "$cart")" = '[]' ] && [ "$(asked $NS2 $RELEASE GET "$cart")" = '[]' ]
}

kept_line() { [ "$(asked $NS $RELEASE GET '/cart?user_id=78')" = '[{"product_id":5,"quantity":7}]' ]; }

all_complete() { until_true 30 is_complete $NS $RELEASE && until_true 30 is_complete $NS second && until_true 30 is_complete $NS2 $RELEASE; }

group_releases() {
    make_namespace $NS2 >/dev/null
    check "two releases in one namespace, and one in another, are installed side by side" three_releases || return
    check "each shows a complete page" all_complete
    [[ " $only " != *" kills "* ]] || check "the release that was uninstalled and installed again has its data" kept_line
    check "what is written to one is not in the others" line_of_its_own
    check "helm uninstall of the second leaves the first alone" uninstall $NS second
    check "... which still shows a complete page" until_true 30 is_complete $NS $RELEASE
    check "helm uninstall of the other two" eval "uninstall $NS $RELEASE && uninstall $NS2 $RELEASE"
    check "... leaves nothing but the claims" until_true 60 nothing_but_claims $NS \
        "$(printf 'persistentvolumeclaim/data-%s-0\n' second-postgres second-rabbitmq $RELEASE-postgres $RELEASE-rabbitmq | paste -sd ' ')"
}

# ---- all of it ------------------------------------------------------------------------------------------------------

write_report() {
    {
        printf '# Proof on a cluster\n\nWritten by `e2e/cluster.sh --report`; do not edit. Last run: %s, %s, %s processors, Kubernetes %s.\n\n' \
            "$(date -u +%F)" "$(git -C "$ROOT" describe --always 2>/dev/null)" "$(nproc)" \
            "$(kubectl get nodes -o 'jsonpath={.items[0].status.nodeInfo.kubeletVersion}' 2>/dev/null)"
        printf 'Under load: %s pages a second, half on kept-alive and half on new connections, through a NodePort; a check passes\n' $RATE
        printf 'when each answer was 200 and complete or honestly degraded (each null explained) and no connection broke.\n\n'
        printf '| check | result | time | what the load saw |\n|---|---|---|---|\n'
        cat "$rows"
        printf '\n%d passed, %d failed, in %d min %02d s.\n' $passed $failed $((SECONDS / 60)) $((SECONDS % 60))
    } >"$report"
}

clean_up() {
    stop_load
    stop_forward
    if [ -z "$keep" ]; then
        # never one that was there before: it may be somebody's
        [ ${#made[@]} -eq 0 ] || kubectl delete namespace "${made[@]}" --ignore-not-found --wait=true --timeout=120s >/dev/null 2>&1
        [ -z "$was_down" ] || "$SHARED/down" >/dev/null 2>&1
    fi
    rm -rf "$TMP"
}

finish() {
    [ -z "$report" ] || write_report
    say "took $((SECONDS / 60)) min $((SECONDS % 60)) s"
    printf '%d passed, %d failed\n' $passed $failed
}

touch "$rows"
trap clean_up EXIT
trap 'exit 130' INT TERM
build_tools || stop "the load generator could not be built"
prepare_cluster
[ -z "$build" ] || check "images are built" build_images || {
    finish
    exit 1
}
if [ -n "$build" ]; then
    check "images are within their budget of size, start and memory" within_budget
    sed 's/^/           /' "$TMP/out"
fi
# the order of the list above, whatever the order on the command line
for group in install network values traffic orders predictions model kills evictions previous uninstall releases; do
    [[ " $only " != *" $group "* ]] || {
        say "$group"
        "group_$group"
    }
done
finish
[ $failed -eq 0 ]
