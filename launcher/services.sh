# What bash needs of the services' descriptions, services/*/service.yaml; ROOT is the project's folder. Only simple lines are read
# here ('key: value', and '  - item' below 'key:'); the launcher reads the files whole and strictly.

service_names() { # by port
    local file
    for file in "$ROOT"/services/*/service.yaml; do
        sed -n 's/^port: *\([0-9]*\).*/\1/p' "$file" | sed "s|\$| $(basename "$(dirname "$file")")|"
    done | sort -n | cut -d ' ' -f 2
}

service_value() { # NAME KEY
    sed -n "s/^$2: *//p" "$ROOT/services/$1/service.yaml"
}

service_items() { # NAME KEY: a line for each item, of '[a, b]' and of a list in lines of its own
    awk -v key="$2" '
        $0 ~ "^" key ": *\\[" { sub(/^[^[]*\[/, ""); sub(/\].*/, ""); gsub(/ */, ""); gsub(/,/, "\n"); if ($0 != "") print; next }
        /^[^ #]/ { inside = ($0 ~ "^" key ":") }
        inside && /^  - / { sub(/^  - */, ""); print }' "$ROOT/services/$1/service.yaml"
}

services_with_role() { # ROLE
    local name
    for name in $(service_names); do
        ! service_items "$name" roles | grep -qx "$1" || echo "$name"
    done
}
