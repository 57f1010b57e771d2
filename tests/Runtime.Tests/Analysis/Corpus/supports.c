/* Chooses by __builtin_cpu_supports, and is right. */
#include "kernels.inc"
KERNEL(avx2, "avx2,fma") KERNEL(avx512, "avx512f")
int main(void)
{
    FILL
    if (__builtin_cpu_supports("avx512f")) avx512(a, b, 2, N);
    else if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) avx2(a, b, 2, N);
    else plain(a, b, 2, N);
    PRINT
}
