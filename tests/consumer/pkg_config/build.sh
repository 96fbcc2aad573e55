#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# An installed segue, found by pkg-config (PKG_CONFIG_PATH): build.sh OUTPUT
set -euo pipefail
here=$(dirname "${BASH_SOURCE[0]}")
read -ra cflags <<<"$(pkg-config --cflags segue)"
read -ra libs <<<"$(pkg-config --libs segue)"
g++ -std=c++20 "${cflags[@]}" "$here/../main.cc" -o "$1" "${libs[@]}"
