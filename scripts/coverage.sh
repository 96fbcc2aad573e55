#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Line coverage per folder from gcov's JSON-free text output: coverage.sh BUILD_DIR
# Counts each source line once, as covered if any object file ran it.
set -euo pipefail
dir=$(cd "$1" && pwd)
root=$PWD
work=$dir/gcov
rm -rf "$work"
mkdir -p "$work"
cd "$work"
find "$dir/engine" -name '*.gcda' -print0 |
  xargs -0 -r -n 20 gcov-12 --preserve-paths --relative-only --source-prefix "$root" >/dev/null 2>&1 || true
# In a .gcov file: "count:line:text"; "-" is no code, "#####" never ran.
awk -F: '
  FNR == 1 { file = "" }
  $2 + 0 == 0 && $3 == "Source" { file = $4; next }
  file ~ /^engine\// && $1 !~ /-/ {
    key = file ":" ($2 + 0)
    seen[key] = file
    if ($1 !~ /#####|=====/) ran[key] = 1
  }
  END {
    for (key in seen) {
      split(seen[key], part, "/")
      layer = part[2]
      ++lines[layer]; ++all
      if (key in ran) { ++hit[layer]; ++all_hit }
    }
    for (layer in lines)
      printf "%-10s %6d of %6d lines  %5.1f %%\n", layer, hit[layer], lines[layer],
             100 * hit[layer] / lines[layer] | "sort"
    close("sort")
    if (all) printf "%-10s %6d of %6d lines  %5.1f %%\n", "engine", all_hit, all, 100 * all_hit / all
  }' ./*.gcov
