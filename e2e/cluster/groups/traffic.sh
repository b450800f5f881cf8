# Rollouts, upgrades, a migration and its way back, under load.

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
    if [ "$load_by" = devcluster ]; then
        "$SHARED/build-image" "vitrina/migrations:$tag-next" "$context"
    else
        docker build -t "vitrina/migrations:$tag-next" "$context"
    fi && give_images "vitrina/migrations:$tag-next"
}

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
    answer=$(k exec "$RELEASE"-postgres-0 -c postgres -- psql -U postgres -d cart -Atc \
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
    h rollback "$RELEASE" --wait --wait-for-jobs --timeout 240s && has_gift_wrap yes
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
