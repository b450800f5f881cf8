# What stays when a release goes.

group_uninstall() {
    stop_load
    check "NOTES say that the claim stays and how it goes" says_what_stays
    check "helm uninstall" uninstall "$NS" "$RELEASE"
    check "... leaves nothing but the claims of PostgreSQL and RabbitMQ" until_true 60 nothing_but_claims "$NS" \
        "persistentvolumeclaim/data-$RELEASE-postgres-0 persistentvolumeclaim/data-$RELEASE-rabbitmq-0"
}

says_what_stays() { h get notes "$RELEASE" | grep -A 3 'helm uninstall' | tee /dev/stderr | grep -q 'delete pvc'; }
