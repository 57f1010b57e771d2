#!/bin/sh
# prepare.sh FOLDER: lays out the inputs of the recording benchmark, a folder for each workload, the same bytes every time.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
mkdir -p "$1"
cd "$1"
mkdir -p true spawn make/src tar cpu
cp "$here"/spawn.sh spawn/
cp "$here"/Makefile make/
cp "$here"/tar.sh tar/
cp "$here"/cpu.py cpu/

# 50 C files and a header that all of them read.
echo 'int part(int n);' >make/src/part.h
for i in $(seq 1 50); do
  printf '#include <stdio.h>\n#include <math.h>\n#include "part.h"\nint part%s(int n) { return n * %s + (int)sqrt(n); }\n' "$i" "$i" >"make/src/part$i.c"
done
printf '#include <stdio.h>\nint part1(int), part50(int);\nint main(void) { printf("%%d\\n", part1(3) + part50(4)); return 0; }\n' >make/src/main.c

# 20,000 files of 4 KiB.
[ -d tar/small/199 ] || for d in $(seq 0 199); do
  mkdir -p "tar/small/$d"
  seq "$d" 1000000 | head -c 409600 | split -b 4096 -a 3 -d - "tar/small/$d/f"
done
