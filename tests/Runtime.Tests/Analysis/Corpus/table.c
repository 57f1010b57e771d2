/* CPUID and XGETBV by hand, and a table of kernels in data, as OpenBLAS has. */
#include <cpuid.h>
#include "kernels.inc"
KERNEL(avx2, "avx2,fma") KERNEL(avx512, "avx512f")
typedef void (*kernel)(double *, const double *, double, int);
struct table { const char *name; kernel run; };
static struct table of_plain = {"plain", plain}, of_avx2 = {"avx2", avx2}, of_avx512 = {"avx512", avx512};
struct table *chosen = &of_plain;
static unsigned long long xcr0(void) { unsigned lo, hi; __asm__ volatile("xgetbv" : "=a"(lo), "=d"(hi) : "c"(0)); return lo | ((unsigned long long)hi << 32); }
__attribute__((constructor)) static void choose(void)
{
    unsigned A, B, C, D;
    __cpuid(1, A, B, C, D);
    int osxsave = C >> 27 & 1, fma = C >> 12 & 1;
    unsigned long long enabled = osxsave ? xcr0() : 0;
    if (!__get_cpuid_count(7, 0, &A, &B, &C, &D)) return;
    if ((enabled & 6) == 6 && fma && (B >> 5 & 1)) chosen = &of_avx2;
    if ((enabled & 0xe6) == 0xe6 && (B >> 16 & 1)) chosen = &of_avx512;
}
int main(void) { FILL chosen->run(a, b, 2, N); PRINT }
