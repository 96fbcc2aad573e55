#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# demo.sh SEGUE [FILE]: indexes real documents and searches them. Without FILE these are the
# packages that this machine's package manager knows (name, section, synopsis and, where the lists
# are present, the long description); on a system without apt, its manual pages.
# SEGUE_DEMO_SMALL=1 stops before the shell, for automatic runs.
set -euo pipefail
segue=$(cd "$(dirname "$1")" && pwd)/$(basename "$1")
input=${2:-}
dir=build/demo
index=$dir/index
rm -rf "$dir"
mkdir -p "$dir"

say() { printf '\n\033[1m%s\033[0m\n' "$*"; }
# Shows a command as one would type it, and runs it.
show() {
  local word line='$ segue'
  for word in "$@"; do
    case $word in *[!A-Za-z0-9_./:-]*) word="'$word'" ;; esac
    line+=" $word"
  done
  printf '\033[2m%s\033[0m\n' "$line"
  "$segue" "$@"
}

# The package catalogue, and the lists of long descriptions, which the tool joins to it.
collect_packages() {
  command -v apt-cache >/dev/null || return 1
  if [ "$(apt-cache dumpavail 2>/dev/null | grep -c '^Package:')" -lt 1000 ]; then
    say "fetching the package lists"
    if [ "$(id -u)" = 0 ]; then apt-get update -qq || true
    elif command -v sudo >/dev/null; then sudo apt-get update -qq || true; fi
  fi
  apt-cache dumpavail >"$dir/packages"
  [ "$(grep -c '^Package:' "$dir/packages")" -ge 1000 ] || return 1
  local list
  : >"$dir/Translation-en"
  for list in /var/lib/apt/lists/*_i18n_Translation-en*; do
    [ -f "$list" ] || continue
    # Kept compressed on some systems; apt knows how to read its own files.
    /usr/lib/apt/apt-helper cat-file "$list" >>"$dir/Translation-en" 2>/dev/null || true
  done
}

# Manual pages as plain text files, mark-up roughly removed.
collect_manual() {
  local page name count=0
  mkdir -p "$dir/manual"
  for page in /usr/share/man/man[1-8]/*; do
    [ -f "$page" ] || continue
    name=${page##*/}
    case $page in *.gz) gzip -dc "$page" ;; *) cat "$page" ;; esac 2>/dev/null |
      sed -e '/^[.'\'']\\"/d' -e 's/^\.[A-Za-z]* *//' -e 's/\\f[A-Z]//g' -e 's/\\-/-/g' \
        >"$dir/manual/${name%.gz}.txt"
    count=$((count + 1))
  done
  [ "$count" -gt 0 ]
}

began=$EPOCHREALTIME
if [ -n "$input" ]; then
  [ -e "$input" ] || { echo "demo: no such file: $input" >&2; exit 1; }
  say "Indexing $input"
  show index "$index" "$input"
  queries=()
elif collect_packages; then
  say "Indexing $(grep -c '^Package:' "$dir/packages") packages of this machine's catalogue"
  show index "$index" --format debian "$dir/packages" "$dir/Translation-en"
  queries=('web server' '"text editor"' '+python +database -test' '+section:editors vim'
    'name:kernel^2 driver module' '(full text search engine)@3')
elif collect_manual; then
  say "Indexing the manual pages of this machine"
  show index "$index" --format text "$dir/manual"
  queries=('copy files' '"standard input"' '+signal +process -thread' '(print sorted list)@2'
    'regular expression^2 pattern' 'exit status')
else
  echo "demo: found neither a package catalogue nor manual pages; try ./run demo FILE" >&2
  exit 1
fi
ended=$EPOCHREALTIME
bytes=$(du -sb "$index" | cut -f1)
awk -v a="$began" -v b="$ended" -v bytes="$bytes" \
  'BEGIN {printf "%.1f s in all, with collecting the text; the index has %.1f MB\n", b - a, bytes / 1e6}'

say "What is in it"
show inspect "$index"
if [ "${#queries[@]}" -gt 0 ]; then
  say "Searching"
  for query in "${queries[@]}"; do show search "$index" "$query" -k 3; done
fi
say "Checking every byte"
show verify "$index"

if [ -t 0 ] && [ -t 1 ] && [ "${SEGUE_DEMO_SMALL:-0}" != 1 ]; then
  say "Your turn (.help shows the commands, .quit leaves)"
  exec "$segue" repl "$index"
fi
echo
echo "To go on: build/release/bin/segue repl $index"
