#!/usr/bin/env bash
# Installs the published SDKs that the end-to-end tests use as clients into .build/clients. Where the package index is out
# of reach, it says so and the tests that need them are left out.
set -uo pipefail
cd "$(dirname "$0")/.."

folder=.build/clients
wanted=Tests/EndToEndTests/Fixtures/clients/requirements.txt
cmp -s "$wanted" "$folder/installed.txt" && exit 0

if ! python3 -c 'import ensurepip, venv' 2>/dev/null; then
    scripts/dependencies.sh python3 python3-venv || exit 1
fi
rm -rf "$folder"
if python3 -m venv "$folder" && "$folder/bin/pip" install --quiet --requirement "$wanted"; then
    cp "$wanted" "$folder/installed.txt"
    exit 0
fi
rm -rf "$folder"
printf '\n%s\n%s\n\n' \
    '*** THE TESTS WITH THE SDKS OF SEGMENT AND RUDDERSTACK ARE LEFT OUT ***' \
    '*** They could not be installed: is the Python package index out of reach? ***' >&2
