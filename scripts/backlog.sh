#!/usr/bin/env bash
# Measures what a backlog costs: memory with few and with many events queued, the time from start to ready with many,
# and how fast they are delivered once the vendors are back. The vendors are the sandbox; nothing leaves this machine.
#
#   SMALL=10000 LARGE=1000000   events queued
#   PER_REQUEST=500             events of one request while loading
#   DRAIN=1                     0: do not deliver them afterwards
#   JSON=dist/backlog.json      where the figures go
#   RELAIS_DIST=dist            the tree that `make build` left
#   RELAIS_PORT, RELAIS_ADMIN_PORT, RELAIS_SANDBOX_PORT   18080, 19090, 19191
set -euo pipefail
cd "$(dirname "$0")/.."

dist=$(cd "${RELAIS_DIST:-dist}" 2>/dev/null && pwd) && [[ -x $dist/bin/relais ]] || {
    echo "backlog: there is no ${RELAIS_DIST:-dist}/bin/relais; run: make build" >&2
    exit 1
}
readonly small=${SMALL:-10000} large=${LARGE:-1000000} per_request=${PER_REQUEST:-500}
readonly json=${JSON:-$dist/backlog.json} key=backlog-write-key-0123456789
readonly port=${RELAIS_PORT:-18080} admin_port=${RELAIS_ADMIN_PORT:-19090} sandbox_port=${RELAIS_SANDBOX_PORT:-19191}
export RELAIS_PLUGIN_HOST=${RELAIS_PLUGIN_HOST:-$dist/bin/relais-plugin-host}
scratch=$(mktemp -d)
relay= sandbox=

cleanup() {
    local pid
    for pid in $relay $sandbox; do kill -9 "$pid" 2>/dev/null || true; done
    rm -rf "$scratch"
}
trap cleanup EXIT
trap 'exit 130' INT TERM

fail() {
    printf 'backlog: %s\n' "$*" >&2
    tail -n 20 "$scratch"/*.log >&2 || true
    exit 1
}

now_ms() { printf '%s' "${EPOCHREALTIME/[.,]/}" | sed 's/...$//'; }
status_kib() { awk -v key="$1:" '$1 == key { print $2 }' "/proc/$relay/status"; }
mib() { awk -v kib="$1" 'BEGIN { printf "%.1f", kib / 1024 }'; }

configure() {
    cat >"$scratch/relais.yaml" <<YAML
listen: 127.0.0.1:$port
admin: { listen: "127.0.0.1:$admin_port" }
state: $scratch/state
plugins: { directory: "$dist/plugins" }
sites:
  shop: { domains: [shop.example], measurement_id: G-TEST123456 }
sources:
  server: { clients: [relais], site: shop, write_keys: [$key], consent: { default: granted, reason: measurement } }
destinations:
  ga4:
    plugin: ga4
    config: { measurement_id: G-TEST123456, api_secret: secret-0123456789, endpoint: "http://127.0.0.1:$sandbox_port/www.google-analytics.com" }
  meta:
    plugin: meta
    browser_tag: false
    config: { pixel_id: "123456789012345", access_token: token-0123456789, endpoint: "http://127.0.0.1:$sandbox_port/graph.facebook.com" }
log: { level: warning }
YAML
}

# Starts the relay and sets `ready_ms`.
start() {
    local begun
    begun=$(now_ms)
    "$dist/bin/relais" serve --config "$scratch/relais.yaml" 2>>"$scratch/relay.log" &
    relay=$!
    until curl -fs -o /dev/null --max-time 1 "http://127.0.0.1:$port/readyz"; do
        kill -0 "$relay" 2>/dev/null || fail "the relay ended"
        (($(now_ms) - begun < 60000)) || fail "the relay is not ready after a minute"
        sleep 0.01
    done
    ready_ms=$(($(now_ms) - begun))
}

stop() {
    kill "$1" 2>/dev/null || true
    wait "$1" 2>/dev/null || true
}

# One request's events, with ids and visitors of their own: first number, count.
events() {
    awk -v first="$1" -v count="$2" 'BEGIN {
        for (i = first; i < first + count; i++)
            printf "{\"event_name\":\"purchase\",\"event_id\":\"backlog-%d\",\"client_id\":\"%d.1795440000\"," \
                "\"transaction_id\":\"order-%d\",\"currency\":\"EUR\",\"value\":129.90,\"tax\":21.65," \
                "\"page_location\":\"https://shop.example/checkout/thank-you?order=%d\"," \
                "\"user_agent\":\"Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0\"," \
                "\"ip_override\":\"203.0.113.%d\",\"user_data\":{\"email_address\":\"visitor-%d@example.com\"}," \
                "\"items\":[{\"item_id\":\"SKU_%d\",\"item_name\":\"Marinière\",\"price\":129.90,\"quantity\":1}]}\n",
                i, 1000000 + i, i, i, i % 256, i, i % 977
    }'
}

# Queues events from number $1 up to $2.
load() {
    local first=$1 last=$2 count
    for ((; first < last; first += per_request)); do
        count=$((last - first < per_request ? last - first : per_request))
        events "$first" "$count" | curl -fsS -o /dev/null --max-time 60 --retry 5 --data-binary @- \
            -H "Authorization: Bearer $key" -H 'Content-Type: application/x-ndjson' \
            "http://127.0.0.1:$port/v1/events" || fail "events from $first on were not taken"
        [[ -t 2 ]] && printf '\r%d of %d queued' "$((first + count))" "$last" >&2
    done
    [[ -t 2 ]] && printf '\r\033[K' >&2
    return 0
}

lag() {
    curl -fsS --max-time 10 "http://127.0.0.1:$admin_port/api/v1/destinations" |
        grep -o '"lag":[0-9]*' | awk -F: '{ if ($2 > most) most = $2 } END { print most + 0 }'
}

expect_lag() {
    local found
    found=$(lag)
    ((found == $1)) || fail "$1 events should be queued, and $found are"
}

drain() {
    local begun left
    "$dist/bin/relais" sandbox --listen "127.0.0.1:$sandbox_port" >"$scratch/sandbox.log" 2>&1 &
    sandbox=$!
    begun=$(now_ms)
    while left=$(lag) && ((left > 0)); do
        [[ -t 2 ]] && printf '\r%d left to deliver ' "$left" >&2
        (($(now_ms) - begun < 3600000)) || fail "$left events are not delivered after an hour"
        sleep 0.5
    done
    [[ -t 2 ]] && printf '\r\033[K' >&2
    drain_ms=$(($(now_ms) - begun))
    drain_kib=$(status_kib VmRSS)
    stop "$sandbox"
    sandbox=
}

configure
start
empty_ms=$ready_ms
sleep 1
empty_kib=$(status_kib VmRSS)
load 0 "$small"
sleep 2
expect_lag "$small"
small_kib=$(status_kib VmRSS)
load_begun=$(now_ms)
load "$small" "$large"
load_ms=$(($(now_ms) - load_begun))
sleep 2
expect_lag "$large"
large_kib=$(status_kib VmRSS)
peak_kib=$(status_kib VmHWM)
log_bytes=$(du -sb "$scratch/state/log" | cut -f1)
stop "$relay"
start
restart_ms=$ready_ms
sleep 5
expect_lag "$large"
restart_kib=$(status_kib VmRSS)
drain_ms=null drain_kib=0 rate=null
if [[ ${DRAIN:-1} != 0 ]]; then
    drain
    rate=$((large * 1000 / (drain_ms > 0 ? drain_ms : 1)))
fi
stop "$relay"
relay=

printf '%-44s %12s\n' \
    "resident, nothing queued" "$(mib "$empty_kib") MiB" \
    "resident, $small queued" "$(mib "$small_kib") MiB" \
    "resident, $large queued" "$(mib "$large_kib") MiB" \
    "  at most while they were loaded" "$(mib "$peak_kib") MiB" \
    "  after a restart" "$(mib "$restart_kib") MiB" \
    "start to ready, nothing queued" "$empty_ms ms" \
    "start to ready, $large queued" "$restart_ms ms" \
    "the log on disk" "$((log_bytes >> 20)) MiB"
if [[ $drain_ms != null ]]; then
    printf '%-44s %12s\n' "delivered to both destinations in" "$((drain_ms / 1000)) s" \
        "  events a second" "$rate" "  resident afterwards" "$(mib "$drain_kib") MiB"
fi
cat >"$json" <<JSON_END
{ "small": $small, "large": $large, "empty_rss_bytes": $((empty_kib << 10)), "small_rss_bytes": $((small_kib << 10)),
  "large_rss_bytes": $((large_kib << 10)), "peak_rss_bytes": $((peak_kib << 10)), "restart_rss_bytes": $((restart_kib << 10)),
  "empty_ready_ms": $empty_ms, "large_ready_ms": $restart_ms, "load_ms": $load_ms, "log_bytes": $log_bytes,
  "drain_ms": $drain_ms, "drain_events_per_second": $rate, "drained_rss_bytes": $((drain_kib << 10)) }
JSON_END
printf '%s\n' "also in $json"
