#!/usr/bin/env bash
# Format, warnings of the C parts, and the rules of the house. Prints every finding; exits 1 when there is one.
set -uo pipefail
cd "$(dirname "$0")/.."

failures=0
check() {
    local title=$1
    shift
    local output
    if output=$("$@" 2>&1); then
        printf 'ok    %s\n' "$title"
    else
        failures=$((failures + 1))
        printf 'FAIL  %s\n' "$title"
        printf '%s\n' "$output" | sed 's/^/      /'
    fi
}

# Fails when the pattern occurs; prints where. Arguments: pattern, then folders.
forbid() {
    local pattern=$1
    shift
    ! grep -rnP --include='*.swift' "$pattern" "$@"
}

swift_format() { swift format lint --strict --parallel --recursive --configuration .swift-format Sources Tests Package.swift; }

# Without comments and string literals, so that prose about `try!` is not taken for code.
unsafe_swift() {
    local found=0 file
    while IFS= read -r -d '' file; do
        sed -E 's/"([^"\\]|\\.)*"//g; s@//.*$@@' "$file" |
            grep -nP '\btry!|\bas!|\bfatalError\b|[\w)\]"]!(?![=\w])(?=[\s.,)\]:;\[(]|$)' | sed "s@^@$file:@" && found=1
    done < <(find Sources -name '*.swift' -print0)
    return $found
}

long_plugin_files() {
    local found=0 file lines
    while IFS= read -r file; do
        lines=$(wc -l <"$file")
        if ((lines > 450)); then
            echo "$file: $lines lines; 450 are allowed"
            found=1
        fi
    done < <(find Plugins Sources -name '*.[ch]' -type f)
    return $found
}

compile_c() {
    local compiler=$1 scratch file folder flags status=0
    scratch=$(mktemp -d)
    flags=(-std=gnu17 -O2 -fPIC -Wall -Wextra -Werror -Iplugin-sdk/include -c -o "$scratch/object.o")
    for folder in Plugins/*/; do
        [[ -f $folder/manifest.json ]] || continue
        mkdir -p "$scratch/$folder"
        make -s -C "$folder" -f "$PWD/plugin-sdk/plugin.mk" OUT="$scratch/$folder" "$scratch/$folder/manifest.h" PLUGIN=lint || status=1
        for file in "$folder"*.c; do
            "$compiler" "${flags[@]}" -I"$scratch/$folder" $(pkg-config --cflags jansson) "$file" || status=1
        done
    done
    for file in Sources/CRelaisHost/*.c Sources/relais-plugin-host/*.c plugin-sdk/abi/*.c; do
        "$compiler" "${flags[@]}" -ISources/CRelaisHost -ISources/CRelaisHost/include "$file" || status=1
    done
    rm -rf "$scratch"
    return $status
}

# Absolute paths of somebody's machine, and paths that leave the repository.
foreign_paths() {
    ! grep -rnIE --exclude-dir=.git --exclude-dir=.build --exclude-dir=dist --exclude=lint.sh \
        -e '(^|[^A-Za-z0-9_.<>])/((home|Users|root|work)/[A-Za-z0-9_]|opt/swift)' \
        -e '\.\./shared/' . --include='*.swift' --include='*.[ch]' --include='*.sh' --include='*.mk' --include='Makefile' \
        --include='*.yaml' --include='*.json' --include='*.md'
}

whitespace() { ! grep -rnIE --exclude-dir=.git --exclude-dir=.build --exclude-dir=dist '[[:blank:]]+$' scripts .ci Makefile plugin-sdk Plugins; }

shell_syntax() {
    local file status=0
    for file in scripts/*.sh .ci/run; do
        bash -n "$file" || status=1
        [[ -x $file ]] || { echo "$file is not executable" && status=1; }
    done
    return $status
}

check "swift format" swift_format
check "no force unwrap, try!, as!, fatalError in Sources" unsafe_swift
check "no print in modules" forbid '^\s*print\(' Sources --exclude-dir=relais --exclude-dir=relais-bench
for compiler in gcc clang; do
    command -v "$compiler" >/dev/null && check "C without warnings ($compiler)" compile_c "$compiler"
done
check "C files of at most 450 lines" long_plugin_files
check "no path outside of the repository" foreign_paths
check "shell scripts parse" shell_syntax
check "no trailing blanks" whitespace

if ((failures)); then
    printf '%d of the checks failed\n' "$failures" >&2
    exit 1
fi
