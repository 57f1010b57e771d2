#!/bin/sh
# Builds the corpus for arm64: build.sh SOURCES ROOT. Each case is ROOT/CASE/main; the libraries that all need stand in ROOT/lib already.
set -eu
S=$1
T=$2
CC=aarch64-linux-gnu-gcc
has() { command -v "$1" >/dev/null 2>&1; }
# make CASE COMPILER ARGUMENTS…: the program of one case
make() { target="$T/$1/main"; mkdir -p "$T/$1"; shift; "$@" -w -o "$target"; }
clang64() { clang --target=aarch64-linux-gnu -fuse-ld=lld "$@"; }
O=-O3
$CC -w -static -o "$T/hwcaps" "$S/hwcaps.c"
for march in armv8-a armv8.1-a+lse armv8.2-a+dotprod+fp16 armv8-a+crypto armv8.2-a+sve armv8.5-a+sve2 armv8.6-a+i8mm+bf16 armv8-a+crc+simd; do
  make kernels-$march $CC $O -march=$march "$S/kernels.c"
  make kernels-$march-static $CC $O -march=$march -static "$S/kernels.c"
  make kernels-$march-stripped $CC $O -s -march=$march "$S/kernels.c"
  ! has clang || make kernels-$march-clang clang64 $O -march=$march "$S/kernels.c"
done
for cpu in cortex-a53 cortex-a72 neoverse-n1 a64fx; do make kernels-$cpu $CC $O -mcpu=$cpu "$S/kernels.c"; done
make outline $CC $O -moutline-atomics "$S/kernels.c"
make outline-static $CC $O -moutline-atomics -static "$S/kernels.c"
make outline-stripped $CC $O -moutline-atomics -s "$S/kernels.c"
make inline $CC $O -mno-outline-atomics "$S/kernels.c"
make protected $CC $O -march=armv8-a -mbranch-protection=standard "$S/kernels.c"
$CC -w $O -mbranch-protection=standard -nostdlib -shared -fPIC "$S/library.c" -o "$T/protected/libmarked.so"
make protected-v8.3 $CC $O -march=armv8.3-a -mbranch-protection=standard "$S/kernels.c"
make protected-v8.3-static $CC $O -march=armv8.3-a -mbranch-protection=standard -static "$S/kernels.c"
make pie-static $CC $O -march=armv8.1-a+lse -static-pie "$S/kernels.c"
# one CASE ARCH INSTRUCTION
one() { for link in '' -static; do make $1$link $CC $O $link "-DARCH=\"$2\"" "-DTEXT=\"$3\"" "$S/instruction.c"; done; }
one crc32 armv8-a+crc 'crc32b w0, w0, w2'
one aes armv8-a+crypto 'aese v0.16b, v1.16b'
one pmull armv8-a+crypto 'pmull v0.1q, v1.1d, v2.1d'
one sha256 armv8-a+crypto 'sha256h q0, q1, v2.4s'
one rdm armv8.1-a 'sqrdmlah v0.4s, v1.4s, v2.4s'
one fp16 armv8.2-a+fp16 'fadd v0.8h, v1.8h, v2.8h'
one fp16-scalar armv8.2-a+fp16 'fadd h0, h1, h2'
one dotprod armv8.2-a+dotprod 'sdot v0.4s, v1.16b, v2.16b'
one fhm armv8.2-a+fp16fml 'fmlal v0.4s, v1.4h, v2.4h'
one sha3 armv8.2-a+sha3 'eor3 v0.16b, v1.16b, v2.16b, v0.16b'
one sm4 armv8.2-a+sm4 'sm4e v0.4s, v1.4s'
one fcma armv8.3-a 'fcadd v0.4s, v1.4s, v2.4s, 90'
one jscvt armv8.3-a 'fjcvtzs w0, d0'
one lrcpc armv8.3-a 'ldapr x0, [x1]'
one ilrcpc armv8.4-a 'ldapur x0, [x1, 8]'
one flagm armv8.4-a 'cfinv'
one flagm2 armv8.5-a 'axflag'
one frint armv8.5-a 'frint32z d0, d0'
one sb armv8.5-a 'sb'
one cas armv8.1-a 'cas x0, x2, [x1]'
one i8mm armv8.6-a+i8mm 'smmla v0.4s, v1.16b, v2.16b'
one bf16 armv8.6-a+bf16 'bfdot v0.4s, v1.8h, v2.8h'
one sve armv8.2-a+sve 'add z0.s, z1.s, z2.s'
one sve2 armv8.5-a+sve2 'saba z0.s, z1.s, z2.s'
one hint armv8.5-a 'bti c'
one neon armv8-a 'fadd v0.4s, v1.4s, v2.4s'
for case in guarded table ifunc probe initialiser jit; do
  make $case $CC $O "$S/$case.c"
  make $case-stripped $CC $O -s "$S/$case.c"
  make $case-static $CC $O -static "$S/$case.c"
done
for how in WRONG NONE ID INIT; do
  make guarded-$how $CC $O -D$how "$S/guarded.c"
  make guarded-$how-stripped $CC $O -s -D$how "$S/guarded.c"
  make guarded-$how-static $CC $O -static -D$how "$S/guarded.c"
done
make ifunc-wrong $CC $O -DWRONG "$S/ifunc.c"
make table-O2 $CC -O2 "$S/table.c"
make guarded-O2 $CC -O2 "$S/guarded.c"
for march in armv8-a armv8.2-a+sve; do
  mkdir -p "$T/library-$march"
  $CC -w $O -march=$march -shared -fPIC "$S/library.c" -o "$T/library-$march/libwork.so"
  make library-$march $CC $O "$S/calls.c" "-L$T/library-$march" -lwork '-Wl,-rpath,$ORIGIN'
done
if has clang; then
  clang64 $O -march=armv8.2-a+sve -c "$S/shared_sve.cpp" -o "$T/sve.o"
  clang64 $O -c "$S/shared.cpp" -o "$T/base.o"
  make shared-wrong clang64 "$T/sve.o" "$T/base.o"
  make shared-right clang64 "$T/base.o" "$T/sve.o"
  rm "$T/sve.o" "$T/base.o"
fi
