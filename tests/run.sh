#!/bin/sh
# Builds the tests, runs every project of the solution against out/prov, and ends with "N passed, N failed, N skipped".
set -u
cd "$(dirname "$0")/.."
PROV_BINARY="$PWD/out/prov"
export PROV_BINARY

# What steers numeric libraries decides what programs of this machine do on another processor: the tests ask the processor alone.
for name in $(env | sed -n 's/^\(\(OPENBLAS\|GOTO\|BLIS\|MKL\|NVPL\|NPY\|OMP\)_[A-Za-z0-9_]*\|GLIBC_TUNABLES\)=.*/\1/p'); do
  unset "$name"
done

dotnet build Provenance.sln --verbosity quiet || { echo '0 passed, 1 failed'; exit 1; }

passed=0 failed=0 skipped=0
failures=$(mktemp)
trap 'rm -f "$failures"' EXIT
for project in tests/*.Tests/*.csproj; do
  name=$(basename "$project" .csproj)
  log=$(mktemp)
  echo "== $name"
  dotnet run --no-build --project "$project" -- -noColor >"$log" 2>&1
  status=$?
  grep -E -A 12 '\[FAIL\]|\[SKIP\]' "$log" | head -n 300
  grep -A 12 '\[FAIL\]' "$log" >>"$failures"
  # The runner's own last line: Total: 20, Errors: 0, Failed: 0, Skipped: 0, Not Run: 0, Time: 0.239s
  summary=$(grep -E 'Total: [0-9]+, Errors: [0-9]+, Failed: [0-9]+, Skipped: [0-9]+' "$log" | tail -n 1)
  if [ -z "$summary" ]; then
    cat "$log"
    echo "$name gave no result (exit $status)" | tee -a "$failures"
    failed=$((failed + 1))
    continue
  fi

  count() { echo "$summary" | sed -E "s/.*$1: ([0-9]+).*/\1/"; }
  bad=$(($(count Errors) + $(count Failed)))
  passed=$((passed + $(count Total) - bad - $(count Skipped) - $(count 'Not Run')))
  failed=$((failed + bad))
  skipped=$((skipped + $(count Skipped)))
  if [ "$status" -ne 0 ] && [ "$bad" -eq 0 ]; then
    failed=$((failed + 1))
    echo "$name ended with $status though no test failed" | tee -a "$failures"
  fi

  rm -f "$log"
done

# Every parser of what arrives, for a second each property: about a minute. For longer there is 'make fuzz'.
echo '== fuzzing'
built=release
[ ! -x artifacts/bin/Archive.Tests/debug/Provenance.Archive.Tests ] || built=debug
if FUZZ_BUILT=$built tests/fuzz.sh 1; then
  passed=$((passed + 1))
else
  failed=$((failed + 1))
  echo 'fuzzing failed: its output is above' >>"$failures"
fi

# Two builds of one commit are one program: only with PROV_LONG, since it builds once more; a changed tree has nothing to compare with.
if [ "${PROV_LONG:-}" = 1 ]; then
  echo '== the program, built twice'
  if [ -n "$(git status --porcelain)" ]; then
    echo 'skipped: there are changes that are not committed'
    skipped=$((skipped + 1))
  elif tests/same-build.sh; then
    passed=$((passed + 1))
  else
    failed=$((failed + 1))
    echo 'the program built twice is not the same' >>"$failures"
  fi
fi

# What failed once more, where whoever sees only the end of a long output finds it.
if [ -s "$failures" ]; then
  echo '== what failed'
  head -n 200 "$failures"
fi

echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" -eq 0 ]
