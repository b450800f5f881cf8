# Several releases side by side.

# as small as it goes: three of them share this machine
small() { # namespace, release
    helm -n "$1" install "$2" "$CHART" -f "$CHART/ci/without-predictions-values.yaml" --set auth.mode=off --set "image.tag=$tag" --set services.bff.replicas=1 --set postgres.resources.requests.cpu=10m --set rabbitmq.resources.requests.cpu=10m \
        --set-json 'defaults.resources={"requests":{"cpu":"10m","memory":"128Mi"},"limits":{"memory":"320Mi"}}' \
        --set-json 'services.bff.resources={"requests":{"cpu":"10m","memory":"128Mi"},"limits":{"memory":"384Mi"}}' \
        --wait --wait-for-jobs --timeout 240s
}

three_releases() {
    local pid pids=() bad=0
    small "$NS" "$RELEASE" >"$TMP/one" 2>&1 & pids+=($!)
    small "$NS" second >"$TMP/two" 2>&1 & pids+=($!)
    small "$NS2" "$RELEASE" >"$TMP/three" 2>&1 & pids+=($!)
    for pid in "${pids[@]}"; do wait "$pid" || bad=1; done
    [ $bad = 0 ] || cat "$TMP/one" "$TMP/two" "$TMP/three"
    return $bad
}

asked() { # namespace, release, method, path, options: the BFF
    local namespace=$1 release=$2
    shift 2
    service_asked "$namespace" "$release" bff "$@"
}

is_complete() { asked "$1" "$2" GET '/products/all?user_id=1' | grep -q '"degraded":\[\]'; }

line_of_its_own() { # what one release writes, no other has
    local cart='/cart?user_id=79'
    asked "$NS" second PUT '/cart/6?user_id=79' -H 'Content-Type: application/json' -d '{"quantity":3}' || return
    [ "$(asked "$NS" second GET "$cart")" = '[{"product_id":6,"quantity":3}]' ] &&
        [ "$(asked "$NS" "$RELEASE" GET "$cart")" = '[]' ] && [ "$(asked "$NS2" "$RELEASE" GET "$cart")" = '[]' ]
}

kept_line() { [ "$(asked "$NS" "$RELEASE" GET '/cart?user_id=78')" = '[{"product_id":5,"quantity":7}]' ]; }

all_complete() { until_true 30 is_complete "$NS" "$RELEASE" && until_true 30 is_complete "$NS" second && until_true 30 is_complete "$NS2" "$RELEASE"; }

group_releases() {
    make_namespace "$NS2" >/dev/null
    check "two releases in one namespace, and one in another, are installed side by side" three_releases || return
    check "each shows a complete page" all_complete
    [[ " $only " != *" kills "* ]] || check "the release that was uninstalled and installed again has its data" kept_line
    check "what is written to one is not in the others" line_of_its_own
    check "helm uninstall of the second leaves the first alone" uninstall "$NS" second
    check "... which still shows a complete page" until_true 30 is_complete "$NS" "$RELEASE"
    check "helm uninstall of the other two" eval "uninstall $NS $RELEASE && uninstall $NS2 $RELEASE"
    check "... leaves nothing but the claims" until_true 60 nothing_but_claims "$NS" \
        "$(printf 'persistentvolumeclaim/data-%s-0\n' second-postgres second-rabbitmq "$RELEASE"-postgres "$RELEASE"-rabbitmq | paste -sd ' ')"
}
