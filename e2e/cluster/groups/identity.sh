# Who may: with the install's own key, by tokens of users, of roles and of strangers, at the services themselves.

base64url() { base64 -w 0 | tr '+/' '-_' | tr -d '='; }

signed_by() { # file of the private key, subject, roles as JSON -> a token
    local now head body
    now=$(date +%s)
    head=$(printf '{"alg":"RS256","typ":"JWT"}' | base64url)
    body=$(printf '{"iss":"vitrina-demo","aud":"vitrina","sub":"%s","groups":%s,"iat":%d,"nbf":%d,"exp":%d}' "$2" "$3" "$now" "$now" $((now + 600)) | base64url)
    printf '%s.%s.%s' "$head" "$body" "$(printf '%s.%s' "$head" "$body" | openssl dgst -sha256 -sign "$1" -binary | base64url)"
}

install_key() { # -> $TMP/install.key; and what its Secret is, to be compared
    k get secret "$RELEASE-identity" -o 'jsonpath={.data.tls\.key}' | base64 -d >"$TMP/install.key" && [ -s "$TMP/install.key" ] &&
        k get secret "$RELEASE-identity" -o 'jsonpath={.data}' | sha256sum >"$TMP/identity"
}

answers() { # status, token (may be empty), service, method, path, options
    local wanted=$1 token=$2 status header=()
    shift 2
    [ -z "$token" ] || header=(-H "Authorization: Bearer $token")
    status=$(of_release "$@" "${header[@]}" -o /dev/null -w '%{http_code}' 2>/dev/null)
    echo "$2 $3: $status"
    [ "$status" = "$wanted" ]
}

owners_only() {
    local user another admin operator orders forged
    openssl genrsa -out "$TMP/strange.key" 2048 2>/dev/null
    user=$(signed_by "$TMP/install.key" 1 '[]') another=$(signed_by "$TMP/install.key" 2 '[]')
    admin=$(signed_by "$TMP/install.key" 901 '["admin"]') operator=$(signed_by "$TMP/install.key" 902 '["operator"]')
    orders=$(signed_by "$TMP/install.key" orders '["service"]') forged=$(signed_by "$TMP/strange.key" 1 '["admin"]')
    answers 401 '' wallet GET /users/1/wallet && answers 401 "$forged" wallet GET /users/1/wallet &&
        answers 200 "$user" wallet GET /users/1/wallet && answers 403 "$another" wallet GET /users/1/wallet &&
        answers 200 "$admin" wallet GET /users/1/wallet && answers 200 "$orders" wallet GET /users/1/wallet &&
        answers 403 "$user" wallet DELETE /users/1/wallet/debits/00000000-0000-4000-8000-000000000001 &&
        answers 403 "$user" inventory PUT /products/1/inventory -H 'Content-Type: application/json' -d '{"inventory":1000}' &&
        answers 200 "$admin" inventory PUT /products/1/inventory -H 'Content-Type: application/json' -d '{"inventory":100000}' &&
        answers 403 "$admin" orders GET /ops/audit && answers 200 "$operator" orders GET /ops/audit
}

# through all services that an order needs: the user's token to orders, its own to wallet and inventory
order_by_token() {
    local user price
    user=$(signed_by "$TMP/install.key" 3 '[]')
    price=$(of_release products GET /products/1 | grep -o '"price":"[0-9.]*"' | cut -d '"' -f 4)
    answers 401 '' orders POST /api/v1/orders/ -H 'Content-Type: application/json' -H 'Idempotency-Key: identity-none' -d '{}' || return
    of_release orders POST /api/v1/orders/ -H "Authorization: Bearer $user" -H 'Content-Type: application/json' -H 'Idempotency-Key: identity-1' \
        -d '{"products":[{"id":1,"price":"'"$price"'"}],"shipping_to":"Harbour 1"}' | tee /dev/stderr | grep -q '"status":"\(confirmed\|pending\)"'
}

same_keys() {
    upgrade --set auth.mode=demo || return # no pod changes, so none is replaced
    k get secret "$RELEASE-identity" -o 'jsonpath={.data}' | sha256sum | cmp - "$TMP/identity"
}

public_page() {
    bff_url || return
    until_true 60 curl -fsS --max-time 5 -o /dev/null "$url/products/all?limit=5" && [ "$(curl -s -o /dev/null -w '%{http_code}' "$url/cart")" = 401 ]
}

group_identity() {
    check "helm upgrade to auth.mode=demo" upgrade --set auth.mode=demo || return
    check "the install's key is in its Secret" install_key || return
    check "services answer 401, 403 and 200 as their rules say" owners_only
    check "an order by a user's token; its debit and reservation by the service's" order_by_token
    check "without a session the public page is there, and a cart is 401" public_page
    check "helm test with auth.mode=demo" h test "$RELEASE" --timeout 90s
    check "the keys are the same after another upgrade" same_keys
}
