#!/usr/bin/env bash
# Installs Relais as one tree that runs from wherever it is put, or removes it again:
#
#   PREFIX/bin/             relais, relais-plugin-host
#   PREFIX/plugins/         destinations (*.so); a plugin that is copied here is found
#   PREFIX/include/relais/  headers for plugins
#   PREFIX/lib/pkgconfig/   relais-plugin.pc
#   PREFIX/share/relais/    plugin.mk, examples, demo; share/doc/relais: documentation and licence
#
#   scripts/install.sh install BINARY DIST PREFIX [DESTDIR]
#   scripts/install.sh uninstall PREFIX [DESTDIR]
#
# BINARY is a built `relais`, DIST the folder that `make plugins` fills. What was installed is listed in
# share/relais/installed-files; uninstall removes these files and no others.
set -euo pipefail
cd "$(dirname "$0")/.."

fail() {
    printf 'install: %s\n' "$*" >&2
    exit 1
}

# put MODE SOURCE PLACE: a file at a place below the prefix.
put() {
    install -D -m "$1" "$2" "$root/$3"
    installed+=("$3")
}

# make_file PLACE: standard input as a file below the prefix.
make_file() {
    install -d -m 755 "$root/$(dirname "$1")"
    cat >"$root/$1"
    chmod 644 "$root/$1"
    installed+=("$1")
}

put_programs() {
    local file
    put 755 "$binary" bin/relais
    put 755 "$dist/bin/relais-plugin-host" bin/relais-plugin-host
    for file in "$dist"/plugins/*.so; do put 755 "$file" "plugins/$(basename "$file")"; done
    # The relay loads nothing out of a folder that others may write.
    chmod go-w "$root/plugins"
}

put_sdk() {
    local file
    for file in plugin-sdk/include/relais/*; do put 644 "$file" "include/relais/$(basename "$file")"; done
    put 644 plugin-sdk/plugin.mk share/relais/plugin.mk
    put 644 plugin-sdk/relais_plugin.map share/relais/relais_plugin.map
    while IFS= read -r file; do put 644 "plugin-sdk/$file" "share/relais/$file"; done < <(
        cd plugin-sdk
        for file in examples schema; do
            [[ ! -d $file ]] || find "$file" -type f ! -name '*.so' ! -name '*.o' ! -path '*/build/*' | sort
        done
    )
    make_file lib/pkgconfig/relais-plugin.pc <<'PC'
prefix=${pcfiledir}/../..
includedir=${prefix}/include
datadir=${prefix}/share/relais
plugindir=${prefix}/plugins
plugin_mk=${datadir}/plugin.mk

Name: relais-plugin
Description: Headers for destination plugins of Relais, ABI 1
Version: 1.0
Cflags: -I${includedir}
PC
}

put_documents() {
    local file
    for file in deploy/demo/*; do put 644 "$file" "share/relais/demo/$(basename "$file")"; done
    for file in LICENSE README.md CHANGELOG.md docs/*.md Plugins/*/README.md plugin-sdk/README.md; do
        put 644 "$file" "share/doc/relais/$file"
    done
}

put_completions() {
    make_file share/bash-completion/completions/relais < <("$binary" --generate-completion-script bash)
    make_file share/zsh/site-functions/_relais < <("$binary" --generate-completion-script zsh)
    make_file share/fish/vendor_completions.d/relais.fish < <("$binary" --generate-completion-script fish)
}

install_tree() {
    [[ -x $binary ]] || fail "$binary is no program; run: make build"
    [[ -x $dist/bin/relais-plugin-host ]] || fail "$dist is not complete; run: make plugins"
    put_programs
    put_sdk
    put_documents
    put_completions
    make_file share/relais/installed-files < <(printf '%s\n' "${installed[@]}" share/relais/installed-files)
    printf 'installed %s in %s\n' "$("$root/bin/relais" --version)" "$root"
}

uninstall_tree() {
    local list=$root/share/relais/installed-files file folder
    [[ -f $list ]] || fail "$root holds no installation: $list is missing"
    while IFS= read -r file; do
        [[ $file != /* && $file != *..* ]] || fail "$list names $file, which is not below $root"
        rm -f "$root/$file"
        folder=$(dirname "$file")
        while [[ $folder != . ]] && rmdir "$root/$folder" 2>/dev/null; do folder=$(dirname "$folder"); done
    done < <(sort -r "$list")
    printf 'removed what was installed in %s\n' "$root"
}

installed=()
case ${1:-} in
install)
    binary=${2:?} dist=${3:?} root=${5:-}${4:?}
    [[ $4 == /* ]] || fail "PREFIX must be an absolute path, not $4"
    install_tree
    ;;
uninstall)
    root=${3:-}${2:?}
    uninstall_tree
    ;;
*) fail "usage: scripts/install.sh install BINARY DIST PREFIX [DESTDIR] | uninstall PREFIX [DESTDIR]" ;;
esac
