#!/usr/bin/env bash
# Checks that everything a build needs is here, and installs the Debian packages that are not.
#
#   scripts/dependencies.sh [PACKAGE…]   these too, for what only some work needs
#   RELAIS_INSTALL=0                     install nothing: only say what is missing
#
# Exit status: 0 all there, 1 something is missing (the message says what, and how to get it).
set -euo pipefail

readonly swift_major=6 swift_minor=2
packages=(gcc g++ make pkg-config libjansson-dev libcurl4-openssl-dev libphonenumber-dev libmaxminddb-dev libsqlite3-dev zlib1g-dev "$@")
readonly packages

say() { printf 'dependencies: %s\n' "$*" >&2; }

fail() {
    say "$@"
    exit 1
}

purpose() {
    case $1 in
    gcc | g++) echo "compilers of the plugins and of the C and C++ parts" ;;
    make | pkg-config) echo "build tools" ;;
    libjansson-dev) echo "JSON in plugins" ;;
    libcurl4-openssl-dev) echo "deliveries over HTTPS" ;;
    libphonenumber-dev) echo "normal forms of phone numbers" ;;
    libmaxminddb-dev) echo "where visitors are, from a MaxMind database" ;;
    libsqlite3-dev) echo "event log and state" ;;
    zlib1g-dev) echo "compressed requests" ;;
    python3 | python3-venv | chromium) echo "tests: a real browser, and published SDKs as clients" ;;
    curl | openssl) echo "tests: requests and certificates of a newcomer" ;;
    wrk | nginx-light) echo "load and yardstick of make bench" ;;
    esac
}

check_swift() {
    local version
    command -v swift >/dev/null ||
        fail "Swift is not installed (or not in PATH). Relais needs Swift $swift_major.$swift_minor or later: https://www.swift.org/install/linux/"
    version=$(swift --version 2>/dev/null | sed -n 's/.*Swift version \([0-9][0-9]*\.[0-9][0-9]*\).*/\1/p' | head -n 1)
    [[ $version ]] || fail "\`swift --version\` does not say which version it is. Relais needs Swift $swift_major.$swift_minor or later."
    local major=${version%%.*} minor=${version#*.}
    if ((major < swift_major || (major == swift_major && minor < swift_minor))); then
        fail "Swift $version is too old. Relais needs Swift $swift_major.$swift_minor or later: https://www.swift.org/install/linux/"
    fi
}

is_installed() {
    [[ $(dpkg-query -W -f='${db:Status-Status}' "$1" 2>/dev/null) == installed ]]
}

list_missing() {
    local package
    for package in "${missing[@]}"; do say "  $package  ($(purpose "$package"))"; done
}

# $1: what stands in the way.
cannot_install() {
    say "$1"
    say "Missing packages:"
    list_missing
    fail "Install them by hand, then run this again: apt-get install ${missing[*]}"
}

check_without_dpkg() {
    local lacking=() name
    for name in gcc g++ make pkg-config; do command -v "$name" >/dev/null || lacking+=("$name"); done
    if command -v pkg-config >/dev/null; then
        for name in jansson libcurl libmaxminddb sqlite3 zlib; do pkg-config --exists "$name" || lacking+=("$name (headers)"); done
    fi
    ((${#lacking[@]} == 0)) && return
    say "This system has no dpkg, so nothing can be installed for you. Missing:"
    for name in "${lacking[@]}"; do say "  $name"; done
    fail "Install these, and libphonenumber with its headers, by your system's package manager. Debian calls the packages: ${packages[*]}"
}

run_as_root() {
    if [[ $(id -u) == 0 ]]; then
        "$@"
    else
        sudo "$@"
    fi
}

install_missing() {
    local log
    command -v apt-get >/dev/null || cannot_install "There is no apt-get on this system."
    [[ ${RELAIS_INSTALL:-1} != 0 ]] || cannot_install "RELAIS_INSTALL=0: nothing is installed."
    if [[ $(id -u) != 0 ]]; then
        command -v sudo >/dev/null || cannot_install "Installing packages needs root, and there is no sudo."
        if ! sudo -n true 2>/dev/null; then
            [[ -t 0 ]] || cannot_install "Installing packages needs root, and sudo asks for a password that nobody is here to type."
            say "sudo will ask for your password, to run: apt-get install ${missing[*]}"
        fi
    fi
    say "Installing:"
    list_missing
    log=$(mktemp)
    trap 'rm -f "$log"' RETURN
    export DEBIAN_FRONTEND=noninteractive
    if run_as_root apt-get install -y --no-install-recommends "${missing[@]}" >"$log" 2>&1; then return; fi
    say "The package lists may be old: updating them."
    if run_as_root apt-get update >>"$log" 2>&1 &&
        run_as_root apt-get install -y --no-install-recommends "${missing[@]}" >>"$log" 2>&1; then
        return
    fi
    tail -n 15 "$log" | sed 's/^/  apt-get: /' >&2
    cannot_install "apt-get could not install them: is there a network connection, and are the package sources right?"
}

check_swift
if ! command -v dpkg-query >/dev/null; then
    check_without_dpkg
    exit 0
fi
missing=()
for package in "${packages[@]}"; do is_installed "$package" || missing+=("$package"); done
if ((${#missing[@]})); then
    install_missing
    still=()
    for package in "${missing[@]}"; do is_installed "$package" || still+=("$package"); done
    if ((${#still[@]})); then
        missing=("${still[@]}")
        cannot_install "apt-get reported success, yet these are not installed."
    fi
    say "Installed ${missing[*]}."
fi
