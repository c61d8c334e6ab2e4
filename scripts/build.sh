#!/usr/bin/env bash
# Builds the command in release mode and lays out a tree that runs from anywhere:
#   DIST/bin/relais  DIST/share/relais/demo/
# (`make plugins` puts bin/relais-plugin-host and plugins/*.so beside them.)
set -euo pipefail
cd "$(dirname "$0")/.."
dist=${1:?usage: scripts/build.sh DIST}

options=(-c release --product relais --static-swift-stdlib)
if ! swift build "${options[@]}"; then
    printf '%s\n' "build: it failed. When packages could not be fetched, this machine needs to reach github.com once." >&2
    exit 1
fi
binaries=$(swift build "${options[@]}" --show-bin-path)

install -d -m 755 "$dist/bin" "$dist/share/relais/demo"
install -m 755 "$binaries/relais" "$dist/bin/relais"
install -m 644 deploy/demo/* "$dist/share/relais/demo/"
printf 'built %s\n' "$dist/bin/relais"
