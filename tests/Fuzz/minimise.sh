#!/bin/sh
# minimise.sh TARGET…: of what fuzzing found (artifacts/fuzz/TARGET/queue) and of what is kept, the fewest inputs that take the same branches, each at
# most 4 KiB, become tests/Fuzz/corpus/TARGET. What was kept under a name of its own (a fault that was mended, a seed of a foreign format) stays.
set -eu
cd "$(dirname "$0")/../.."
program=$PWD/artifacts/fuzz/bin/Provenance.Fuzz.dll
export AFL_SKIP_BIN_CHECK=1 AFL_MAP_SIZE=65536 AFL_FORKSRV_INIT_TMOUT=120000 AFL_ALLOW_TMP=1
for target; do
  work=$(mktemp -d)
  trap 'rm -rf "$work"' EXIT
  mkdir -p "$work/in" "tests/Fuzz/corpus/$target"
  find "artifacts/fuzz/$target/queue" "tests/Fuzz/corpus/$target" -type f -size -5k -exec cp {} "$work/in/" \;
  dotnet "$program" seeds "$target" "$work/in"
  afl-cmin -m none -t 20000 -i "$work/in" -o "$work/out" -- dotnet "$program" target "$target" >"$work/log" 2>&1 || { cat "$work/log"; exit 1; }
  find "tests/Fuzz/corpus/$target" -type f -regex '.*/[0-9a-f]*' -delete
  # Small ones first, until there is enough for one target.
  total=0
  for file in $(find "$work/out" -type f -printf '%s %p\n' | sort -n | cut -d' ' -f2); do
    total=$((total + $(stat -c %s "$file")))
    [ "$total" -le 49152 ] || break
    cp "$file" "tests/Fuzz/corpus/$target/$(sha256sum "$file" | cut -c1-16)"
  done
  echo "$target: $(ls "$work/in" | wc -l) inputs, $(ls "tests/Fuzz/corpus/$target" | wc -l) kept"
  rm -rf "$work"
done
