#!/bin/sh
# Start-up and import beside the peers, in one run on one machine; prints the tables of README.md.
#   run.sh PROV [startup|import|recording|ingest|log|analysis|assessment|pinning|following|hiding|web|pulls …]
# Run it as an ordinary user: rootless is the normal case, for the peers too.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
prov=$(realpath "$1")
shift
[ $# -gt 0 ] || set -- startup import
cache="${PROV_BENCH_CACHE:-$here/../.cache/bench}"
runs="${PROV_BENCH_RUNS:-40}"
mkdir -p "$cache"
cache=$(cd "$cache" && pwd)
PROV_ARCHIVE="$cache/archive"
# ch-run wants to know who runs it.
USER="${USER:-$(id -un)}"
export PROV_ARCHIVE USER

# The image of the demonstration, about 900 MB, as a plain tar, an OCI layout (gzip) and a docker-archive.
packings() {
  tar="$cache/debian-sci.tar"
  if [ ! -f "$tar" ]; then
    mmdebstrap --variant=minbase --include=python3-numpy,python3-scipy,samtools,bcftools,samtools-test \
      "$(. /etc/os-release && echo "$VERSION_CODENAME")" "$cache/part.tar"
    mv "$cache/part.tar" "$tar"
  fi

  if [ ! -f "$cache/sci.docker.tar" ]; then
    rm -rf "$cache/oci"
    umoci init --layout "$cache/oci"
    umoci new --image "$cache/oci:base"
    umoci raw add-layer --image "$cache/oci:base" --tag debian-sci "$tar"
    skopeo --insecure-policy copy -q "oci:$cache/oci:debian-sci" "docker-archive:$cache/part.tar:debian-sci:latest"
    mv "$cache/part.tar" "$cache/sci.docker.tar"
  fi
}

# table FIRST-COLUMN FILE.json: medians and their ratio to the first command.
table() {
  printf '| %s | median | min–max | ratio to the first |\n|---|---|---|---|\n' "$1"
  jq -r '.results[0].median as $first | .results[] |
    "| \(.command) | \(.median * 1000 * 10 | round / 10) ms | \(.min * 1000 * 10 | round / 10)–\(.max * 1000 * 10 | round / 10) | \(.median / $first * 100 | round / 100) |"' "$2"
  echo
}

# crun does not start in a hybrid cgroup hierarchy; runc does.
oci_runtime() {
  if [ -d /sys/fs/cgroup/unified ]; then echo runc; else echo crun; fi
}

startup() {
  packings
  "$prov" image import -q "$cache/debian-sci.tar" --name bench >/dev/null 2>&1 || true
  rootfs="$cache/rootfs"
  [ -d "$rootfs" ] || { mkdir "$rootfs" && tar -C "$rootfs" --exclude='./dev/*' -xf "$cache/debian-sci.tar"; }
  mkdir -p "$cache/oci-bundle" "$cache/empty"
  oci=$(oci_runtime)
  (cd "$cache/oci-bundle" && rm -f config.json && "$oci" spec --rootless &&
    jq --arg root "$rootfs" '.root.path = $root | .process.terminal = false | .process.args = ["/bin/true"]' config.json >c && mv c config.json)
  cd "$cache/empty"
  hyperfine --shell none --warmup 5 --runs "$runs" --ignore-failure --export-json "$cache/startup.json" --style none \
    --command-name 'ch-run' "ch-run $rootfs -- /bin/true" \
    --command-name '**prov run**' "$prov run bench -- /bin/true" \
    --command-name '**prov run --record**' "$prov run -q --record bench -- /bin/true" \
    --command-name 'bwrap (pid namespace, proc, dev)' \
    "bwrap --ro-bind $rootfs / --proc /proc --dev /dev --tmpfs /tmp --unshare-user --unshare-pid /bin/true" \
    --command-name "$oci run" "$oci --root $cache/oci-state run --bundle $cache/oci-bundle bench" \
    --command-name "podman run --rootfs ($oci)" \
    "podman --runtime $oci --cgroup-manager cgroupfs run --rm --network host --ulimit host --rootfs $rootfs /bin/true" >/dev/null
  jq -e '[.results[].exit_codes[]] | all(. == 0)' "$cache/startup.json" >/dev/null || echo '(a command failed: see startup.json)'
  table 'start to exit of /bin/true' "$cache/startup.json"
}

import() {
  packings
  cat >"$cache/podman.sh" <<EOF
#!/bin/sh
exec podman --root $cache/podman --runroot $cache/podman-run load -q -i $cache/sci.docker.tar
EOF
  cat >"$cache/umoci.sh" <<EOF
#!/bin/sh
skopeo --insecure-policy copy -q docker-archive:$cache/sci.docker.tar oci:$cache/u-oci:sci &&
  exec umoci unpack --rootless --image $cache/u-oci:sci $cache/u-bundle
EOF
  chmod +x "$cache/podman.sh" "$cache/umoci.sh"
  clean="chmod -R u+rwX $cache/u-bundle $cache/import-archive; rm -rf $cache/u-oci $cache/u-bundle $cache/import-archive; podman unshare rm -rf $cache/podman $cache/podman-run; true"
  hyperfine --runs "${PROV_BENCH_IMPORTS:-3}" --prepare "$clean" --export-json "$cache/import.json" --style none --ignore-failure \
    --command-name '**prov image import** (hashed, tree digest, unpacked)' \
    "env PROV_ARCHIVE=$cache/import-archive $prov image import $cache/sci.docker.tar --name sci -q" \
    --command-name 'podman load' "$cache/podman.sh" \
    --command-name 'skopeo copy + umoci unpack' "$cache/umoci.sh" >/dev/null
  sh -c "$clean" 2>/dev/null
  table 'docker-archive of 0.9 GB → ready to run' "$cache/import.json"
}

# What recording costs: each workload bare and under each recorder, and each recorder's own start-up (of true) to take off.
recording() {
  tools="$cache/tools.tar"
  if [ ! -f "$tools" ]; then
    mmdebstrap --variant=minbase --include=gcc,libc6-dev,make,python3-minimal "$(. /etc/os-release && echo "$VERSION_CODENAME")" "$cache/part.tar"
    mv "$cache/part.tar" "$tools"
  fi
  "$prov" image import -q "$tools" --name tools >/dev/null 2>&1 || true
  work="$cache/work"
  "$here/workloads/prepare.sh" "$work"
  mkdir -p "$cache/results"
  export GIT_AUTHOR_NAME=bench GIT_AUTHOR_EMAIL=bench@localhost GIT_COMMITTER_NAME=bench GIT_COMMITTER_EMAIL=bench@localhost
  # A dataset of the same files for datalad, which records a command by what changes in a repository.
  if [ ! -d "$cache/dataset/.datalad" ]; then
    datalad -l error create --no-annex --force "$cache/dataset" >/dev/null
    "$here/workloads/prepare.sh" "$cache/dataset"
    printf '*.o\nprogram\n' >"$cache/dataset/.gitignore"
    datalad -l error save -d "$cache/dataset" -m inputs >/dev/null
  fi
  measure true true
  measure spawn 'sh spawn.sh'
  measure make 'make -s program'
  measure tar 'sh tar.sh'
  measure cpu 'python3 cpu.py'
  "$here/ratios.py" "$cache/results" true spawn make tar cpu
}

# measure NAME COMMAND: bare, under prov and under each peer; the folder is made clean before each run.
measure() {
  cd "$work/$1"
  hyperfine --shell none --warmup 1 --runs "${PROV_BENCH_RECORDINGS:-7}" --ignore-failure --style none --export-json "$cache/results/$1.json" \
    --prepare "sh -c 'rm -rf $work/make/*.o $work/make/program $cache/dataset/make/*.o $cache/dataset/make/program $cache/reprozip $cache/care.tar; sync'" \
    --command-name 'bare' "$2" \
    --command-name 'prov run' "$prov run -q tools -- $2" \
    --command-name '**prov run --record**' "sh -c 'rm -f $PROV_ARCHIVE/cache/digests*; exec $prov run -q --record tools -- $2'" \
    --command-name '**prov run --record**, inputs hashed before' "$prov run -q --record tools -- $2" \
    --command-name '**prov run --record**, no image' "$prov run -q --record -- $2" \
    --command-name 'strace -f --seccomp-bpf (files, processes)' "strace -f --seccomp-bpf -e trace=%file,%process -o $cache/strace.txt $2" \
    --command-name 'strace -f' "strace -f -o $cache/strace.txt $2" \
    --command-name 'reprozip trace' "reprozip trace -d $cache/reprozip --overwrite $2" \
    --command-name 'proot' "proot $2" \
    --command-name 'care' "env PROOT_NO_SECCOMP=1 care -o $cache/care.tar $2" \
    --command-name 'datalad run' "sh -c 'cd $cache/dataset/$1 && datalad -l error run -d $cache/dataset -m bench \"$2\"'" >/dev/null
  cd "$cache"
}

# Records that wait, as many recorders leave them, into log and catalog: with every fsync, from build to catalog on this disk ($TMPDIR). PROV_BENCH_RECORDS=100000
# takes a quarter of an hour where 250 are signed in a second; PROV_BENCH_SECONDS ends it at the next 5,000, and what was done by then is told.
ingest() {
  project="$here/../Archive.Tests"
  dotnet build -c Release "$project" --verbosity quiet
  printf '| waiting records → log and catalog |\n|---|\n'
  PROV_BENCH_RECORDS="${PROV_BENCH_RECORDS:-20000}" PROV_BENCH_SECONDS="${PROV_BENCH_SECONDS:-1800}" dotnet run --no-build -c Release --project "$project" -- -noColor -class '*IngestBench' -showLiveOutput |
    sed -n 's/.*\[OUTPUT\] \(.*\)/| \1 |/p'
  echo
}

# Entries appended to a log and signed, proofs kept and verified, the log followed: every fsync of tiles and checkpoints included ($TMPDIR).
log() {
  project="$here/../Archive.Tests"
  dotnet build -c Release "$project" --verbosity quiet
  printf '| the log |\n|---|\n'
  PROV_BENCH_ENTRIES="${PROV_BENCH_ENTRIES:-100000}" dotnet run --no-build -c Release --project "$project" -- -noColor -class '*LogBench' -showLiveOutput |
    sed -n 's/.*\[OUTPUT\] \(.*\)/| \1 |/p'
  echo
}

# Machine code looked into, functions, dispatchers and reachability, on one core: the largest libraries that are installed.
analysis() {
  project="$here/../Runtime.Tests"
  dotnet build -c Release "$project" --verbosity quiet
  files=$(find /usr/lib -name '*.so*' -type f -size +1M -printf '%s %p\n' | sort -rn | head -n 8 | cut -d' ' -f2- | tr '\n' ':')
  printf '| file | code | time | |\n|---|---|---|---|\n'
  PROV_BENCH_FILES="$files" taskset -c 0 dotnet run --no-build -c Release --project "$project" -- -noColor -class '*AnalysisBench' -showLiveOutput |
    sed -n 's/.*\[OUTPUT\] \(.*\)/| \1 |/p'
  echo
}

# A recorded run assessed from its record alone, for this machine and for another: of a program of nothing, and of NumPy with all its libraries.
assessment() {
  packings
  "$prov" image import -q "$cache/debian-sci.tar" --name debian-sci >/dev/null 2>&1 || true
  mkdir -p "$cache/work" "$cache/results"
  cd "$cache/work"
  "$prov" run -q --record debian-sci -- true
  small=$("$prov" log -n 1 -q)
  # Twice: what there was no time to analyse beside the first is there in the second.
  for _ in 1 2; do "$prov" run -q --record debian-sci -- python3 -c 'import numpy, scipy.linalg; print(numpy.dot(numpy.ones(9), numpy.ones(9)))' >/dev/null; sleep 5; done
  large=$("$prov" log -n 1 -q)
  other="$here/../Archive.Tests/Compatibility/Hosts/nehalem.json"
  hyperfine --shell none --warmup 3 --runs "$runs" --ignore-failure --style none --export-json "$cache/results/assessment.json" \
    --command-name 'prov --version' "$prov --version" \
    --command-name 'prov check, /bin/true' "$prov check $small" \
    --command-name '**prov check**, NumPy and SciPy' "$prov check $large" \
    --command-name '**prov check --host**, NumPy and SciPy' "$prov check $large --host $other" >/dev/null
  table 'assessment of a recorded run' "$cache/results/assessment.json"
}

# What it costs to show a job another CPU, and to emulate it: this machine's own programs, as this one, as x86-64-v2, and by qemu.
pinning() {
  work="$cache/pinning"
  mkdir -p "$work"
  gcc -O2 -o "$work/threads" "$here/workloads/threads.c" -pthread
  gcc -O2 -o "$work/dgemm" "$here/workloads/dgemm.c" -lopenblas
  cd "$work"
  export OPENBLAS_NUM_THREADS=1
  for job in '/bin/true' './threads' './dgemm 300' './dgemm 2000'; do
    # An emulated multiplication of the large ones takes minutes.
    emulated=yes
    [ "$job" = './dgemm 2000' ] && emulated=
    hyperfine --shell none --warmup 1 --runs "${PROV_BENCH_PINNED:-15}" --style none --export-json "$cache/pinning.json" \
      --command-name 'prov run' "$prov run -- $job" \
      --command-name '**prov run --pin-cpu**' "$prov run --pin-cpu=v2 -- $job" \
      ${emulated:+--command-name '**prov run --emulate**' "$prov run --emulate=Nehalem -- $job"} >/dev/null
    table "$job" "$cache/pinning.json"
  done
  cd "$cache"
}

# What it costs a job that does not end by SIGILL that it would be explained: this program beside another build of it, $PROV_BENCH_OTHER, which
# does not follow jobs; each run is one of each, so that what disturbs the machine disturbs both.
following() {
  other=$(realpath "$PROV_BENCH_OTHER")
  work="$cache/work"
  "$here/workloads/prepare.sh" "$work"
  "$here/interleaved.py" "${PROV_BENCH_PAIRS:-40}" "$other run -q -- " "$prov run -q -- " \
    "$work/true:/bin/true" "$work/spawn:sh spawn.sh" "$work/tar:sh tar.sh"
}

# Whether the time of an answer tells that something is there which may not be read: twenty runs, ten of them private.
hiding() {
  work="$cache/hiding"
  rm -rf "$work"
  mkdir -p "$work/root/bin"
  cp /bin/busybox "$work/root/bin/busybox"
  ln -s busybox "$work/root/bin/sh"
  cd "$work"
  export PROV_ARCHIVE="$work/archive"
  "$prov" image import -q "$work/root" --name box >/dev/null
  for i in $(seq 20); do "$prov" run --record -q --keep all box -- sh -c "echo $i > out.txt" 2>/dev/null; done
  private=$("$prov" log --json -n 10 | jq -r '.[].id')
  # shellcheck disable=SC2086 # ten ids
  "$prov" access set private $private
  "$prov" serve --listen 127.0.0.1:0 --rate 0 2>"$work/serve.err" &
  server=$!
  while ! grep -q ' at http' "$work/serve.err"; do sleep 0.1; done
  url=$(sed -n 's/^prov: serving .* at //p' "$work/serve.err" | head -n 1)
  id=$(echo "$private" | sed -n 5p)
  made=$(echo 16 | sha256sum | cut -d' ' -f1)
  absent=$(echo nothing | sha256sum | cut -d' ' -f1)
  "$here/hiding.py" "$url" "${PROV_BENCH_ROUNDS:-2000}" <<END
run /runs/$id /runs/$absent
run_by_its_first_digits /runs/$(echo "$id" | cut -c1-12) /runs/$(echo "$absent" | cut -c1-12)
run_by_the_API /api/v1/runs/$id /api/v1/runs/$absent
record /runs/$id/record.json /runs/$absent/record.json
file /blobs/sha256:$made /blobs/sha256:$absent
look-up /lookup?q=$made /lookup?q=$absent
artifact /v2/prov/manifests/run-$id /v2/prov/manifests/run-$absent
END
  kill "$server"
  cd "$cache"
}

# An archive of a million runs, made once, and its server asked 200 times a second for pages and searches, each another one: every latency from the
# moment at which the request was due. See Million/. The archive takes about 4 GB below $PROV_BENCH_CACHE and half an hour.
web() {
  million="$cache/million"
  dotnet build -c Release "$here/Million" --verbosity quiet
  tool="$here/../../artifacts/bin/Million/release/Provenance.Million"
  if [ ! -f "$million/complete" ]; then
    rm -rf "$million"
    "$tool" make "$million" "${PROV_BENCH_MILLION:-1000000}" "${PROV_BENCH_WHOLE:-25000}" >&2
    touch "$million/complete"
  fi

  PROV_ARCHIVE="$million" "$prov" serve --listen 127.0.0.1:18080 --rate 0 2>"$cache/web.log" &
  server=$!
  trap 'kill $server 2>/dev/null' EXIT
  wait_for http://127.0.0.1:18080/stats
  "$tool" load "$million" http://127.0.0.1:18080/ "${PROV_BENCH_SECONDS:-60}" "${PROV_BENCH_RATE:-200}" "$server" ${PROV_BENCH_TOKEN:-}
  kill "$server"
  wait "$server" || true
  trap - EXIT
}

# Blobs pulled from this program and from Debian's docker-registry, by turns, eight at a time; who is first changes from round to round, and a round
# before them is not counted. docker-registry is given the cache that Debian's own configuration gives it.
pulls() {
  rounds="${PROV_BENCH_ROUNDS:-7}"
  for tool in docker-registry ab; do
    command -v "$tool" >/dev/null || { echo "$tool is not installed" >&2; return 1; }
  done
  work="$cache/pulls"
  rm -rf "$work"
  mkdir -p "$work/registry" "$work/archive"
  cat >"$work/registry.yml" <<EOF
version: 0.1
log: {level: error, accesslog: {disabled: true}}
storage: {filesystem: {rootdirectory: $work/registry}, cache: {blobdescriptor: inmemory}}
http: {addr: 127.0.0.1:18082}
EOF
  docker-registry serve "$work/registry.yml" >/dev/null 2>&1 &
  registry=$!
  PROV_ARCHIVE="$work/archive" "$prov" archive init >/dev/null 2>&1
  PROV_ARCHIVE="$work/archive" "$prov" serve --listen 127.0.0.1:18081 --rate 0 2>"$cache/web.log" &
  server=$!
  trap 'kill $server $registry 2>/dev/null' EXIT
  wait_for http://127.0.0.1:18081/healthz
  wait_for http://127.0.0.1:18082/v2/
  # Else another program has the address, and would be measured.
  kill -0 "$server" && kill -0 "$registry"
  printf '| blob | prov serve | docker-registry | ratio, median of %s rounds (min–max) | answers compared |\n|---|---|---|---|---|\n' "$rounds"
  for size in 1 10 100; do
    head -c "${size}M" /dev/urandom >"$work/blob"
    digest=$(sha256sum "$work/blob" | cut -d' ' -f1)
    place=$(curl -si -X POST http://127.0.0.1:18082/v2/bench/blobs/uploads/ | sed -n 's/^[Ll]ocation: //p' | tr -d '\r')
    curl -sf -X PUT -H 'Content-Type: application/octet-stream' --data-binary "@$work/blob" "$place&digest=sha256:$digest"
    mv "$work/blob" "$work/archive/blobs/sha256/$digest"
    same=yes
    for port in 18081 18082; do
      [ "$(curl -s "http://127.0.0.1:$port/v2/bench/blobs/sha256:$digest" | sha256sum | cut -d' ' -f1)" = "$digest" ] || same=NO
    done
    count=$((4000 / size))
    : >"$work/rates"
    for round in $(seq 0 "$rounds"); do
      if [ $((round % 2)) -eq 0 ]; then
        a=$(pull_rate 18081 "$digest" "$count") && b=$(pull_rate 18082 "$digest" "$count")
      else
        b=$(pull_rate 18082 "$digest" "$count") && a=$(pull_rate 18081 "$digest" "$count")
      fi
      [ "$round" -eq 0 ] || echo "$a $b" >>"$work/rates"
    done
    awk -v size="$size" -v same="$same" '
      { a[NR] = $1; b[NR] = $2; r[NR] = $1 / $2 }
      function middle(v, i, j, t, n) {
        n = NR
        for (i = 2; i <= n; i++) for (j = i; j > 1 && v[j] < v[j - 1]; j--) { t = v[j]; v[j] = v[j - 1]; v[j - 1] = t }
        return n % 2 ? v[(n + 1) / 2] : (v[n / 2] + v[n / 2 + 1]) / 2
      }
      END { m = middle(r); printf "| %d MB | %.0f MB/s | %.0f MB/s | %.2f (%.2f–%.2f) | %s |\n", size, middle(a), middle(b), m, r[1], r[NR], same }' "$work/rates"
  done
  kill "$server" "$registry"
  wait "$server" "$registry" || true
  trap - EXIT
  rm -rf "$work"
  echo
}

# pull_rate PORT DIGEST COUNT: megabytes a second, eight connections that are kept. Fails when an answer was none.
pull_rate() {
  ab -q -k -c 8 -n "$3" "http://127.0.0.1:$1/v2/bench/blobs/sha256:$2" | awk -v port="$1" '
    /^Failed requests:/ && $3 != 0 || /^Non-2xx/ { bad = 1 }
    /^Transfer rate:/ { rate = $3 * 1024 / 1e6 }
    END { if (bad || !rate) { print "pulls from port " port " failed" > "/dev/stderr"; exit 1 } printf "%.1f\n", rate }'
}

wait_for() {
  for _ in $(seq 600); do
    ! curl -sfo /dev/null "$1" || return 0
    sleep 0.1
  done
  echo "$1 does not answer" >&2
  return 1
}

printf 'Machine: %s, %s CPUs, Linux %s, %s\n\n' "$(sed -n 's/^model name.*: //p' /proc/cpuinfo | head -n 1)" "$(nproc)" "$(uname -r)" \
  "$(. /etc/os-release && echo "$PRETTY_NAME")"
for part in "$@"; do "$part"; done
