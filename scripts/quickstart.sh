#!/usr/bin/env bash
# Runs the sandbox and the relay with the demo's configuration, sends a recorded browser session and some orders, and
# shows where every event went. Ends with Ctrl-C.
#
#   ONCE=1                 end after the table; exit status 1 when an expected delivery is missing
#   KEEP=1                 keep the state of the last run
#   RELAIS_PORT=8080 RELAIS_ADMIN_PORT=9090 RELAIS_SANDBOX_PORT=9191
#   RELAIS_DIST=dist       the tree that `make build` left
set -euo pipefail
cd "$(dirname "$0")/.."

dist=$(cd "${RELAIS_DIST:-dist}" 2>/dev/null && pwd) || {
    echo "quickstart: there is no ${RELAIS_DIST:-dist}; run: make build" >&2
    exit 1
}
demo=$dist/share/relais/demo
relais=$dist/bin/relais
export RELAIS_PORT=${RELAIS_PORT:-8080}
export RELAIS_ADMIN_PORT=${RELAIS_ADMIN_PORT:-9090}
export RELAIS_SANDBOX_PORT=${RELAIS_SANDBOX_PORT:-9191}
export RELAIS_DEMO_STATE=${RELAIS_DEMO_STATE:-$dist/demo-state}
readonly write_key=demo-write-key-0123456789
readonly collector=http://127.0.0.1:$RELAIS_PORT
readonly admin=http://127.0.0.1:$RELAIS_ADMIN_PORT
readonly logs=$dist/demo-logs

say() { printf '%s\n' "$*"; }

fail() {
    printf 'quickstart: %s\n' "$*" >&2
    exit 1
}

# HTTP by bash alone: a newcomer's machine need not have curl. Prints status line, headers and body.
http_get() {
    local port=$1 path=$2
    (
        exec 3<>"/dev/tcp/127.0.0.1/$port" || exit 1
        printf 'GET %s HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n' "$path" >&3
        cat <&3
    ) 2>/dev/null
}

is_taken() { (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }

owner_of_port() {
    local owner=
    if command -v ss >/dev/null; then
        owner=$(ss -Hltnp "sport = :$1" 2>/dev/null | sed -n 's/.*users:((\("[^"]*",pid=[0-9]*\).*/\1/p' | head -n 1)
    elif command -v lsof >/dev/null; then
        owner=$(lsof -nP -sTCP:LISTEN -iTCP:"$1" -Fcp 2>/dev/null | tr '\n' ' ')
    fi
    [[ -z $owner ]] || printf ' (by %s)' "${owner//\"/}"
}

check_ports() {
    local name taken=0
    for name in RELAIS_PORT RELAIS_ADMIN_PORT RELAIS_SANDBOX_PORT; do
        [[ ${!name} =~ ^[0-9]{1,5}$ ]] && ((${!name} >= 1 && ${!name} <= 65535)) ||
            fail "$name=${!name} is not a port number from 1 to 65535"
        if is_taken "${!name}"; then
            printf 'quickstart: port %s is taken%s; choose another with %s=…\n' "${!name}" "$(owner_of_port "${!name}")" "$name" >&2
            taken=1
        fi
    done
    ((taken == 0)) || fail "for example: make quickstart RELAIS_PORT=18080 RELAIS_ADMIN_PORT=19090 RELAIS_SANDBOX_PORT=19191"
}

children=()
# shellcheck disable=SC2317
stop_children() {
    local pid
    trap - EXIT INT TERM
    for pid in "${children[@]}"; do kill -TERM "$pid" 2>/dev/null || true; done
    for pid in "${children[@]}"; do wait "$pid" 2>/dev/null || true; done
}

# start NAME COMMAND…: in the background, its log in a file.
start() {
    local name=$1
    shift
    "$@" >"$logs/$name.log" 2>&1 </dev/null &
    children+=($!)
}

# wait_for NAME PORT PATH: until it answers 200.
wait_for() {
    local name=$1 port=$2 path=$3 pid=${children[-1]} attempt
    for ((attempt = 0; attempt < 300; attempt++)); do
        [[ $(http_get "$port" "$path" | head -n 1) == *' 200 '* ]] && return
        if ! kill -0 "$pid" 2>/dev/null; then
            tail -n 20 "$logs/$name.log" >&2
            fail "$name ended; its whole log is in $logs/$name.log"
        fi
        sleep 0.1
    done
    tail -n 20 "$logs/$name.log" >&2
    fail "$name did not get ready within 30 s; its log is in $logs/$name.log"
}

destinations() { "$relais" destinations list --json --admin "$admin"; }

# What is still to be done: the sum of lag, in_flight and retrying over all destinations.
remaining() {
    destinations | grep -oE '"(lag|in_flight|retrying)" *: *[0-9]+' | grep -oE '[0-9]+$' | awk '{ n += $1 } END { print n + 0 }'
}

wait_until_delivered() {
    local attempt
    for ((attempt = 0; attempt < 300; attempt++)); do
        [[ $(remaining) == 0 ]] && return
        sleep 0.2
    done
    say "Some destinations still have work after 60 s:"
    destinations
}

# What the sandbox took, as lines of vendor, event name and count.
received() {
    local vendor
    for vendor in ga4 meta linkedin tiktok; do
        http_get "$RELAIS_SANDBOX_PORT" "/_received?vendor=$vendor&fields=events&accepted=true" |
            grep -oE '"event_name":"[^"]*"' | cut -d '"' -f 4 | sort | uniq -c | awk -v vendor="$vendor" '{ print vendor "\t" $2 "\t" $1 }'
    done | sort
}

[[ -x $relais && -f $demo/relais.yaml ]] || fail "$dist is not complete; run: make build"
check_ports
[[ ${KEEP:-} == 1 ]] || rm -rf "$RELAIS_DEMO_STATE"
mkdir -p "$logs"
trap stop_children EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

say "Starting the sandbox (simulated vendors) on port $RELAIS_SANDBOX_PORT and the relay on port $RELAIS_PORT."
start sandbox "$relais" sandbox --listen "127.0.0.1:$RELAIS_SANDBOX_PORT"
wait_for sandbox "$RELAIS_SANDBOX_PORT" /
start relay "$relais" serve --config "$demo/relais.yaml"
wait_for relay "$RELAIS_PORT" /readyz
relay=${children[-1]}

say "Sending a recorded browser session, then orders from a server."
"$relais" send --to "$collector" "$demo/browser-session.jsonl"
"$relais" send --to "$collector" --key "$write_key" "$demo/orders.json"
wait_until_delivered

say
"$relais" events table --admin "$admin"

if [[ ${ONCE:-} == 1 ]]; then
    if [[ ${KEEP:-} != 1 ]] && ! difference=$(diff "$demo/expected.tsv" <(received)); then
        printf '%s\n' "$difference" >&2
        fail "the deliveries above differ from $demo/expected.tsv (< expected, > delivered)"
    fi
    exit 0
fi

cat <<TEXT

The relay keeps running; Ctrl-C ends it. In another terminal:

  the story of one event:
    $relais events show --admin $admin demo-order-1001

  send one of your own:
    curl -i $collector/v1/events -H 'Authorization: Bearer $write_key' \\
      -d '{"event_name":"purchase","transaction_id":"mine-1","client_id":"1.2","currency":"EUR","value":12.50}'

  what the vendors received:
    curl -s 'http://127.0.0.1:$RELAIS_SANDBOX_PORT/_received?vendor=meta'

  let a vendor be down, send something, and let it recover:
    curl -X PUT    http://127.0.0.1:$RELAIS_SANDBOX_PORT/_faults -d '[{"vendor":"meta","outage":true}]'
    curl -X DELETE http://127.0.0.1:$RELAIS_SANDBOX_PORT/_faults
    $relais destinations list --admin $admin

  kill the relay as a power failure would, then start it again with what it had:
    kill -9 $relay
    KEEP=1 make quickstart

Logs: $logs
TEXT
# Killed on purpose or not: when one of the two ends, so does the demo.
status=0
wait -n "${children[@]}" || status=$?
if kill -0 "$relay" 2>/dev/null; then
    say "The sandbox ended (exit status $status); its log is in $logs/sandbox.log"
else
    say "The relay ended (exit status $status); what it had accepted is in $RELAIS_DEMO_STATE"
fi
exit "$status"
