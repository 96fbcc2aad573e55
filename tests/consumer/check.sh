#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Builds and runs the consumer projects.
#   check.sh installed BUILD_DIR   installs that build, moves it elsewhere, and uses it through
#                                  find_package and pkg-config; a shared library is also checked
#                                  for symbols that should be hidden
#   check.sh subdirectory          uses the sources through FetchContent
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
work=$(mktemp -d "${TMPDIR:-/tmp}/segue-consumer.XXXXXX")
trap 'rm -rf "$work"' EXIT

quietly() { "$@" >"$work/log" 2>&1 || { cat "$work/log" >&2; exit 1; }; }

# run PROGRAM: the consumer opens an index that is not there, and must hear so.
run() {
  local message
  message=$("$@") || { echo "$* failed: $message" >&2; exit 1; }
  [[ $message == *"no such index"* ]] || { echo "unexpected message: $message" >&2; exit 1; }
}

check_symbols() {
  local strangers
  strangers=$(nm -D --defined-only --demangle "$1" | awk '$2 == "T" || $2 == "D" || $2 == "B"' |
    grep -v 'segue::' || true)
  [ -z "$strangers" ] || { echo "exported, but not ours: $strangers" >&2; exit 1; }
}

case ${1:-} in
  installed)
    quietly cmake --install "$2" --prefix "$work/first"
    mv "$work/first" "$work/moved"
    prefix=$work/moved
    libdir=$(dirname "$(find "$prefix" -name 'libsegue.*' | head -n 1)")
    quietly cmake -S "$here/find_package" -B "$work/find_package" -G Ninja \
      -DCMAKE_PREFIX_PATH="$prefix"
    quietly cmake --build "$work/find_package"
    run "$work/find_package/consumer"
    export PKG_CONFIG_PATH=$libdir/pkgconfig
    quietly bash "$here/pkg_config/build.sh" "$work/with_pkg_config"
    LD_LIBRARY_PATH=$libdir run "$work/with_pkg_config"
    [ ! -e "$libdir/libsegue.so" ] || check_symbols "$libdir/libsegue.so"
    echo "find_package and pkg-config work with $2"
    ;;
  subdirectory)
    launcher=()
    ! command -v ccache >/dev/null || launcher=(-DCMAKE_CXX_COMPILER_LAUNCHER=ccache)
    [ "${SEGUE_WERROR:-0}" != 1 ] || launcher+=(-DSEGUE_WERROR=ON)
    # Nothing is optimised: what is shown is that it builds, where there are no precompiled headers.
    quietly cmake -S "$here/subdirectory" -B "$work/build" -G Ninja -DCMAKE_BUILD_TYPE=Debug \
      -DCMAKE_CXX_FLAGS_DEBUG= "${launcher[@]}"
    quietly cmake --build "$work/build"
    run "$work/build/consumer"
    echo "FetchContent works"
    ;;
  *) sed -n 's/^# \{0,1\}//p' "${BASH_SOURCE[0]}" | sed -n 2,6p; exit 2 ;;
esac
