#!/bin/sh
# Builds the corpus: build.sh SOURCES TARGET. Each case is a folder TARGET/CASE with the program `main`; what it opens stands in `opened`.
# Compilers that are not installed are passed over.
set -eu
S=$1
T=$2
has() { command -v "$1" >/dev/null 2>&1; }
# make CASE COMPILER ARGUMENTS…: the program of one case
make() { target="$T/$1/main"; mkdir -p "$T/$1"; shift; "$@" -w -o "$target"; }
O=-O3
for level in v1 v2 v3 v4; do
  march=-march=x86-64$([ $level = v1 ] || echo "-$level")
  make kernels-$level gcc $O $march "$S/kernels.c"
  make kernels-$level-static gcc $O $march -static "$S/kernels.c"
  make kernels-$level-stripped gcc $O -s $march "$S/kernels.c"
  ! has clang || make kernels-$level-clang clang $O $march "$S/kernels.c"
  ! has gfortran || make sums-$level gfortran $O $march "$S/sums.f90"
  ! has go || { mkdir -p "$T/sums-$level-go"; CGO_ENABLED=0 GOFLAGS=-mod=mod GOCACHE="$T/.go" GOAMD64=$level go build -o "$T/sums-$level-go/main" "$S/sums.go"; }
done
make kernels-haswell gcc $O -march=haswell "$S/kernels.c"
make kernels-v3-pie-static gcc $O -march=x86-64-v3 -static-pie "$S/kernels.c"
make marked-v3 gcc $O -march=x86-64-v3 -Wl,-z,x86-64-v3 "$S/kernels.c"
make marked-v3-static gcc $O -march=x86-64-v3 -static -Wl,-z,x86-64-v3 "$S/kernels.c"
make mismarked-v3 gcc $O -march=x86-64 -Wl,-z,x86-64-v3 "$S/kernels.c"
for case in clones clones2 supports table weakcheck rare zeroes jit; do
  make $case gcc $O "$S/$case.c"
  make $case-stripped gcc $O -s "$S/$case.c"
  make $case-static gcc $O -static "$S/$case.c"
done
for case in supports table weakcheck; do ! has clang || make $case-clang clang $O "$S/$case.c"; done
make jit-guarded gcc $O -DGUARD "$S/jit.c"
make lzcnt gcc $O -mlzcnt "$S/zeroes.c"
make lzcnt-static gcc $O -mlzcnt -s -static "$S/zeroes.c"
if has g++; then
  g++ -w $O -mavx2 -mfma -c "$S/initialiser_avx2.cpp" -o "$T/initialiser_avx2.o"
  make initialiser g++ $O "$S/initialiser.cpp" "$T/initialiser_avx2.o"
  make initialiser-static g++ $O -static -s "$S/initialiser.cpp" "$T/initialiser_avx2.o"
  g++ -w $O -mavx2 -mfma -c "$S/shared_avx2.cpp" -o "$T/shared_avx2.o"
  make shared-wrong g++ $O "$T/shared_avx2.o" "$S/shared.cpp"
  make shared-right g++ $O "$S/shared.cpp" "$T/shared_avx2.o"
  make shared-virtual-wrong g++ $O -DVIRTUAL "$T/shared_avx2.o" "$S/shared.cpp"
  make shared-virtual-right g++ $O -DVIRTUAL "$S/shared.cpp" "$T/shared_avx2.o"
fi
for level in v3 v4; do
  mkdir -p "$T/library-$level"
  gcc -w $O -march=x86-64-$level -shared -fPIC "$S/library.c" -o "$T/library-$level/libwork.so"
  make library-$level gcc $O "$S/calls.c" "-L$T/library-$level" -lwork '-Wl,-rpath,$ORIGIN'
done
mkdir -p "$T/hwcaps/glibc-hwcaps/x86-64-v3" "$T/hwcaps/glibc-hwcaps/x86-64-v4"
gcc -w $O -shared -fPIC "$S/library.c" -o "$T/hwcaps/libwork.so"
for level in v3 v4; do gcc -w $O -march=x86-64-$level -shared -fPIC "$S/library.c" -o "$T/hwcaps/glibc-hwcaps/x86-64-$level/libwork.so"; done
make hwcaps gcc $O "$S/calls.c" "-L$T/hwcaps" -lwork '-Wl,-rpath,$ORIGIN'
for case in opens opens-guarded; do
  mkdir -p "$T/$case"
  gcc -w $O -march=x86-64-v3 -shared -fPIC "$S/library.c" -o "$T/$case/libv3.so"
  gcc -w $O -shared -fPIC "$S/library.c" -o "$T/$case/libv1.so"
  echo libv3.so > "$T/$case/opened"
done
make opens gcc $O "$S/opens.c" -ldl
make opens-guarded gcc $O -DGUARD "$S/opens.c" -ldl
for case in told told-wrong; do
  mkdir -p "$T/$case"
  gcc -w $O -DASKS -shared -fPIC "$S/told.c" -o "$T/$case/libasks.so"
  gcc -w $O -DFAST -mavx2 -shared -fPIC "$S/told.c" -o "$T/$case/libfast.so"
  gcc -w $O -DDECIDES -shared -fPIC "$S/told.c" -o "$T/$case/libdecides.so" "-L$T/$case" -lasks -lfast '-Wl,-rpath,$ORIGIN'
  make $case gcc $O $([ $case = told ] || echo -DWRONG) "$S/told.c" "-L$T/$case" -ldecides -lfast '-Wl,-rpath,$ORIGIN' "-Wl,-rpath-link,$T/$case"
done
# Numeric libraries that choose by processor: what they return is looked at for being right, since its last digits differ.
for library in openblas blis fftw3 zstd crypto; do
  ! echo 'int main(void){return 0;}' | gcc -x c - -l$library -o "$T/try" 2>/dev/null || make numeric-$library gcc $O -D$library "$S/numeric.c" -l$library -lm
done
! [ -e /usr/lib/x86_64-linux-gnu/libfftw3.a ] || make numeric-fftw3-static gcc $O -Dfftw3 -static "$S/numeric.c" -lfftw3 -lm
! has musl-gcc || for level in v1 v3; do
  make kernels-$level-musl musl-gcc $O $march "-march=x86-64$([ $level = v1 ] || echo "-$level")" -static "$S/kernels.c"
done
! has rustc || for level in v1 v2 v3 v4; do
  mkdir -p "$T/sums-$level-rust"
  rustc -O -C target-cpu=x86-64$([ $level = v1 ] || echo "-$level") "$S/sums.rs" -o "$T/sums-$level-rust/main" 2>/dev/null
done
! has rustc || make_rust_guarded() { mkdir -p "$T/guarded-rust"; rustc -O "$S/guarded.rs" -o "$T/guarded-rust/main" 2>/dev/null; }
! has rustc || make_rust_guarded
rm -f "$T"/*.o "$T/try"
