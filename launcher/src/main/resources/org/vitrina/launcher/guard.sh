#!/bin/sh
# Ends what the launcher left behind. Waits until the launcher's end of standard input closes, however that comes
# about, then ends every process that the state file (first argument) of that launcher (second, its pid) still names: cleanly, and by force after 8 s.
# A process is told from a later one with its pid by its start time (field 22 of /proc/PID/stat).
trap '' INT TERM HUP
state=$1
launcher=$2

while read -r _; do :; done

is_alive() { # pid start-ticks
    stat=$(cat "/proc/$1/stat" 2>/dev/null) || return 1
    ticks=$2
    # shellcheck disable=SC2086 # the fields after the command's name hold no blanks
    set -- 1 2 ${stat##*) }
    [ "$3" != Z ] && [ "${22}" = "$ticks" ]
}

each() { # signal, or "own" for the clean one of each
    found=no
    while read -r name pid ticks signal _; do
        if [ "$name" = launcher ]; then
            # a newer launcher's file is none of ours
            [ "$pid" = "$launcher" ] && continue
            exit 0
        fi
        [ "$name" = guard ] && continue
        is_alive "$pid" "$ticks" || continue
        found=yes
        case $1 in
        look) ;;
        own) kill -s "$signal" "$pid" 2>/dev/null; kill -s CONT "$pid" 2>/dev/null ;; # a frozen one hears it only awake
        *) kill -s "$1" -- "-$pid" 2>/dev/null; kill -s "$1" "$pid" 2>/dev/null ;;
        esac
    done <"$state"
    [ "$found" = yes ]
}

[ -f "$state" ] || exit 0
each own
tries=0
while each look && [ $tries -lt 80 ]; do
    sleep 0.1
    tries=$((tries + 1))
done
tries=0
while each KILL && [ $tries -lt 50 ]; do
    sleep 0.1
    tries=$((tries + 1))
done
rm -f "$state"
exit 0
