#!/usr/bin/env bash
# Makes what the tests in a real browser need: Debian's chromium, and a virtual environment with Playwright in
# .build/browser. Where that cannot be had it says so loudly and ends well: the other tests need none of it.
#
#   RELAIS_CHROMIUM=/path   use this Chromium, install none
set -uo pipefail
cd "$(dirname "$0")/.."

readonly requirements=Tests/EndToEndTests/Fixtures/browser/requirements.txt
readonly folder=.build/browser

skip() {
    rm -f "$folder/ready"
    printf '\n%s\n%s\n\n' "*** SKIPPED: the tests in a real browser (EndToEndTests.BrowserTests)." "*** $*" >&2
    exit 0
}

packages=(python3 python3-venv)
[[ ${RELAIS_CHROMIUM:-} ]] || packages+=(chromium)
chromium=${RELAIS_CHROMIUM:-/usr/lib/chromium/chromium}
cmp -s "$requirements" "$folder/ready" && [[ -x $chromium ]] && exit 0

scripts/dependencies.sh "${packages[@]}" || skip "Chromium or Python could not be installed; see above."
[[ -x $chromium ]] || skip "There is no Chromium at $chromium; set RELAIS_CHROMIUM to where it is."
log=$(mktemp)
trap 'rm -f "$log"' EXIT
if ! { python3 -m venv "$folder" && "$folder/bin/pip" install --quiet --requirement "$requirements"; } >"$log" 2>&1; then
    tail -n 5 "$log" | sed 's/^/  pip: /' >&2
    skip "Playwright could not be installed from PyPI."
fi
cp "$requirements" "$folder/ready"
