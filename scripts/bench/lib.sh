# What the delivery benchmarks share: a sink, a relay of their own and the load on it. Sourced, not run; the sourcing script
# sets -euo pipefail and stands in the repository.
#   RELAIS_DIST=dist   PORT=18480 (and the two after it)   CONNECTIONS=32

dist=$(cd "${RELAIS_DIST:-dist}" && pwd)
port=${PORT:-18480}
sink=$((port + 2))
work=$(mktemp -d)
readonly key=bench-write-key-0123456789
pids=()

# shellcheck disable=SC2317
finish() {
    local pid
    for pid in "${pids[@]}"; do kill "$pid" 2>/dev/null || true; done
    for pid in "${pids[@]}"; do wait "$pid" 2>/dev/null || true; done
    rm -rf "$work"
}
trap finish EXIT

start_sink() {
    cc -O2 -std=gnu17 scripts/bench/sink.c -o "$work/sink"
    "$work/sink" "$sink" &
    pids+=($!)
}

# destination NAME PLUGIN ENDPOINT CONFIG [MORE]: a line of configuration, when the plugin is built.
destination() {
    [[ -f $dist/plugins/$2.so ]] || return 0
    printf '  %s: { plugin: %s, browser_tag: false, config: { endpoint: "%s", %s }%s }\n' "$1" "$2" "$3" "$4" "${5:-}"
}

# configuration DESTINATIONS: writes $work/relais.yaml with those lines.
configuration() {
    cat >"$work/relais.yaml" <<YAML
listen: 127.0.0.1:$port
admin: { listen: "127.0.0.1:$((port + 1))" }
state: $work/state
plugins: { directory: "$dist/plugins" }
log: { level: error }
sites: { shop: { domains: [shop.example], measurement_id: G-BENCH12345, default_country: FR } }
sources:
  server: { clients: [relais], site: shop, write_keys: [$key], consent: { default: granted, reason: bench } }
destinations:
$1
YAML
}

# Starts a relay with an empty state; its process is $relay.
start_relay() {
    local attempt
    rm -rf "$work/state"
    "$dist/bin/relais" serve --config "$work/relais.yaml" >"$work/relay.log" 2>&1 &
    relay=$!
    pids+=("$relay")
    for ((attempt = 0; attempt < 200; attempt++)); do
        (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null && return
        kill -0 "$relay" 2>/dev/null || break
        sleep 0.05
    done
    cat "$work/relay.log" >&2
    exit 1
}

stop_relay() {
    kill "$relay"
    wait "$relay" || true
    unset 'pids[-1]'
}

# load SECONDS EVENTS_PER_REQUEST
load() {
    KEY=$key BATCH=$2 RUN=$((RANDOM + SECONDS)) wrk -t1 -c"${CONNECTIONS:-32}" -d"$1" -s scripts/bench/purchases.lua \
        "http://127.0.0.1:$port/v1/events" >"$work/wrk"
}

# The body of a GET, by bash alone.
http() {
    exec 3<>"/dev/tcp/127.0.0.1/$1"
    printf 'GET %s HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n' "$2" >&3
    timeout 5 sed '1,/^\r*$/d' <&3 || true
    exec 3>&-
}

# Lines of id, number for a member of the destinations' state: member lag
member() {
    http $((port + 1)) /api/v1/destinations | tr '}' '\n' |
        sed -nE 's/.*"id" *: *"([^"]*)".*"'"$1"'" *: *([0-9]+).*/\1 \2/p'
}

# Waits until the named destinations (a regular expression) have nothing left to do.
wait_until_delivered() {
    while [[ $({ member lag; member in_flight; } | awk -v names="^($1)$" '$1 ~ names { n += $2 } END { print n + 0 }') != 0 ]]; do
        sleep 0.05
    done
}

# Events that the slowest of the named destinations has delivered.
delivered() { member delivered | awk -v names="^($1)$" '$1 ~ names { print $2 }' | sort -n | head -n 1; }
