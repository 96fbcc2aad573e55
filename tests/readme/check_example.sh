#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# check_example.sh PROGRAM README: the example prints what the README says it prints.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
wanted=$(sed -n 's/^It prints `\(.*\)`\..*/\1/p' "$2")
cd "$work"
found=$("$1")
echo "found: $found"
echo "wanted: $wanted"
[ -n "$wanted" ] && [ "$found" = "$wanted" ]
