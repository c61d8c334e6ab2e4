#!/usr/bin/env bash
# What a dead destination (connection refused) and a slow one (each answer takes the whole time-out) cost the others, for
# the whole run: runs without and with them take turns, each with a relay of its own, and the ratio of the medians of what
# the others deliver a second is printed.
#   PAIRS=5   LOAD=4 (seconds)   EVENTS=20 (a request)   LIMIT=0.85: below it the exit status is 1; the aim is 0.95, and
#             the rest is for machines that do other things too
set -euo pipefail
cd "$(dirname "$0")/../.."
. scripts/bench/lib.sh

readonly healthy='ga4|meta'
readonly meta='pixel_id: "123456789012345", access_token: bench-token-0123456789'

# destinations ENABLED: the healthy ones, and the two others where ENABLED is true.
destinations() {
    local vendor=http://127.0.0.1:$sink
    destination ga4 ga4 "$vendor/www.google-analytics.com" 'measurement_id: G-BENCH12345, api_secret: bench-secret'
    destination meta meta "$vendor/graph.facebook.com" "$meta"
    destination dead meta "http://127.0.0.1:1" "$meta" ", enabled: $1"
    destination slow meta "$vendor/silent" "$meta" ", enabled: $1, timeout: 2s"
}

# Events that the slower of the healthy ones delivers a second, until it has all.
run() {
    local before after start end
    configuration "$(destinations "$1")"
    start_relay
    load 1 "${EVENTS:-20}"
    wait_until_delivered "$healthy"
    before=$(delivered "$healthy")
    start=${EPOCHREALTIME/./}
    load "${LOAD:-4}" "${EVENTS:-20}"
    wait_until_delivered "$healthy"
    end=${EPOCHREALTIME/./}
    after=$(delivered "$healthy")
    if [[ $1 == true ]]; then
        [[ $(delivered 'dead|slow') == 0 && $(member lag | awk '$1 == "slow" { print ($2 > 0) }') == 1 ]] ||
            { echo "fairness: the dead and the slow destination were not in the way" >&2; exit 1; }
    fi
    stop_relay
    echo $(((after - before) * 1000000 / (end - start)))
}

median() { sort -n | awk '{ value[NR] = $1 } END { print value[int((NR + 1) / 2)] }'; }

start_sink
for ((pair = 1; pair <= ${PAIRS:-5}; pair++)); do
    for enabled in false true; do
        run "$enabled" >"$work/rate"
        cat "$work/rate" >>"$work/$enabled"
        printf 'pair %d, %s: %s events/s\n' "$pair" "$([[ $enabled == true ]] && echo with || echo without)" "$(<"$work/rate")"
    done
done
awk -v without="$(median <"$work/false")" -v with="$(median <"$work/true")" -v limit="${LIMIT:-0.85}" 'BEGIN {
    printf "{\"without\":%d,\"with\":%d,\"ratio\":%.3f,\"aim\":0.95}\n", without, with, with / without
    exit with / without < limit
}'
