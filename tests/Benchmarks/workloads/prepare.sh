#!/bin/sh
# prepare.sh FOLDER: lays out the inputs of the recording benchmark, the same bytes every time.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
mkdir -p "$1"
cd "$1"
cp "$here"/spawn.sh "$here"/tar.sh "$here"/cpu.py "$here"/Makefile .

# 50 C files and a header that all of them read.
mkdir -p src
echo 'int part(int n);' >src/part.h
for i in $(seq 1 50); do
  printf '#include <stdio.h>\n#include <math.h>\n#include "part.h"\nint part%s(int n) { return n * %s + (int)sqrt(n); }\n' "$i" "$i" >"src/part$i.c"
done
printf '#include <stdio.h>\nint part1(int), part50(int);\nint main(void) { printf("%%d\\n", part1(3) + part50(4)); return 0; }\n' >src/main.c

# 20,000 files of 4 KiB.
[ -d small/199 ] || for d in $(seq 0 199); do
  mkdir -p "small/$d"
  seq "$d" 1000000 | head -c 409600 | split -b 4096 -a 3 -d - "small/$d/f"
done
