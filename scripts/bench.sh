#!/usr/bin/env bash
# Measures the targets on this machine with the release tree in DIST; `relais-bench --help` says how.
#   ONLY=ingest    one group of rows        PAIRS=5   runs for each ratio    SECONDS_EACH=4   seconds of load in a run
#   BACKLOG=1000000  events queued for the memory and start rows             JSON=file        figures for machines
set -euo pipefail
cd "$(dirname "$0")/.."
dist=$(cd "${1:?usage: scripts/bench.sh DIST}" && pwd)

scripts/dependencies.sh wrk nginx-light
swift build -c release --product relais-bench
arguments=()
[[ -z ${ONLY:-} ]] || arguments+=(--only "$ONLY")
[[ -z ${PAIRS:-} ]] || arguments+=(--pairs "$PAIRS")
[[ -z ${SECONDS_EACH:-} ]] || arguments+=(--seconds "$SECONDS_EACH")
[[ -z ${BACKLOG:-} ]] || arguments+=(--backlog "$BACKLOG")
[[ -z ${JSON:-} ]] || arguments+=(--json "$JSON")
RELAIS_BINARY=$dist/bin/relais RELAIS_DIST=$dist exec \
    "$(swift build -c release --product relais-bench --show-bin-path)/relais-bench" "${arguments[@]}"
