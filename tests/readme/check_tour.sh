#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# check_tour.sh SEGUE TOUR: every line of the README's tour works, and the searches find what a
# reader would expect.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir "$work/bin"
ln -s "$1" "$work/bin/segue"
export PATH=$work/bin:$PATH
cd "$work"
bash -euo pipefail -x "$2" >out 2>err </dev/null || { cat err out; exit 1; }
cat out
grep -q 'Kind of Blue' out
grep -q '"total":{"value":1,"relation":"eq"}' out
segue search albums 'love' --json | grep -q '"key":"3"'
