# What the chart takes and what it refuses, by name.

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

accepted() { # does the API server take what every supported combination of values renders? Not those with kinds that are not its own
    local values all=()
    for values in "$CHART"/ci/*-values.yaml; do
        [[ $values =~ service-monitor|observability|gateway|experiment ]] || all+=("$values")
    done
    # of another name than the release that is installed, or its volumes and those of the values would be added up;
    # --server-side is one request an object instead of two; two at a time, as each waits for the API server most of the time
    # shellcheck disable=SC2016 # for the shells that xargs starts
    printf '%s\n' "${all[@]}" | xargs -P 2 -I{} bash -c 'helm template "$1" "$2" -n "$3" -f "$4" |
        kubectl -n "$3" apply --server-side --force-conflicts --dry-run=server -f - >/dev/null || { echo "$4 is refused" >&2; exit 1; }' \
        sh dry "$CHART" "$NS" {}
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
