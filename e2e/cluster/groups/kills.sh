# Processes and containers that end without warning, under load.

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

kill_postgres() { put_line && kill_container "$RELEASE"-postgres-0 postgres && until_true 30 has_line; }

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
