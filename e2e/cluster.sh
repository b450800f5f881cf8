#!/usr/bin/env bash
# Proves charts/vitrina on a real cluster: install, traffic without a lost answer, kills, evictions, policies, uninstall. See --help.
set -uo pipefail
ROOT=$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/.." && pwd)
readonly ROOT
readonly SHARED=$ROOT/../shared/cluster
readonly CHART=$ROOT/charts/vitrina
readonly GROUPS_OF_CASES="install network values traffic orders predictions model kills evictions previous identity releases uninstall"
# shellcheck source-path=SCRIPTDIR source=../launcher/services.sh
. "$ROOT/launcher/services.sh"
# those that an install has unless it is told otherwise
SERVICES=$(for service in $(service_names); do [ "$(service_value "$service" optional)" = true ] || echo "$service"; done | paste -sd ' ')
readonly SERVICES
# those that a page is made of
PAGE=$(services_with_role page | paste -sd ' ')
readonly PAGE
readonly PREDICTIONS="predictions features model metrics"
readonly RATE=50

usage() {
    cat <<'TEXT'
e2e/cluster.sh [--load devcluster|kind|none] [--tag T] [--no-build] [--node-port N] [--only GROUP,...] [--keep] [--report FILE]

Installs charts/vitrina on the cluster of KUBECONFIG, in namespaces vitrina-proof*, and checks what it promises: each check is
a line with its time, what the load saw is below it, the last line is 'N passed, N failed'. Takes about half an hour on two cores, images included.

  --load WHERE    how images get to the cluster: devcluster (../shared/cluster, which is brought up and, if it was down, taken
                  down again at the end), kind (the cluster $KIND_CLUSTER, default kind), none (they are there);
                  default: devcluster where that is there and KUBECONFIG is not set, else none
  --tag T         tag of the images (default proof)
  --no-build      take the images of that tag as they are
  --node-port N   port on 127.0.0.1 under which the BFF is asked; default: one that the cluster chooses.
                  kind needs the one that e2e/kind.yaml maps: 30900
  --only GROUPS   some of: install network values traffic orders predictions model kills evictions previous identity releases uninstall;
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

# shellcheck source-path=SCRIPTDIR source=cluster/lib.sh
. "$ROOT/e2e/cluster/lib.sh"
for group in $GROUPS_OF_CASES; do
    # shellcheck source=/dev/null
    . "$ROOT/e2e/cluster/groups/$group.sh"
done

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
    [ "$load_by" != kind ] || kind load docker-image --name "${KIND_CLUSTER:-kind}" "$@"
}

build_images() {
    local builder=docker
    [ "$load_by" != devcluster ] || builder=cluster
    "$ROOT/native-build/build" --tag "$tag" --builder $builder || return
    # shellcheck disable=SC2046
    give_images $(images "$tag")
}

within_budget() { # size, start and memory of each image, ADR 0013
    local runner=docker
    [ "$load_by" != devcluster ] || runner=cluster
    # shellcheck disable=SC2086
    "$ROOT/native-build/budget" --tag "$tag" --runner $runner $SERVICES migrations
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

write_report() {
    {
        # shellcheck disable=SC2016 # marks of Markdown
        printf '# Proof on a cluster\n\nWritten by `e2e/cluster.sh --report`; do not edit.\nLast run: %s, %s, %s processors, Kubernetes %s.\n\n' \
            "$(date -u +%F)" "$(git -C "$ROOT" describe --always 2>/dev/null)" "$(nproc)" \
            "$(kubectl get nodes -o 'jsonpath={.items[0].status.nodeInfo.kubeletVersion}' 2>/dev/null)"
        printf 'Under load: %s pages a second, half on kept-alive and half on new connections, through a NodePort.\n' $RATE
        printf 'A check passes when each answer was 200 and complete, or degraded and said so (each null explained), and no connection broke.\n\n'
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
for group in install network values traffic orders predictions model kills evictions previous identity uninstall releases; do
    [[ " $only " != *" $group "* ]] || {
        say "$group"
        "group_$group"
    }
done
finish
[ $failed -eq 0 ]
