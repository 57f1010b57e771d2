/* Compiled for one machine, and asks nothing. */
#include "kernels.inc"
WORK(work)
__attribute__((noinline)) static long count(long *at, long by) { return __atomic_fetch_add(at, by, __ATOMIC_SEQ_CST); }
int main(void)
{
    FILL
    long total = 1;
    for (int i = 0; i < 10; i++) count(&total, i);
    printf("%ld %lld\n", total, (long long)work(a, b, N));
}
