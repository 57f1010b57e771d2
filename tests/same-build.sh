#!/bin/sh
# Builds this commit once more, in another folder, and compares the two programs byte by byte.
set -eu
cd "$(dirname "$0")/.."
there=$(mktemp -d)
trap 'rm -rf "$there"' EXIT
git clone -q . "$there/further/away"
make -C "$there/further/away" publish >"$there/log" 2>&1 || { tail -n 20 "$there/log"; exit 1; }
cmp out/prov "$there/further/away/out/prov"
