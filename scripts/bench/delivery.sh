#!/usr/bin/env bash
# CPU per event of delivery, with process isolation: purchases are posted at full speed, every built destination sends
# them to a sink that answers at once, and the CPU of the relay's threads and of its children is read from /proc.
#   EVENTS="20 1"   events a request, one run each
#   LOAD=5          seconds of load
#   PERF=file       record a profile of the relay and its children during the last run
# Prints a line of JSON a run; microseconds of CPU per event: `cpu_us_per_event` in all, `runners` (a thread a
# destination), `transport`, `children`, and `rest` (collector, event log, delivery state).
set -euo pipefail
cd "$(dirname "$0")/../.."
. scripts/bench/lib.sh

readonly all='ga4|meta|linkedin|tiktok'
destinations() {
    local vendor=http://127.0.0.1:$sink
    destination ga4 ga4 "$vendor/www.google-analytics.com" 'measurement_id: G-BENCH12345, api_secret: bench-secret'
    destination meta meta "$vendor/graph.facebook.com" 'pixel_id: "123456789012345", access_token: bench-token-0123456789'
    destination linkedin linkedin "$vendor/api.linkedin.com" \
        'access_token: bench-token-0123456789, conversions: [ { event: purchase, rule: 123456 } ]'
    destination tiktok tiktok "$vendor/business-api.tiktok.com" \
        'pixel_code: C0123456789ABCDEFGHI, access_token: bench-token-0123456789'
}

# Ticks of CPU by what it is for: a name and a number a line.
ticks() {
    local relay=$1
    {
        cat "/proc/$relay"/task/*/stat 2>/dev/null | sed 's/^/relay /'
        for child in $(cat "/proc/$relay"/task/*/children 2>/dev/null); do
            sed 's/^/child /' "/proc/$child/stat" 2>/dev/null || true
        done
    } | awk '
        {
            kind = $1; name = $0
            sub(/^[^(]*\(/, "", name); sub(/\)[^)]*$/, "", name)
            sub(/.*\) /, "")
            if (kind == "child") part = "children"
            else if (name == "relais-curl") part = "transport"
            else if (name ~ /^relais-(ga4|meta|linkedin|tiktok)$/) part = "runners"
            else part = "rest"
            sum[part] += $12 + $13
        }
        END { for (part in sum) print part, sum[part] }'
}

run() {
    local events=$1 before after count profile
    configuration "$(destinations)"
    start_relay
    load 1 "$events"
    wait_until_delivered "$all"
    if [[ ${PERF:-} ]]; then
        perf record -q -F 499 -g -o "$PERF" \
            -p "$relay,$(cat /proc/"$relay"/task/*/children | tr -s ' ' ',' | sed 's/,$//')" &
        profile=$!
        sleep 0.3
    fi
    ticks "$relay" >"$work/before"
    before=$(delivered "$all")
    load "${LOAD:-5}" "$events"
    wait_until_delivered "$all"
    sleep 0.2
    ticks "$relay" >"$work/after"
    after=$(delivered "$all")
    if [[ ${PERF:-} ]]; then
        kill -INT "$profile"
        wait "$profile" || true
    fi
    count=$((after - before))
    ((count > 0)) || { cat "$work/wrk" "$work/relay.log" >&2; exit 1; }
    join <(sort "$work/before") <(sort "$work/after") |
        awk -v events="$count" -v batch="$events" -v destinations="$(destinations | wc -l)" '
        { part[$1] = ($3 - $2) * 10000 / events; sum += part[$1] }
        END {
            printf "{\"events_per_request\":%d,\"destinations\":%d,\"events\":%d,", batch, destinations, events
            printf "\"cpu_us_per_event\":%.1f,\"rest\":%.1f,\"runners\":%.1f,", sum, part["rest"], part["runners"]
            printf "\"transport\":%.1f,\"children\":%.1f}\n", part["transport"], part["children"]
        }'
    stop_relay
}

start_sink
for events in ${EVENTS:-20 1}; do run "$events"; done
