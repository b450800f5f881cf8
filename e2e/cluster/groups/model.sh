# Versions of the model and its replicas.

# As group_predictions leaves it, or the demonstration data: product 1 has the features of row 0.
prepare_model() {
    bff_url || return
    features=("$(row 102)" "$(row 0)") values=(150.647483)
    until_true 90 prediction 1 && values[1]=$(prediction 1) && until_true 30 rows_and_pairs && before=$ahead
}

send_rows() { # rate, options of Rows; prints how many were sent
    local status
    RABBITMQ_PASSWORD=$(k get secret "$RELEASE"-rabbitmq -o 'jsonpath={.data.rabbitmq-password}' | base64 -d) || return
    export RABBITMQ_PASSWORD
    port_forward rabbitmq 5672 || return
    (java_tool Rows "${forwarded##*:}" vitrina "$@")
    status=$?
    stop_forward
    return $status
}

rows_of_another_law() { send_rows 200 2000 && sent=2000 && until_true 60 all_paired $((before - sent)); }

# On one node any number of pods may have a claim that is ReadWriteOnce.
share_versions() { # options
    local volumes='[{"name":"models","persistentVolumeClaim":{"claimName":"models"}}]'
    k apply -f - <<'YAML' || return
apiVersion: v1
kind: PersistentVolumeClaim
metadata: {name: models}
spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 16Mi}}}
YAML
    upgrade --set-json "services.model.extraVolumes=$volumes" --set-json "services.retraining.extraVolumes=$volumes" "$@"
}

serves() { # version
    local state
    state=$(of_release model GET /ops/model)
    echo "model: $state"
    grep -q "\"serving\":\[{\"version\":\"$1\"" <<<"$state"
}

learned_by_the_clock() {
    until_true 180 serves 2 && return
    k get cronjobs,jobs,pods
    k logs -l "app.kubernetes.io/component=retraining" --tail=20
    return 1
}

change_products() { # which of the two rows
    local product
    port_forward products || return
    for product in {41..50}; do patch_features "$product" "${features[$1]}" || break; done
    stop_forward
    [ "$product" = 50 ]
}

predicted_by() { # version: each of the ten
    local product answer
    for product in {41..50}; do
        answer=$(curl -fsS --max-time 5 "$url/predictions/product/$product")
        grep -q "\"model_version\":\"$1\"" <<<"$answer" || {
            echo "not by version $1: $answer"
            return 1
        }
    done
}

# Each replica looks for another choice once a second: a change before that is answered by the version that was.
predict_by() { # version, which of the two rows
    change_products $((1 - $2)) && change_products "$2" && until_true 5 predicted_by "$1"
}

no_retraining() { [ "$(k get jobs -l app.kubernetes.io/component=retraining -o 'jsonpath={.items[*].status.active}')" = '' ]; }

roll_back_the_model() { # the retraining would publish the better version again
    k patch cronjob "$RELEASE"-retraining -p '{"spec":{"suspend":true}}' && until_true 60 no_retraining &&
        of_release model POST /ops/model/rollback && until_true 30 serves 1 &&
        until_true 60 predict_by 1 1 && predicted 41 "${values[1]}"
}

own_versions_again() { upgrade && k delete pvc models --wait=true --timeout=90s; }

follow_the_cpu() { # a request so small that this machine can make more than one replica busy
    share_versions --set services.model.resources.requests.cpu=20m --set-json 'services.model.autoscaling={"enabled":true,"minReplicas":1,"maxReplicas":3,"targetCPUUtilizationPercentage":100,
        "behavior":{"scaleDown":{"stabilizationWindowSeconds":15}}}' && until_true 120 replicas model 1 1
}

scaled_up() { # under rows that come faster than one replica should answer
    local sending result=0
    rm -f "$TMP/enough"
    { until [ -e "$TMP/enough" ]; do sleep 0.5; done; echo enough; } | send_rows 500 >"$TMP/sent" 2>&1 &
    sending=$!
    until_true 180 replicas model 2 3 || result=1
    touch "$TMP/enough"
    wait $sending || result=1
    cat "$TMP/sent"
    sent=$((sent + $(grep -xE '[0-9]+' "$TMP/sent"))) || result=1
    return $result
}

group_model() {
    [[ " $SERVICES " == *" model "* ]] || {
        say "there is no service model yet"
        return
    }
    sent=0
    check "2000 rows of another law, sent by an AMQP client, each make a pair" eval 'prepare_model && rows_of_another_law' || return
    check "the retraining of each minute, in a Job, publishes a better version, which the model serves" eval \
        "share_versions --set services.model.replicas=2 --set services.retraining.enabled=true --set-string 'services.retraining.schedule=* * * * *' && learned_by_the_clock" || return
    check "... and both replicas of the model predict by" until_true 60 predict_by 2 0
    check "one command rolls it back" roll_back_the_model
    check "model's replicas follow the CPU: one while little is to do" follow_the_cpu || return
    check "... more under 500 rows a second" scaled_up
    check "... one again afterwards" until_true 240 replicas model 1 1
    check "... and each row, of the client and of the generator, made one pair" until_true 180 all_paired $((before - sent))
    check "the model without claim, as it was installed" own_versions_again
}
