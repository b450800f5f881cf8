# From nothing to a release that answers.

install_release() {
    local options
    mapfile -t options < <(values)
    h install "$RELEASE" "$CHART" "${options[@]}" --wait --wait-for-jobs --timeout 180s
}

contract() { (java_tool Contract "$forwarded"); }

group_install() {
    [ -z "$(h list -q)" ] || stop "there are releases in namespace $NS: $(h list -q | paste -sd ' '); remove them first"
    make_namespace "$NS" >/dev/null || stop "the namespace $NS could not be made"
    check "helm lint" helm lint "$CHART"
    check "helm install --wait --wait-for-jobs from nothing: everything ready within 3 minutes" install_release || stop_here
    check "kubectl port-forward svc/vitrina-bff" port_forward
    check "the contract of the BFF holds through it" contract
    sed 's/^/           /' "$TMP/out"
    stop_forward
    check "helm test" h test "$RELEASE" --timeout 90s
}

stop_here() {
    k get pods -o wide
    k get events --sort-by=.lastTimestamp | tail -n 15
    k logs -l "app.kubernetes.io/instance=$RELEASE" --all-containers --prefix --tail=8 2>/dev/null | tail -n 60
    finish
    exit 1
}
