# The pipeline from a product's features to its prediction, while its parts are killed.

# Demonstration data: product 1 has the features of row 0, 103 those of row 102, whose prediction is known.
prepare_predictions() {
    bff_url || return
    port_forward products || return
    features=("$(row 102)" "$(row 0)") values=(150.647483)
    until_true 90 predicted 103 "${values[0]}" || return
    values[1]=$(prediction 1)
    [ -n "${values[1]}" ] && [ "${values[1]}" != "$(prediction 103)" ]
}

new_prediction() { patch_features 103 "${features[1]}" && until_true 60 predicted 103 "${values[1]}"; }

has_pairs() { rows_and_pairs && labels_are_logged; }

labels_are_logged() {
    k exec "$(pod metrics)" -c metrics -- grep -m 1 -E 'y_true .* -?[0-9]+\.[0-9]+$' /logs/labels_log.txt
}

changes() { # one product after the other gets the features of one of the rows, round after round, until $TMP/enough is there
    local product round=0
    until [ -e "$TMP/enough" ]; do
        for product in {41..60}; do
            if patch_features "$product" "${features[(product + round) % 2]}" 2>>"$TMP/refused"; then
                echo $(((product + round) % 2)) >"$TMP/last-$product"
            else
                echo "product $product was not changed" >>"$TMP/refused"
            fi
        done
        round=$((round + 1))
        echo $round >"$TMP/rounds"
    done
}

changes_while_killed() {
    local changing bad=0
    rm -f "$TMP/enough" "$TMP"/last-* "$TMP/refused" "$TMP/rounds"
    changes &
    changing=$!
    { kill_service model && kill_container "$RELEASE"-rabbitmq-0 rabbitmq && kill_service predictions && kill_service metrics; } || bad=1
    sleep 3
    touch "$TMP/enough"
    wait $changing
    echo "$(cat "$TMP/rounds") rounds of changes"
    cat "$TMP/refused"
    [ $bad = 0 ] && [ ! -s "$TMP/refused" ] && [ "$(cat "$TMP/rounds")" -ge 3 ]
}

all_predicted() { # as the last change of each wants it
    local product
    for product in {41..60}; do predicted "$product" "${values[$(cat "$TMP/last-$product")]}" || return; done
}

group_predictions() {
    [[ " $SERVICES " == *" predictions "* ]] || {
        say "there is no service predictions yet"
        return
    }
    ahead=0
    check "a product's prediction is read through the BFF, and is the one that is known of its features" prepare_predictions || {
        stop_forward
        return
    }
    check "a product that is PATCHed gets a new one" new_prediction
    check "rows of the generator and their predictions meet in metrics, each with a line in labels_log.txt" until_true 60 has_pairs
    check "products are changed while model, RabbitMQ, predictions and metrics are killed one after the other" changes_while_killed
    check "... then each product has the prediction of its last change" until_true 180 all_predicted
    check "... and each row of the generator made one pair" until_true 120 all_paired "$ahead"
    stop_forward
}
