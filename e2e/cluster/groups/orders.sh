# Orders while what they need is killed; then all books are added up.

# for customers 901 to 903: money and stock without end, and what the product costs
prepare_orders() {
    local user
    bff_url || return
    until_true 60 complete || return
    for user in 901 902 903; do
        curl -fsS --max-time 5 -X POST -H 'Content-Type: application/json' -H "Idempotency-Key: money-$user" -d '{"amount":"90000000.00"}' \
            "$url/wallet/top-ups?user_id=$user" || return
    done
    of_release inventory PUT /products/1/inventory -H 'Content-Type: application/json' -d '{"inventory":100000}' || return
    price=$(curl -fsS --max-time 5 "$url/products/1" | grep -o '"price":"[0-9.]*"' | cut -d '"' -f 4)
    [ -n "$price" ]
}

place() { # user, key: with the same key until it is accepted, as an app does that hears nothing or an error
    local end=$((SECONDS + 90)) status
    while [ "$SECONDS" -lt "$end" ]; do
        status=$(curl -sS --max-time 5 -o "$TMP/placed-$1" -w '%{http_code}' -X POST -H 'Content-Type: application/json' -H "Idempotency-Key: $2" \
            -d '{"products":[{"id":1,"price":"'"$price"'"}],"shipping_to":"Harbour 1","phone":"+79990000'"$1"'"}' "$url/api/v1/orders/?user_id=$1" 2>/dev/null)
        case $status in
        201 | 202) return ;;
        400 | 402 | 404 | 412 | 422) break ;;
        esac
        sleep 0.3
    done
    echo "order $2: $status $(cat "$TMP/placed-$1")"
    return 1
}

customer() { # user: one order after the other, until $TMP/enough is there
    local i=0
    until [ -e "$TMP/enough" ]; do
        place "$1" "order-$1-$i" >>"$TMP/refused" 2>&1 || return
        i=$((i + 1))
        echo $i >"$TMP/count-$1"
    done
}

orders_while_killed() {
    local user pids=() bad=0
    rm -f "$TMP/enough" "$TMP"/count-* "$TMP/refused"
    for user in 901 902 903; do
        customer $user &
        pids+=($!)
    done
    {
        kill_service orders && kill_container "$RELEASE"-rabbitmq-0 rabbitmq && kill_service notifications && kill_service wallet &&
            k delete pod "$RELEASE"-rabbitmq-0 --wait=true && kill_service inventory && kill_service orders &&
            k wait --for=condition=Ready pod/"$RELEASE"-rabbitmq-0 --timeout=90s
    } || bad=1
    sleep 3
    touch "$TMP/enough"
    wait "${pids[@]}"
    placed=$(cat "$TMP"/count-* | awk '{ sum += $1 } END { print sum + 0 }')
    echo "$placed orders were placed"
    cat "$TMP/refused" 2>/dev/null
    [ $bad = 0 ] && [ ! -s "$TMP/refused" ] && [ "$placed" -ge 30 ]
}

# what the services say of themselves, and that it agrees: so many confirmed orders, debits and SMS, and nothing under way
all_agree() { # orders
    local service answer wrong=0 confirmed sms
    for service in orders wallet inventory notifications; do
        answer=$(of_release $service GET /ops/audit) || return
        echo "$service: $answer"
        grep -q '"consistent":true' <<<"$answer" || wrong=1
        [ $service != orders ] || {
            confirmed=$(grep -o '"status":"confirmed","count":[0-9]*' <<<"$answer" | grep -o '[0-9]*$')
            grep -q '"unsettled":0,' <<<"$answer" || wrong=1
        }
        [ $service != wallet ] || grep -q "\"debits\":$1," <<<"$answer" || wrong=1
    done
    of_release sms-gateway GET '/sms?limit=1000' | grep -o '"client_ref":"[^"]*"' | sort >"$TMP/sms"
    sms=$(wc -l <"$TMP/sms")
    echo "$1 orders, ${confirmed:-none} confirmed, $sms SMS of $(uniq "$TMP/sms" | wc -l) events"
    [ $wrong = 0 ] && [ "${confirmed:-0}" -eq "$1" ] && [ "$sms" -eq "$1" ] && [ "$(uniq "$TMP/sms" | wc -l)" -eq "$1" ]
}

group_orders() {
    [[ " $SERVICES " == *" orders "* ]] || {
        say "there is no service orders yet"
        return
    }
    placed=0
    check "customers get money and the product stock" prepare_orders || return
    # shellcheck disable=SC2016 # for eval
    check "an order placed through the BFF is confirmed" eval 'place 901 first && grep "\"status\":\"confirmed\"" "$TMP/placed-901"'
    check "... its money is taken once and its SMS sent once" until_true 30 all_agree 1
    check "orders are placed while orders, wallet, inventory, notifications and RabbitMQ are killed one after the other" orders_while_killed
    check "... then each order is confirmed once, paid once and told once, and all audits agree" until_true 180 all_agree $((placed + 1))
    sed 's/^/           /' "$TMP/out" | tail -n 5 | cut -c 1-300
}
