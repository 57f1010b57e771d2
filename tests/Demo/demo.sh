#!/bin/sh
# The main job on real input: import an image, run and record, look, verify, replay, and be refused on the wrong CPU.
#   demo.sh PROV
# Everything it makes is under tests/.cache/demo; the Debian image is kept there for the next time.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
prov=$(realpath "$1")
cache="$(dirname "$here")/.cache/demo"
image="$cache/debian-sci.tar"
work="$cache/work"
PROV_ARCHIVE="$cache/archive"
export PROV_ARCHIVE
PATH="$(dirname "$prov"):$PATH"

say() { printf '\n\033[1m# %s\033[0m\n' "$*"; }
show() { printf '\033[1m$ %s\033[0m\n' "$*"; "$@"; }

# expect STATUS COMMAND…: shows it, and stops the demonstration when it ends otherwise.
expect() {
  want=$1
  shift
  got=0
  show "$@" || got=$?
  [ "$got" -eq "$want" ] || { echo "demo: exit status $got, expected $want" >&2; exit 1; }
  [ "$want" -eq 0 ] || echo "(exit status $got, as it should be)"
}

last_run() { prov log -n 1 -q; }

mkdir -p "$cache"
if [ ! -f "$image" ]; then
  say 'A Debian image with numpy, scipy, samtools and bcftools (made once, by mmdebstrap)'
  # As an ordinary user it wants a range of ids of its own; who has none needs root for this one step.
  as=
  [ "$(id -u)" -eq 0 ] || { command -v newuidmap >/dev/null && grep -q "^$(id -un):" /etc/subuid 2>/dev/null; } || as=sudo
  sources=$(ls /etc/apt/sources.list.d/debian.sources /etc/apt/sources.list 2>/dev/null | head -n 1)
  $as mmdebstrap --variant=minbase --include=python3-numpy,python3-scipy,samtools,bcftools,samtools-test \
    "$(. /etc/os-release && echo "$VERSION_CODENAME")" - ${sources:+"$sources"} >"$cache/part.tar"
  mv "$cache/part.tar" "$image"
fi

rm -rf "$work" "$PROV_ARCHIVE"
mkdir -p "$work"
cp "$here/fft.py" "$here/variants.sh" "$here/now.py" "$here/rms.c" "$work"
cd "$work"

say 'Import it: every byte hashed, unpacked, a signed image record beside it'
expect 0 prov image import "$image" --name debian-sci
expect 0 prov image list

say 'Real input: an electrocardiogram that SciPy ships, reads of the 1000 Genomes Project that samtools ships'
expect 0 prov run debian-sci -- python3 -W ignore -c \
  'import numpy, scipy.misc; numpy.savetxt("ecg.csv", scipy.misc.electrocardiogram()[:36000], "%.6f")'
expect 0 prov run debian-sci -- sh -c 'cp /usr/share/samtools/test/dat/mpileup.[123].sam /usr/share/samtools/test/dat/mpileup.ref.fa .'

say 'Run and record: no root, no daemon'
expect 0 prov run --record debian-sci -- python3 fft.py
fft=$(last_run)
expect 0 prov run --record debian-sci -- sh variants.sh
variants=$(last_run)

say 'Look at it, and verify it'
expect 0 prov show "$fft"
expect 0 prov verify "$fft"

say 'The same signature with openssl alone'
expect 0 prov show "$fft" --export "$cache/record"
expect 0 openssl cms -verify -cades -binary -inform DER -in "$cache/record/statement.p7s" \
  -content "$cache/record/statement.json" -CAfile "$cache/record/signer.pem" -out /dev/null

say 'Years later: replay, told beforehand whether this machine can, afterwards whether the result is the same'
expect 0 prov replay "$fft"
expect 0 prov replay "$variants"

say 'A job that writes the time does not reproduce, and prov says where'
expect 0 prov run --record debian-sci -- python3 now.py
expect 1 prov replay "$(last_run)"

nehalem="$(dirname "$here")/Archive.Tests/Compatibility/Hosts/nehalem.json"
say 'On a CPU of 2008: NumPy chooses its code by processor, so it runs; its last digits may differ, and that is said beforehand'
expect 0 prov check "$fft" --host "$nehalem"
if grep -qw avx2 /proc/cpuinfo; then
  say 'A program built for the CPUs of today is refused there, with the missing features by name'
  expect 0 clang -O3 -ffast-math -march=x86-64-v3 rms.c -lm -o rms
  expect 0 prov run --record debian-sci -- sh -c './rms < ecg.csv'
  expect 3 prov check "$(last_run)" --host "$nehalem"
fi

say 'Who made this file?'
expect 0 prov find "$work/spectrum.npy"
say "That was all. The archive is $PROV_ARCHIVE; skopeo reads it too: skopeo inspect oci:$PROV_ARCHIVE:debian-sci"
