#!/usr/bin/env bash
# Tests scripts/dependencies.sh with stubs of swift, dpkg-query, apt-get, sudo and id in PATH.
set -uo pipefail
cd "$(dirname "$0")/.."

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
failures=0

# stub NAME BODY: a command of that name in this case's PATH.
stub() {
    printf '#!/bin/bash\n%s\n' "$2" >"$bin/$1"
    chmod +x "$bin/$1"
}

# A PATH that holds the ordinary tools and nothing that installs anything.
new_case() {
    name=$1
    bin=$scratch/case-$((++number))/bin
    state=$scratch/case-$number/state
    mkdir -p "$bin" "$state"
    local tool
    for tool in bash sed head tail mktemp rm cat grep; do
        printf '#!%s\nexec %s "$@"\n' "$BASH" "$(command -v "$tool")" >"$bin/$tool"
        chmod +x "$bin/$tool"
    done
    stub swift 'echo "Swift version 6.3.1 (swift-6.3.1-RELEASE)"'
    stub id 'echo 1000'
}
number=0

# dpkg-query that knows the packages named in $state/installed.
stub_dpkg() {
    printf '%s\n' "$@" >"$state/installed"
    stub dpkg-query "grep -qx -- \"\${*: -1}\" '$state/installed' && printf installed"
}

# apt-get that notes its arguments and installs what it is asked for, unless told to fail.
stub_apt() {
    stub apt-get "echo \"\$*\" >>'$state/apt'
$1
if [[ \$1 == install ]]; then for word in \"\$@\"; do [[ \$word == -* || \$word == install ]] || echo \"\$word\" >>'$state/installed'; done; fi"
}

# expect STATUS TEXT...: runs the script; the status and every text must be found.
expect() {
    local wanted=$1 output status text
    shift
    output=$(PATH=$bin "$BASH" scripts/dependencies.sh 2>&1 </dev/null)
    status=$?
    if [[ $status != "$wanted" ]]; then
        failures=$((failures + 1))
        printf 'FAIL  %s: exit status %s instead of %s\n%s\n' "$name" "$status" "$wanted" "$output"
        return
    fi
    for text in "$@"; do
        if [[ $output != *"$text"* ]]; then
            failures=$((failures + 1))
            printf 'FAIL  %s: nothing said of "%s"\n%s\n' "$name" "$text" "$output"
            return
        fi
    done
    printf 'ok    %s\n' "$name"
}

all=(gcc g++ make pkg-config libjansson-dev libcurl4-openssl-dev libphonenumber-dev libmaxminddb-dev libsqlite3-dev zlib1g-dev)
most=("${all[@]:0:6}" libmaxminddb-dev libsqlite3-dev zlib1g-dev)

new_case "everything is there"
stub_dpkg "${all[@]}"
expect 0

new_case "swift is missing"
rm "$bin/swift"
expect 1 "Swift is not installed" "6.2"

new_case "swift is too old"
stub swift 'echo "swift-driver version: 1.87.3 Apple Swift version 5.9.2 (swiftlang)"'
expect 1 "Swift 5.9 is too old" "6.2"

new_case "swift 6.10 is newer than 6.2"
stub swift 'echo "Swift version 6.10 (swift-6.10-RELEASE)"'
stub_dpkg "${all[@]}"
expect 0

new_case "a missing package is installed with sudo"
stub_dpkg "${most[@]}"
stub_apt ''
stub sudo '[[ $1 == -n ]] && exit 0; exec "$@"'
expect 0 "Installing:" "libphonenumber-dev" "Installed libphonenumber-dev."

new_case "root needs no sudo"
stub id 'echo 0'
stub_dpkg "${most[@]}"
stub_apt ''
expect 0 "Installed libphonenumber-dev."

new_case "old package lists are updated"
stub id 'echo 0'
stub_dpkg "${most[@]}"
stub_apt "if [[ \$1 == update ]]; then : >'$state/updated'; fi; if [[ \$1 == install && ! -e '$state/updated' ]]; then exit 100; fi"
expect 0 "updating" "Installed libphonenumber-dev."

new_case "no network"
stub id 'echo 0'
stub_dpkg "${most[@]}"
stub_apt 'echo "Temporary failure resolving deb.debian.org"; exit 100'
expect 1 "Temporary failure resolving" "network" "libphonenumber-dev" "normal forms of phone numbers"

new_case "no root and no sudo"
stub_dpkg "${most[@]}"
stub_apt ''
expect 1 "needs root" "no sudo" "apt-get install libphonenumber-dev"

new_case "sudo asks for a password and nobody is there"
stub_dpkg "${most[@]}"
stub_apt ''
stub sudo 'exit 1'
expect 1 "password" "apt-get install libphonenumber-dev"

new_case "no apt-get"
stub_dpkg "${most[@]}"
expect 1 "no apt-get" "libphonenumber-dev"

new_case "not a Debian system"
expect 1 "no dpkg" "gcc" "libphonenumber"

new_case "installing is switched off"
stub_dpkg "${most[@]}"
stub_apt ''
RELAIS_INSTALL=0 expect 1 "RELAIS_INSTALL=0" "libphonenumber-dev"

new_case "apt-get says it worked and it did not"
stub id 'echo 0'
stub_dpkg "${most[@]}"
stub apt-get 'exit 0'
expect 1 "reported success" "libphonenumber-dev"

((failures == 0)) || exit 1
