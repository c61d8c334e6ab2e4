#!/usr/bin/env bash
# Everything there is to test: module tests first, then the end-to-end tests of the real command, one after the other.
#   FILTER=Name   only tests whose names match
set -euo pipefail
cd "$(dirname "$0")/.."

scripts/dependencies.sh curl openssl
scripts/browser.sh
scripts/test-clients.sh
make --no-print-directory plugins WERROR=-Werror

export RELAIS_STRICT=1
swift build --build-tests

if [[ ${FILTER:-} ]]; then
    exec swift test --skip-build --no-parallel --filter "$FILTER"
fi
scripts/test-dependencies.sh
swift test --skip-build --no-parallel --skip EndToEndTests
swift test --skip-build --no-parallel --filter EndToEndTests
