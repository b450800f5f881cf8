# Who reaches whom: NetworkPolicies, seen from pods that try.

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

foreign_pods_reach() { reaches_all "$NS" stranger "$1" && reaches_all "$NS2" stranger "$1"; }

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
    make_namespace "$NS2" >/dev/null
    for service in $SERVICES; do closed+=("$(address "$service" 80)"); done
    closed+=("$(address postgres 5432)" "$(address rabbitmq 5672)")
    { probe_pod "$NS" stranger '' && probe_pod "$NS2" stranger '' && probe_pod "$NS" as-bff bff && probe_pod "$NS" as-products products &&
        probe_pod "$NS" as-orders orders && probe_pod "$NS" as-features features; } >/dev/null
    check "probe pods run" probes_run
    check "a pod that may call: as bff it reaches products, inventory, favorites, cart" reaches_all "$NS" as-bff \
        "$(address products 80)" "$(address inventory 80)" "$(address favorites 80)" "$(address cart 80)"
    check "a pod that may call: as products it reaches PostgreSQL" reaches_all "$NS" as-products "$(address postgres 5432)"
    [[ " $SERVICES " != *" orders "* ]] || check "a pod that may call: as orders it reaches products, wallet, inventory and RabbitMQ" reaches_all "$NS" as-orders \
        "$(address products 80)" "$(address wallet 80)" "$(address inventory 80)" "$(address rabbitmq 5672)"
    check "foreign pods have a network: they reach the API server" foreign_pods_reach kubernetes.default.svc.cluster.local:443
    check "a foreign pod of the same namespace reaches no service, no database and no broker" reaches_none "$NS" stranger "${closed[@]}"
    check "a pod of another namespace reaches no service, no database and no broker" reaches_none "$NS2" stranger "${closed[@]}"
    check "the bff does not reach PostgreSQL, RabbitMQ, nor anybody's management port" reaches_none "$NS" as-bff \
        "$(address postgres 5432)" "$(address rabbitmq 5672)" "$(address products 9090)" "$(address cart 9090)"
    check "products does not reach cart, nor the API server" reaches_none "$NS" as-products "$(address cart 80)" kubernetes.default.svc.cluster.local:443
    check "a pod that only sends: as features it reaches RabbitMQ" reaches_all "$NS" as-features "$(address rabbitmq 5672)"
    check "... and no service, no database, nor the API server" reaches_none "$NS" as-features "$(address postgres 5432)" \
        "$(address model 80)" "$(address metrics 80)" "$(address predictions 80)" kubernetes.default.svc.cluster.local:443
    kubectl -n "$NS" delete pod stranger as-bff as-products as-orders as-features --now >/dev/null 2>&1
    kubectl -n "$NS2" delete pod stranger --now >/dev/null 2>&1
}
