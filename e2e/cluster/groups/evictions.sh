# Pods that the cluster takes away, under load.

evict() { # pod
    printf '{"apiVersion":"policy/v1","kind":"Eviction","metadata":{"name":"%s","namespace":"%s"}}' "$1" "$NS" |
        kubectl create --raw "/api/v1/namespaces/$NS/pods/$1/eviction" -f -
}

evict_both() { # the first goes, the second must stay
    local both
    mapfile -t both < <(k get pods -l app.kubernetes.io/instance="$RELEASE",app.kubernetes.io/component=bff -o 'jsonpath={range .items[*]}{.metadata.name}{"\n"}{end}')
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
