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

delete_pod() { # services: a pod of each, at once
    local service
    for service; do k delete pod "$(pod "$service")" --wait=false || return; done
}

restart() { k rollout restart "${@/#/deploy/$RELEASE-}"; }

each_other() { # command: for each service that no page needs
    local service
    for service in $SERVICES; do [[ " $PAGE " == *" $service "* ]] || "$1" "$service" || return; done
}

scale() {
    k scale "deploy/$RELEASE-bff" --replicas=3 && k rollout status "deploy/$RELEASE-bff" --timeout=120s &&
        k scale "deploy/$RELEASE-bff" --replicas=2
}

carts_served() { # a line for each pod of cart: its name and how many requests it has served
    local name served
    for name in $(k get pods -l "app.kubernetes.io/instance=$RELEASE,app.kubernetes.io/component=cart" -o 'jsonpath={.items[*].metadata.name}'); do
        port_forward "pod/$name" 9090 || return
        served=$(curl -fsS --max-time 10 "$forwarded/q/metrics" | awk '/^http_server_requests_seconds_count/ && /cart/ { sum += $NF } END { print int(sum) }')
        stop_forward
        echo "$name ${served:-0}"
    done
}

follow_the_load() { # use of CPU that is aimed at; a request so small that a cart of 50 pages a second is busy
    upgrade --set services.cart.resources.requests.cpu=10m --set-json 'services.cart.autoscaling={"enabled":true,"minReplicas":1,
        "maxReplicas":3,"targetCPUUtilizationPercentage":'"$1"',"behavior":{"scaleDown":{"stabilizationWindowSeconds":15}}}'
}

# Connections are renewed every 30 s, and a Service balances connections: after a minute each of three has its share.
scaled_out() {
    follow_the_load 50 && until_true 180 replicas cart 3 3 && sleep 60 || return
    carts_served >"$TMP/served" && sleep 30 && carts_served >"$TMP/served-later" || return
    join "$TMP/served" "$TMP/served-later" | awk '{ here[NR] = $3 - $2; all += here[NR] }
        END { for (i = 1; i <= NR; i++) { share = 100 * here[i] / (all ? all : 1); printf "%d %% ", share; bad += share < 15 || share > 55 }
              print "of " all " requests"; exit NR != 3 || bad || all < 500 }'
}

scaled_back() { follow_the_load 100000 && until_true 240 replicas cart 1 1 && upgrade; }

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

# shellcheck disable=SC2086 # words
mapfile -t TWO_OF_A_PAGE < <(printf '%s\n' $PAGE | paste -d ' ' - - | sed 's/ $//')

group_traffic() {
    local two
    # two at a time: what the load saw of each is told by its part of the page
    for two in "${TWO_OF_A_PAGE[@]}"; do
        # shellcheck disable=SC2086
        under_load "under load: kubectl delete pod of ${two/ / and of }" delete_pod $two
        # shellcheck disable=SC2086
        under_load "under load: kubectl rollout restart of ${two/ / and of }" restart $two
    done
    under_load "under load: kubectl delete pod of each other service, all at once" each_other delete_pod
    under_load "under load: kubectl rollout restart of each other service, all at once" each_other restart
    under_load "under load: kubectl scale of the bff, 2, 3, 2" scale
    under_load "under load: cart follows the CPU, 1 to 3 replicas; a minute later each serves 15 to 55 % of the requests" scaled_out
    under_load "under load: ... and back to 1" scaled_back
    under_load "under load: helm upgrade with changed values (every pod of the shop is replaced)" upgrade_the_shop this
    check "the image of a next release's migrations (one more change set)" build_next_migrations
    under_load "under load: helm upgrade with one more expanding migration" upgrade_with_migration
    under_load "under load: helm rollback of it" rollback
}
