#!/bin/sh
# run.sh SECONDS [TARGET…]: coverage-guided fuzzing of every parser of what arrives, each for SECONDS of all processors; what is found is in artifacts/fuzz.
# With FUZZ_BUILT=debug or release nothing is built: that program is taken. Ends with 0 where nothing was found, with 3 where it cannot be done here.
set -eu
cd "$(dirname "$0")/../.."
[ -n "${FUZZ_BUILT:-}" ] || dotnet build -c Release tests/Fuzz --verbosity quiet
exec "artifacts/bin/Fuzz/${FUZZ_BUILT:-release}/Provenance.Fuzz" run "$@"
