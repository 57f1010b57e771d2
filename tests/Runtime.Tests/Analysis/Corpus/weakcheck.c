/* Asks for AVX and uses AVX2 and FMA, as numpy#27745 did one step higher. */
#include "kernels.inc"
KERNEL(avx2, "avx2,fma")
int main(void)
{
    FILL
    if (__builtin_cpu_supports("avx")) avx2(a, b, 2, N);
    else plain(a, b, 2, N);
    PRINT
}
