# Down to the chart before, up again, and back, under load.

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
    under_load "under load: helm rollback to the chart of $last" h rollback "$RELEASE" --wait --wait-for-jobs --timeout 240s
}
