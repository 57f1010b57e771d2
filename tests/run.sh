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

passed=0 failed=0 skipped=0 unsteady=0
failures=$(mktemp)
trap 'rm -f "$failures"' EXIT

# The methods that failed in LOG, whole names, a theory's once.
failed_methods() {
  sed -nE 's/^ *(Provenance\.[A-Za-z0-9_.]+)(\(.*)? \[FAIL\]$/\1/p' "$1" | sort -u
}

# The script that failed in LOG, where it is one: the others need not run again with it.
failed_script() {
  scripts=$(sed -nE 's/^ *Provenance\..*\(script: "([a-z0-9-]+)".*\) \[FAIL\]$/\1/p' "$1" | sort -u)
  [ "$(echo "$scripts" | wc -l)" -ne 1 ] || echo "$scripts"
}

# Runs again, alone, what failed in LOG of PROJECT: 0 when all of it passes now. At most two methods a project: more is no accident.
passes_alone() {
  methods=$(failed_methods "$2")
  [ -n "$methods" ] && [ "$(echo "$methods" | wc -l)" -le 2 ] || return 1
  # shellcheck disable=SC2046 # names of methods have no blanks
  PROV_SCRIPT=$(failed_script "$2") dotnet run --no-build --project "$1" -- -noColor $(echo "$methods" | sed 's/^/-method /') >"$2.again" 2>&1
}
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
  # Tests share two processors with each other and with real programs. What fails among them and passes alone is told at the end, as what it is.
  if [ "$bad" -gt 0 ] && passes_alone "$project" "$log"; then
    echo "$name: $bad failed among the others and passed alone"
    unsteady=$((unsteady + bad))
    bad=0 status=0
  fi
  passed=$((passed + $(count Total) - bad - $(count Skipped) - $(count 'Not Run')))
  failed=$((failed + bad))
  skipped=$((skipped + $(count Skipped)))
  if [ "$status" -ne 0 ] && [ "$bad" -eq 0 ]; then
    failed=$((failed + 1))
    echo "$name ended with $status though no test failed" | tee -a "$failures"
  fi

  rm -f "$log" "$log.again"
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

# The same led by coverage, for seconds each.
echo '== fuzzing led by coverage'
FUZZ_BUILT=$built tests/Fuzz/run.sh 1
case $? in
  0) passed=$((passed + 1)) ;;
  3) skipped=$((skipped + 1)) ;;
  *)
    failed=$((failed + 1))
    echo 'fuzzing led by coverage failed: its output is above' >>"$failures"
    ;;
esac

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
  echo '== what failed, at the first try'
  head -n 200 "$failures"
fi

if [ "$unsteady" -gt 0 ]; then
  echo "$unsteady of those that passed did so only alone, at a second try: each is a fault to look for"
fi
echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" -eq 0 ]
