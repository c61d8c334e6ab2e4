#!/usr/bin/env bash
# Throws mutated inputs at everything that reads what others wrote: the decoders, the record, the frames, the
# configuration, plugins' files, and each plugin's encode and classify. C is built with sanitizers.
#
#   FUZZ_SECONDS=60      for each target; FUZZ_RUNS=N: so many inputs instead
#   FUZZ=PATTERN         only targets whose names match (a bash pattern, for instance 'meta-*'); FUZZ=list prints the names
#   SEED=N               for the same inputs again; a new one otherwise
#   FUZZ_INPUT=FILE      run this one input, with FUZZ=NAME: what a fault left in .build/fuzz/faults
#   FUZZ_BINARY=FILE     a built relais-fuzz, in place of building it
#
# Exit status 1 when a target crashed, hung, took too much memory or broke a promise; its input is kept and named.
set -euo pipefail
cd "$(dirname "$0")/.."

readonly work=$PWD/.build/fuzz
readonly seed=${SEED:-$((RANDOM * 32768 + RANDOM))}
readonly cc=${CC:-cc}
readonly built=$work/${cc##*/}
flags=(-std=gnu17 -O1 -g -Wall -Wextra -Werror -Iplugin-sdk/include -ITests/Fuzz/Driver/include)
sanitizers=(-fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer)
coverage=-fsanitize-coverage=trace-pc

# A sanitizer's report ends with abort(), at which the driver keeps the input.
export ASAN_OPTIONS=abort_on_error=1:handle_abort=0:handle_segv=0:handle_sigbus=0:handle_sigfpe=0:handle_sigill=0
export UBSAN_OPTIONS=abort_on_error=1:print_stacktrace=1

plugins=()
for folder in Plugins/*/fixtures; do plugins+=("$(basename "$(dirname "$folder")")"); done

build_native() {
    local name
    mkdir -p "$built" "$work/libraries" "$work/faults"
    for name in driver mutate; do "$cc" "${flags[@]}" -c "Tests/Fuzz/Driver/$name.c" -o "$built/$name.o"; done
    "$cc" "${flags[@]}" "${sanitizers[@]}" -rdynamic $(pkg-config --cflags jansson) \
        Tests/Fuzz/Plugins/{plugin_fuzz,options,tree}.c Plugins/driver/{events,output,host}.c \
        "$built/driver.o" "$built/mutate.o" -o "$built/plugin-fuzz" $(pkg-config --libs jansson) -ldl
    "$cc" "${flags[@]}" "${sanitizers[@]}" $coverage -rdynamic -ISources/CRelaisHost -ISources/CRelaisHost/include \
        Tests/Fuzz/Plugins/{host_fuzz,options}.c Sources/CRelaisHost/*.c "$built/driver.o" "$built/mutate.o" \
        -o "$built/host-fuzz" -ldl
    for name in "${plugins[@]}"; do build_plugin "$name" "Plugins/$name"; done
    build_plugin webhook plugin-sdk/examples/c
    # For the reader of libraries: small, and nothing but what one has.
    "$cc" -shared -fPIC -Os -s -Iplugin-sdk/include Tests/RelaisPluginsTests/Fixtures/plugins/good.c \
        -o "$work/libraries/good.so"
}

# build_plugin ID FOLDER
build_plugin() {
    make -s -C "$2" -f "$PWD/plugin-sdk/plugin.mk" PLUGIN="$1" OUT="$built/$1" CC="$cc" SANITIZE=address,undefined \
        CFLAGS="-O1 -g $coverage"
}

targets() {
    local name
    "$swift_fuzz" --list yes
    printf '%s\n' host-init host-calls record-c
    for name in "${plugins[@]}"; do printf '%s\n' "$name-encode" "$name-classify"; done
}

# run_target NAME
run_target() {
    local options=(--seed "$seed" --artifacts "$work/faults") id=${1%-*}
    if [[ ${FUZZ_RUNS:-} ]]; then
        options+=(--runs "$FUZZ_RUNS")
    else
        options+=(--seconds "${FUZZ_SECONDS:-60}")
    fi
    [[ -z ${FUZZ_INPUT:-} ]] || options+=(--input "$FUZZ_INPUT")
    case $1 in
    host-* | record-c)
        "$built/host-fuzz" "${options[@]}" "$1" "$built/webhook/webhook.so" Tests/RelaisEventTests/Fixtures/record-v1.hex
        ;;
    *-encode | *-classify)
        "$built/plugin-fuzz" "${options[@]}" "$1" "$built/$id/$id.so" "Plugins/$id/fixtures"/*.json
        ;;
    *) "$swift_fuzz" --root "$PWD" "${options[@]}" "$1" ;;
    esac
}

swift_fuzz=${FUZZ_BINARY:-}
if [[ -z $swift_fuzz ]]; then
    swift build --product relais-fuzz
    swift_fuzz=$(swift build --show-bin-path)/relais-fuzz
fi
if [[ ${FUZZ:-} == list ]]; then
    targets
    exit
fi
build_native

failed=()
count=0
while IFS= read -r name; do
    # shellcheck disable=SC2053
    [[ $name == ${FUZZ:-*} ]] || continue
    count=$((count + 1))
    run_target "$name" </dev/null || failed+=("$name")
done < <(targets)
((count)) || {
    printf 'fuzz: no target is called %s; FUZZ=list prints the names\n' "$FUZZ" >&2
    exit 2
}
if ((${#failed[@]})); then
    printf 'fuzz: %d of %d targets failed: %s\n' "${#failed[@]}" "$count" "${failed[*]}" >&2
    printf 'fuzz: to run an input again: FUZZ=NAME FUZZ_INPUT=%s/NAME-… make fuzz\n' "$work/faults" >&2
    exit 1
fi
