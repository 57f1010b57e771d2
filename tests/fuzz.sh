#!/bin/sh
# fuzz.sh SECONDS [CLASS] (make fuzz-properties): every parser of what arrives, each for so long on all cores, by the property tests; memory is bounded to 500 MB of heap.
# A failure prints the seed that repeats it: CsCheck_Seed=… . With FUZZ_BUILT=debug or release nothing is built: those programs are run.
set -eu
seconds=$1
only=${2:-}
cd "$(dirname "$0")/.."
status=0
for project in Archive.Tests Runtime.Tests Web.Tests; do
  [ -n "${FUZZ_BUILT:-}" ] || dotnet build -c Release "tests/$project" --verbosity quiet
  program="artifacts/bin/$project/${FUZZ_BUILT:-release}/Provenance.$project"
  for class in $(grep -rl --include='*.cs' 'using CsCheck' "tests/$project" | xargs grep -l '\.Sample(' | xargs -n1 basename | sed 's/\.cs$//' | sort); do
    [ -z "$only" ] || [ "$class" = "$only" ] || continue
    printf '%s %s\n' "$project" "$class"
    CsCheck_Time=$seconds DOTNET_GCHeapHardLimit=0x1F400000 "$program" -noColor -class "*.$class" >artifacts/fuzz.log 2>&1 ||
      { status=1; cat artifacts/fuzz.log; }
  done
done
exit $status
